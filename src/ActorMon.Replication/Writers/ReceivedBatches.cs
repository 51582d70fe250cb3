using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorMon.Model.Ingest;

namespace ActorMon.Replication.Writers;

public enum BatchNumberVerdict
{
    /// <summary>Not here yet: to be written.</summary>
    New,

    /// <summary>Here already: accepted again without writing.</summary>
    Known,

    /// <summary>Too many gaps before it: refused, the sender sends the older ones first.</summary>
    TooFarAhead,
}

/// <summary>
/// Which batches a copy has, by writer. Numbers serve acknowledgement and finding gaps; correctness rests on the idempotent merge, so a forgotten writer costs work,
/// never data. Kept by the copy's single writer; rebuilt from its log. Not thread-safe.
/// </summary>
public sealed class ReceivedBatches
{
    /// <summary>Most ranges beyond the contiguous part that are kept for one writer.</summary>
    public const int MaxRanges = 1024;

    private readonly Dictionary<WriterId, WriterPosition> _positions = [];

    public int Writers => _positions.Count;

    public BatchNumberVerdict Check(WriterId writer, long number)
    {
        if (!_positions.TryGetValue(writer, out var position))
            return BatchNumberVerdict.New;
        if (position.Has(number))
            return BatchNumberVerdict.Known;
        return position.Beyond.Length >= MaxRanges && number > position.Highest + 1 ? BatchNumberVerdict.TooFarAhead : BatchNumberVerdict.New;
    }

    /// <summary>The batch is in the log.</summary>
    public void Add(WriterId writer, long number)
    {
        ref var position = ref CollectionsMarshal.GetValueRefOrAddDefault(_positions, writer, out _);
        position = (position ?? WriterPosition.None).Add(number);
    }

    public WriterPosition Of(WriterId writer) => _positions.GetValueOrDefault(writer, WriterPosition.None);

    /// <summary>What siblings exchange.</summary>
    public ImmutableDictionary<WriterId, WriterPosition> Snapshot() => _positions.ToImmutableDictionary();

    /// <summary>Everything a sibling had at these positions was merged.</summary>
    public void Union(IEnumerable<KeyValuePair<WriterId, WriterPosition>> merged)
    {
        foreach (var (writer, position) in merged)
            _positions[writer] = Of(writer).Union(position);
    }

    /// <summary>Batches that a sibling has and this copy lacks, at most <paramref name="maxRanges"/> ranges.</summary>
    public List<(WriterId Writer, NumberRange Range)> MissingOf(IEnumerable<KeyValuePair<WriterId, WriterPosition>> sibling, int maxRanges)
    {
        var missing = new List<(WriterId, NumberRange)>();
        foreach (var (writer, position) in sibling)
        {
            foreach (var range in Of(writer).MissingOf(position))
            {
                if (missing.Count == maxRanges)
                    return missing;
                missing.Add((writer, range));
            }
        }
        return missing;
    }

    /// <summary>Forgets writers whose life has ended and that the siblings, too, have to the same position: nothing of them is on its way that matters.</summary>
    /// <param name="isAlive">True for a writer that may still send.</param>
    public int Prune(Func<WriterId, bool> isAlive, IReadOnlyList<ImmutableDictionary<WriterId, WriterPosition>> siblings)
    {
        var ended = _positions.Where(p => !isAlive(p.Key) && siblings.All(s => !s.TryGetValue(p.Key, out var theirs) || p.Value.MissingOf(theirs).IsEmpty))
            .Select(p => p.Key).ToArray();
        foreach (var writer in ended)
            _positions.Remove(writer);
        return ended.Length;
    }
}

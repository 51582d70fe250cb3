using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Deletion;

namespace ActorMon.Tsdb;

/// <summary>What became of a change to a partition's deletions. <paramref name="Changed"/>: it concerned something here. <paramref name="Error"/>: why nothing was done.</summary>
public readonly record struct DeletionResult(bool Changed, string? Error);

/// <summary>Deletions: they hide at once; cut and compaction write what is left.</summary>
public sealed partial class PartitionStore
{
    private readonly DeletionLogFile _deletionFile;
    private DeletionMask _deletions;

    /// <summary>The deletions that are not rewritten yet. Any thread.</summary>
    public DeletionLog Deletions => Volatile.Read(ref _deletions).Log;

    /// <summary>
    /// Hides the samples of every series that matches any selector, with min &lt;= t &lt;= max as far as there are samples now. Durable and visible when this returns;
    /// nothing is remembered when nothing matches. Belongs to the writer thread.
    /// </summary>
    public DeletionResult Delete(Guid id, IReadOnlyList<IReadOnlyList<Matcher>> selectors, long min, long max)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var view = View;
        if (!Concerns(view, selectors, min, max))
            return new DeletionResult(false, null);
        return Change(new DeletionCommand.Delete(id, selectors, min, max, view.MinTime.Value, view.MaxTime.Value, _time.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    /// <summary>Shows again what a deletion hid and no rewrite has dropped. Belongs to the writer thread.</summary>
    public DeletionResult Undo(Guid id)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Change(new DeletionCommand.Undo(id));
    }

    /// <summary>
    /// Carries out one step of the cluster's deletions (<see cref="DeletionCommand.Follow"/>, <see cref="DeletionCommand.FollowUndo"/>, <see cref="DeletionCommand.Skip"/>), in
    /// their order; one that was followed already changes nothing. Durable and visible when this returns. Belongs to the writer thread.
    /// </summary>
    public DeletionResult Follow(DeletionCommand step)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Change(step is DeletionCommand.Follow follow ? follow with { Concerns = Concerns(View, follow.Selectors, follow.Min, follow.Max) } : step);
    }

    /// <summary>Times of the first and the last sample when a deletion would hide some; null: it would not. Any thread.</summary>
    public (long Oldest, long Newest)? WouldDelete(IReadOnlyList<IReadOnlyList<Matcher>> selectors, long min, long max)
    {
        var view = View;
        return Concerns(view, selectors, min, max) ? (view.MinTime.Value, view.MaxTime.Value) : null;
    }

    /// <summary>Deletions that hide samples here which may still be shown again. Any thread.</summary>
    public IEnumerable<SeriesDeletion> PendingDeletions()
    {
        var standing = Volatile.Read(ref _standing);
        return Deletions.Entries.Where(e => e.Concerned && !standing.Contains(e.Version));
    }

    private static bool Concerns(Reading.PartitionView view, IReadOnlyList<IReadOnlyList<Matcher>> selectors, long min, long max)
    {
        var (from, to) = (new TimestampMs(min), new TimestampMs(Math.Min(max, view.MaxTime.Value)));
        return from <= to && selectors.Any(selector => HasSamples(view, selector, from, to));
    }

    private DeletionResult Change(DeletionCommand command)
    {
        var before = _deletions.Log;
        var decision = before.Decide(command);
        if (decision.Refusal is not null || decision.Events.IsEmpty)
            return new DeletionResult(false, decision.Refusal);
        var log = before.Apply(decision);
        if (_deletionFile.Save(log) is { } error)
            return new DeletionResult(false, error);
        Volatile.Write(ref _deletions, new DeletionMask(log));
        Publish();
        return new DeletionResult(true, null);
    }

    private static bool HasSamples(Reading.PartitionView view, IReadOnlyList<Matcher> selector, TimestampMs min, TimestampMs max)
    {
        using var selection = view.Select(new SeriesRequest(selector, min, max));
        return selection.Count > 0;
    }
}

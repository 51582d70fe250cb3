using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Parts;

namespace ActorMon.Tsdb.Transfer;

/// <summary>A part that an import wrote.</summary>
public sealed record ImportedPart(PartitionId Partition, long Sequence, long WindowStart, long WindowEnd, long MinTime, long MaxTime, long Samples, long Series, long Bytes);

/// <summary>
/// Brings the samples of one window of time into a node's directory: one part for each partition that gets any. Series come in the order of their labels. What is not
/// finished leaves nothing behind.
/// </summary>
public sealed class WindowImport(ImportTarget target, long windowStart, long windowEnd) : IDisposable
{
    private readonly PartWriter?[] _writers = new PartWriter?[target.Partitions];

    public long Samples { get; private set; }
    public long Series { get; private set; }

    /// <param name="labels">Greater than the one before.</param>
    /// <param name="samples">Within the window, in time order, one a time; none: the series is left out.</param>
    public void Add(LabelSet labels, SampleBuffer samples)
    {
        if (samples.Count == 0)
            return;
        var partition = Placement.Of(labels, target.Partitions);
        var writer = _writers[partition.Value] ??= target.Create(partition, windowStart, windowEnd);
        writer.Add(labels, samples);
        Samples += samples.Count;
        Series++;
    }

    /// <summary>Makes the parts durable; they are there for the node's next start.</summary>
    public IReadOnlyList<ImportedPart> Finish()
    {
        var parts = new List<ImportedPart>();
        for (var i = 0; i < _writers.Length; i++)
        {
            using var part = _writers[i]?.Finish(target.Cache);
            if (part is not null)
                parts.Add(new ImportedPart(new PartitionId(i), part.Header.Sequence, windowStart, windowEnd, part.MinTime, part.MaxTime, part.Samples, part.SeriesCount, part.Bytes));
        }
        return parts;
    }

    public void Dispose()
    {
        foreach (var writer in _writers)
            writer?.Dispose();
    }
}

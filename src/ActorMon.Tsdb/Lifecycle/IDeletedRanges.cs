using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Lifecycle;

/// <summary>Which samples of a partition are deleted; asked by whoever rewrites samples (cut, compaction). Immutable: deletions that come later are another object. Any thread.</summary>
public interface IDeletedRanges
{
    /// <summary>The newest deletion in here; what is written with its help has applied all up to it.</summary>
    long Version { get; }

    /// <summary>Takes out of the buffer what deletions with a version greater than <paramref name="applied"/> hide of this series.</summary>
    void Hide(LabelSet labels, long applied, SampleBuffer samples);
}

using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Deletion;
using ActorMon.Tsdb.Index;

namespace ActorMon.Tsdb.Reading;

/// <summary>A head that is being cut: what of it is older than the cut and on its way to parts. What is younger stands in the new head.</summary>
internal sealed class CutSource(HeadView head, long cutTo) : ISampleSource
{
    public HeadView Head => head;

    /// <summary>The same with other deletions.</summary>
    public CutSource With(DeletionMask deleted) => new(head.With(deleted), cutTo);

    public long MinTime => head.MinTime;

    public long MaxTime => Math.Min(head.MaxTime, cutTo - 1);

    public SeriesRun Select(ResolvedMatchers matchers, long min, long max) => head.Select(matchers, min, Math.Min(max, cutTo - 1));

    public bool Overlaps(int id, long min, long max) => head.Overlaps(id, min, Math.Min(max, cutTo - 1));

    public void Read(int id, long min, long max, SampleBuffer into) => head.Read(id, min, Math.Min(max, cutTo - 1), into);

    public void CollectNames(IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<string> into) =>
        head.CollectNames(sets, min, Math.Min(max, cutTo - 1), into);

    public void CollectValues(string name, IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<string> into) =>
        head.CollectValues(name, sets, min, Math.Min(max, cutTo - 1), into);

    public void CollectSeries(IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<LabelSet> into) =>
        head.CollectSeries(sets, min, Math.Min(max, cutTo - 1), into);
}

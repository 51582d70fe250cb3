using ActorMon.Actors.Facts;
using ActorMon.Actors.Series;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Protocol.Facts;
using ActorMon.Tsdb.Cardinality;

namespace ActorMon.Host.Cluster.Facts;

/// <summary>Active series of the cluster, each partition told by one holder. A node that is alone counts without naming all values.</summary>
public sealed class ClusterHead
{
    private readonly NodeSeries _local;
    private readonly ClusterFacts _facts;
    private readonly PartitionTopic<HeadQuestion, HeadOfPartitions> _head;

    public ClusterHead(NodeSeries local, ClusterFacts facts)
    {
        (_local, _facts) = (local, facts);
        _head = facts.AddByPartition<HeadQuestion, HeadOfPartitions>(
            "head", (partitions, asked, cancellation) => ValueTask.FromResult(HeadFacts.Of(local.Over(partitions), asked, cancellation)));
    }

    /// <summary>Everything in the heads.</summary>
    public ValueTask<Partial<MergedHead>> AllAsync(int top, CancellationToken cancellation) =>
        _facts.IsAlone ? ValueTask.FromResult(new Partial<MergedHead>(Of(_local.Cardinality(top)))) : AskAsync(new HeadQuestion(), top, cancellation);

    /// <summary>Of the series that match any of the sets (none: all) and have a sample in the range.</summary>
    public ValueTask<Partial<MergedHead>> MatchingAsync(IReadOnlyList<IReadOnlyList<Matcher>> sets, TimestampMs min, TimestampMs max, int top, CancellationToken cancellation)
    {
        if (_facts.IsAlone)
            return ValueTask.FromResult(new Partial<MergedHead>(Of(_local.Cardinality(sets, min, max, top, cancellation))));
        var question = new HeadQuestion { Narrowed = true, Min = min.Value, Max = max.Value };
        question.Selectors.Add(sets);
        return AskAsync(question, top, cancellation);
    }

    private async ValueTask<Partial<MergedHead>> AskAsync(HeadQuestion question, int top, CancellationToken cancellation)
    {
        var (parts, missing) = await _head.AskAsync(question, cancellation);
        return new(HeadFacts.Merge(parts, top), missing);
    }

    private static MergedHead Of(HeadCardinality head) =>
        new(head.Series, head.LabelPairs, head.Chunks, head.MinTime, head.MaxTime, head.Metrics, head.Labels, head.Pairs);
}

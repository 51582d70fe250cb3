using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.PromQL.Fragments;

namespace ActorMon.Protocol.Links.Reading;

/// <summary>What a read wants of the partitions it names. The numbers are part of the wire format.</summary>
public enum ReadKind : byte
{
    /// <summary>Series with their samples.</summary>
    Samples = 1,
    LabelNames = 2,

    /// <summary>Values of the label <see cref="ReadRequest.Name"/>.</summary>
    LabelValues = 3,

    /// <summary>Series without samples.</summary>
    LabelSets = 4,

    /// <summary>Of the family <see cref="ReadRequest.Name"/>, or of all when it is "".</summary>
    Metadata = 5,
    Exemplars = 6,

    /// <summary>Time and value of the newest sample of each of <see cref="ReadRequest.Series"/>.</summary>
    Newest = 7,

    /// <summary>Parts of a query, computed there: <see cref="ReadRequest.Fragments"/>.</summary>
    Fragments = 8,
}

/// <summary>One read of some partitions of one node, as it travels: operation <see cref="ReadOperationName"/>.</summary>
public sealed record ReadRequest(ReadKind Kind, IReadOnlyList<PartitionId> Partitions)
{
    public const string ReadOperationName = LinkOperations.Select;

    /// <summary>Series that match any of the sets; samples have exactly one, none elsewhere: all series.</summary>
    public IReadOnlyList<IReadOnlyList<Matcher>> MatcherSets { get; init; } = [];

    /// <summary>Like <see cref="Max"/> inclusive.</summary>
    public TimestampMs Min { get; init; } = TimestampMs.Min;
    public TimestampMs Max { get; init; } = TimestampMs.Max;
    public string Name { get; init; } = "";
    public IReadOnlyList<LabelSet> Series { get; init; } = [];

    /// <summary>Only of <see cref="ReadKind.Fragments"/>.</summary>
    public FragmentRequest? Fragments { get; init; }

    /// <summary>The part of this read that concerns some of its partitions; <see cref="Series"/> keep their order.</summary>
    /// <param name="all">Partitions of the cluster.</param>
    public ReadRequest Of(IReadOnlyList<PartitionId> partitions, int all)
    {
        if (Series.Count == 0)
            return this with { Partitions = partitions };
        var wanted = partitions.ToHashSet();
        return this with { Partitions = partitions, Series = [.. Series.Where(series => wanted.Contains(Placement.Of(series, all)))] };
    }
}

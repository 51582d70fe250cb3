using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Metadata;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;

namespace ActorMon.Api.Ports;

public sealed record NamedCount(string Name, long Value);

/// <summary>Numbers of the in-memory heads over all partitions of the cluster, and their largest contributors.</summary>
public sealed record HeadStatus(
    long Series, long LabelPairs, long Chunks, long MinTime, long MaxTime,
    IReadOnlyList<NamedCount> SeriesByMetric, IReadOnlyList<NamedCount> ValuesByLabel, IReadOnlyList<NamedCount> MemoryByLabel, IReadOnlyList<NamedCount> SeriesByPair);

/// <summary>One finished file of the storage. Times of its oldest and newest sample, in ms; level 0 came from the head, each merge adds one.</summary>
public sealed record StoredBlock(string Name, long MinTime, long MaxTime, long Samples, int Series, int Level);

/// <summary>Stored series as the API reads them.</summary>
public interface IStoragePort : ISeriesSource, ILabelSource
{
    /// <summary>The newest metadata of each family, by name; several targets may disagree.</summary>
    ValueTask<Partial<IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>>>> MetadataAsync(string? metric, CancellationToken cancellation);

    ValueTask<Partial<IReadOnlyList<ExemplarSeries>>> ExemplarsAsync(
        IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation);

    ValueTask<Partial<HeadStatus>> HeadAsync(int top, CancellationToken cancellation);

    /// <summary>The files in force, by time; of each partition those of one copy.</summary>
    ValueTask<Partial<IReadOnlyList<StoredBlock>>> BlocksAsync(CancellationToken cancellation);

    /// <summary>The newest samples of the series, wherever these are; with warnings when some could not be asked for. At once when all of them are on this node.</summary>
    /// <param name="series">Not looked at in that case.</param>
    ValueTask<Partial<INewestSamples>> NewestAsync(IEnumerable<LabelSet> series, CancellationToken cancellation);
}

using ActorMon.Model.Exemplars;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Metadata;
using ActorMon.Model.Samples;

namespace ActorMon.Model.Reading;

/// <summary>What a reader wants: series that match all matchers, samples with MinTime &lt;= t &lt;= MaxTime (both inclusive).</summary>
public sealed record SeriesRequest(IReadOnlyList<Matcher> Matchers, TimestampMs MinTime, TimestampMs MaxTime)
{
    /// <summary>What a source that has to fetch samples holds of the node's memory is taken from here; null: not counted.</summary>
    public IReadBudget? Budget { get; init; }
}

/// <summary>
/// The series of one request over one consistent view, sorted by labels in canonical order. Several threads may read different series at once,
/// each with a buffer of its own.
/// </summary>
public interface ISeriesSelection : IDisposable
{
    int Count { get; }

    /// <summary>What is missing and why; none: the selection is complete.</summary>
    IReadOnlyList<string> Warnings => [];

    LabelSet LabelsAt(int index);

    /// <summary>Clears the buffer and fills it with the series' samples in the request's time range, in time order, stale markers included, duplicates resolved.</summary>
    void Read(int index, SampleBuffer into);
}

/// <summary>Where the query engine gets series from: one node's partitions, a cluster, a test's memory.</summary>
public interface ISeriesSource
{
    ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation);
}

/// <summary>Names without samples: what the label, series, metadata and exemplar endpoints ask.</summary>
public interface ILabelSource
{
    /// <summary>Distinct label names of the series that match any of the matcher sets (none: all series), sorted.</summary>
    ValueTask<Partial<IReadOnlyList<string>>> LabelNamesAsync(IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation);

    /// <summary>Distinct values of one label, sorted.</summary>
    ValueTask<Partial<IReadOnlyList<string>>> LabelValuesAsync(string name, IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation);

    /// <summary>Distinct label sets that match any of the matcher sets, sorted.</summary>
    ValueTask<Partial<IReadOnlyList<LabelSet>>> SeriesAsync(IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation);
}

public sealed record ExemplarSeries(LabelSet Series, IReadOnlyList<Exemplar> Exemplars);

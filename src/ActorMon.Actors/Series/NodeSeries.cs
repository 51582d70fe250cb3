using ActorMon.Actors.Reading;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Metadata;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Model.Text;
using ActorMon.Tsdb.Cardinality;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Reading;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Actors.Series;

/// <summary>
/// All series of this node: the published views of its partitions, read as one. Matchers are resolved to symbols once per request and generation of symbols. Thread-safe; never waits for a
/// writer.
/// </summary>
/// <param name="only">The partitions that are read; null: all that are served.</param>
public sealed class NodeSeries(PartitionTable table, SymbolGenerations symbols, IReadOnlyList<PartitionId>? only = null) : ISeriesSource, ILabelSource, INewestSamples
{
    /// <summary>The partitions that are read; null: all that are served.</summary>
    public IReadOnlyList<PartitionId>? Only => only;

    /// <summary>The series of some partitions.</summary>
    public NodeSeries Over(IReadOnlyList<PartitionId> partitions) => new(table, symbols, partitions);

    public ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation)
    {
        var resolved = ResolvedMatchers.Resolve(request.Matchers, symbols.Current);
        var parts = new List<ISeriesSelection>();
        foreach (var view in Views())
        {
            cancellation.ThrowIfCancellationRequested();
            var part = view.Select(resolved, request.MinTime, request.MaxTime);
            if (part.Count > 0 || part.Warnings.Count > 0)
                parts.Add(part);
            else
                part.Dispose();
        }
        return ValueTask.FromResult(parts.Count == 1 ? parts[0] : MergedSelection.Of(parts));
    }

    public ValueTask<Partial<IReadOnlyList<string>>> LabelNamesAsync(IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation)
    {
        var sets = Resolve(matcherSets);
        return Told(Union(view => view.LabelNames(sets, min, max), cancellation), min, max);
    }

    public ValueTask<Partial<IReadOnlyList<string>>> LabelValuesAsync(
        string name, IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation)
    {
        var sets = Resolve(matcherSets);
        return Told(Union(view => view.LabelValues(name, sets, min, max), cancellation), min, max);
    }

    public ValueTask<Partial<IReadOnlyList<LabelSet>>> SeriesAsync(IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation)
    {
        var sets = Resolve(matcherSets);
        var found = new List<LabelSet>();
        foreach (var view in Views())
        {
            cancellation.ThrowIfCancellationRequested();
            found.AddRange(view.Series(sets, min, max));
        }
        found.Sort();
        return Told<IReadOnlyList<LabelSet>>(found, min, max);
    }

    /// <summary>Distinct metadata by family over all partitions; families of one partition only hold what came last.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>> Metadata(string? metric)
    {
        var families = new FamilyMetadataSet();
        foreach (var view in Views())
        {
            if (metric is not null)
            {
                if (view.Metadata.TryGetValue(metric, out var one))
                    families.Add(metric, one);
                continue;
            }
            foreach (var (family, metadata) in view.Metadata)
                families.Add(family, metadata);
        }
        return families.Ordered();
    }

    public IReadOnlyList<ExemplarSeries> Exemplars(IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max)
    {
        var sets = Resolve(matcherSets);
        var found = new List<ExemplarSeries>();
        foreach (var view in Views())
            found.AddRange(view.Exemplars(sets, min, max));
        found.Sort(static (a, b) => a.Series.CompareTo(b.Series));
        return found;
    }

    public (long Time, double Value)? Newest(LabelSet series)
    {
        var partition = Placement.Of(series, table.Partitions);
        return only?.Contains(partition) != false && table[partition] is { } store && store.View.TryGetLast(series, out var time, out var value) ? (time, value) : null;
    }

    /// <summary>What the heads of all partitions hold; the <paramref name="top"/> metrics and pairs.</summary>
    public HeadCardinality Cardinality(int top) => HeadCardinality.Of(Views(), top);

    /// <summary>As above, of the series that match any of the sets and have a sample in the range.</summary>
    public HeadCardinality Cardinality(IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, int top, CancellationToken cancellation) =>
        HeadCardinality.Of(Views(), Resolve(matcherSets), min, max, top, cancellation);

    /// <summary>Every value of every label in the heads.</summary>
    public HeadTotals VisitHead(HeadValueVisitor visit) => HeadLabels.Visit(Views(), visit);

    /// <summary>As above, of the series that match any of the sets and have a sample in the range.</summary>
    public HeadTotals VisitHead(IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation, HeadValueVisitor visit) =>
        HeadLabels.Visit(Views(), Resolve(matcherSets), min, max, cancellation, visit);

    /// <summary>Active series by job and instance.</summary>
    public IReadOnlyDictionary<TargetKey, long> SeriesOfTargets() => HeadTargets.Of(Views());

    /// <summary>With what readers have found to be lost.</summary>
    private ValueTask<Partial<T>> Told<T>(T value, TimestampMs min, TimestampMs max) =>
        ValueTask.FromResult(new Partial<T>(value, [.. Views().SelectMany(view => view.Lost(min, max))]));

    private PartitionView[] Views() => only is null ? table.Views() : table.Views(only);

    private ResolvedMatchers[] Resolve(IReadOnlyList<IReadOnlyList<Matcher>> sets) => [.. sets.Select(set => ResolvedMatchers.Resolve(set, symbols.Current))];

    private IReadOnlyList<string> Union(Func<PartitionView, IReadOnlyList<string>> read, CancellationToken cancellation)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var view in Views())
        {
            cancellation.ThrowIfCancellationRequested();
            all.UnionWith(read(view));
        }
        var sorted = all.ToArray();
        Array.Sort(sorted, ByteText.Compare);
        return sorted;
    }
}

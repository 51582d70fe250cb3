using System.Collections.Concurrent;
using System.Globalization;
using ActorMon.Actors.Series;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Metadata;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Model.Text;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Fragments;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Reading;

namespace ActorMon.Actors.Reading;

/// <summary>
/// All series of the cluster as any node reads them. Partitions with a copy in sync here are read here while the node is confirmed by a majority, the rest with one request a node; an
/// answer that may lack something says so and names the partitions. When all is here it is <see cref="NodeSeries"/> and nothing else. Any thread.
/// </summary>
public sealed class ClusterSeries : IFragmentSource, ILabelSource
{
    /// <summary>Series of one request for newest samples, so that it stays far below what a node takes.</summary>
    private const int NewestAtOnce = 5_000;

    private readonly NodeSeries _local;
    private readonly PartitionReads _reads;
    private readonly ClusterFragments _fragments;
    private readonly ReadMetrics _metrics;
    private readonly QueryMemory? _memory;
    private readonly IReadOnlyList<PartitionId> _all;

    /// <param name="memory">For what readers receive that have no budget of their own; null: not counted.</param>
    public ClusterSeries(
        NodeSeries local, PartitionTable table, ReadPlacements placement, INodeLinks links, ReadSettings settings, ReadMetrics metrics, QueryMemory? memory, TimeProvider time)
    {
        _memory = memory;
        _local = local;
        _metrics = metrics;
        _reads = new PartitionReads(local, table, placement, links, settings, metrics, time);
        _all = [.. Enumerable.Range(0, table.Partitions).Select(p => new PartitionId(p))];
        _fragments = new ClusterFragments(_reads, _all, metrics, time);
    }

    public bool IsSpread => !_reads.IsAllHere;

    public ValueTask<FragmentAnswers?> EvaluateAsync(
        FragmentRequest request, Func<ISeriesSource, CancellationToken, Task<FragmentResults>> here, IReadBudget budget, CancellationToken cancellation) =>
        _fragments.EvaluateAsync(request, here, budget, cancellation);

    public async ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation)
    {
        if (_reads.IsAllHere)
        {
            var here = await _local.SelectAsync(request, cancellation).ConfigureAwait(false);
            if (_reads.IsAllHere)
                return here;
            here.Dispose();
        }
        var read = new ReadRequest(ReadKind.Samples, _all) { MatcherSets = [request.Matchers], Min = request.MinTime, Max = request.MaxTime };
        var gathered = await _reads.GatherAsync(
            read, here => here.SelectAsync(request, cancellation), frames => ReceiveAsync(frames, request.Budget ?? _memory?.Lease()), cancellation).ConfigureAwait(false);
        return MergedSelection.Of(gathered.Parts, Warnings(gathered, read));
    }

    public async ValueTask<Partial<IReadOnlyList<string>>> LabelNamesAsync(
        IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation) =>
        _reads.IsAllHere && await _local.LabelNamesAsync(matcherSets, min, max, cancellation).ConfigureAwait(false) is var own && _reads.IsAllHere
        ? own
        : await TextsAsync(
            new ReadRequest(ReadKind.LabelNames, _all) { MatcherSets = matcherSets, Min = min, Max = max },
            here => here.LabelNamesAsync(matcherSets, min, max, cancellation), cancellation).ConfigureAwait(false);

    public async ValueTask<Partial<IReadOnlyList<string>>> LabelValuesAsync(
        string name, IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation) =>
        _reads.IsAllHere && await _local.LabelValuesAsync(name, matcherSets, min, max, cancellation).ConfigureAwait(false) is var own && _reads.IsAllHere
        ? own
        : await TextsAsync(
            new ReadRequest(ReadKind.LabelValues, _all) { Name = name, MatcherSets = matcherSets, Min = min, Max = max },
            here => here.LabelValuesAsync(name, matcherSets, min, max, cancellation), cancellation).ConfigureAwait(false);

    public async ValueTask<Partial<IReadOnlyList<LabelSet>>> SeriesAsync(
        IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation)
    {
        if (_reads.IsAllHere && await _local.SeriesAsync(matcherSets, min, max, cancellation).ConfigureAwait(false) is var own && _reads.IsAllHere)
            return own;
        var read = new ReadRequest(ReadKind.LabelSets, _all) { MatcherSets = matcherSets, Min = min, Max = max };
        var lost = new ConcurrentQueue<string>();
        var gathered = await _reads.GatherAsync(
            read,
            async here =>
            {
                var told = await here.SeriesAsync(matcherSets, min, max, cancellation).ConfigureAwait(false);
                return Noted(told, lost);
            },
            async frames =>
            {
                var received = new SeriesFrameReader();
                await frames.ReadAllAsync(ReadFrameKinds.Series, received.Read).ConfigureAwait(false);
                return received.Series;
            },
            cancellation).ConfigureAwait(false);
        var all = gathered.Parts.SelectMany(part => part).ToArray();
        Array.Sort(all);
        return new Partial<IReadOnlyList<LabelSet>>(all, [.. lost, .. Warnings(gathered, read)]);
    }

    /// <summary>Distinct metadata by family over all partitions.</summary>
    public async ValueTask<Partial<IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>>>> MetadataAsync(string? metric, CancellationToken cancellation)
    {
        if (_reads.IsAllHere && _local.Metadata(metric) is var own && _reads.IsAllHere)
            return new(own);
        var read = new ReadRequest(ReadKind.Metadata, _all) { Name = metric ?? "" };
        var gathered = await _reads.GatherAsync(
            read, here => ValueTask.FromResult(here.Metadata(metric)),
            async frames =>
            {
                var families = new FamilyMetadataSet();
                await frames.ReadAllAsync(ReadFrameKinds.Metadata, frame => FactFrames.ReadMetadata(frame, families.Add)).ConfigureAwait(false);
                return families.Ordered();
            },
            cancellation).ConfigureAwait(false);
        var all = new FamilyMetadataSet();
        foreach (var part in gathered.Parts)
            foreach (var (family, entries) in part)
                foreach (var entry in entries)
                    all.Add(family, entry);
        return new(all.Ordered(), Warnings(gathered, read));
    }

    public async ValueTask<Partial<IReadOnlyList<ExemplarSeries>>> ExemplarsAsync(
        IReadOnlyList<IReadOnlyList<Matcher>> matcherSets, TimestampMs min, TimestampMs max, CancellationToken cancellation)
    {
        if (_reads.IsAllHere && _local.Exemplars(matcherSets, min, max) is var own && _reads.IsAllHere)
            return new(own);
        var read = new ReadRequest(ReadKind.Exemplars, _all) { MatcherSets = matcherSets, Min = min, Max = max };
        var gathered = await _reads.GatherAsync<IReadOnlyList<ExemplarSeries>>(
            read, here => ValueTask.FromResult(here.Exemplars(matcherSets, min, max)),
            async frames =>
            {
                var found = new List<ExemplarSeries>();
                await frames.ReadAllAsync(ReadFrameKinds.Exemplars, frame => FactFrames.ReadExemplars(frame, found)).ConfigureAwait(false);
                return found;
            },
            cancellation).ConfigureAwait(false);
        return new([.. gathered.Parts.SelectMany(part => part).OrderBy(row => row.Series)], Warnings(gathered, read));
    }

    /// <summary>Newest samples of the series. When all is here that is <see cref="NodeSeries"/>, and they are not looked at; else only partitions that have some of them are read.</summary>
    public async ValueTask<Partial<INewestSamples>> NewestAsync(IEnumerable<LabelSet> series, CancellationToken cancellation)
    {
        if (_reads.IsAllHere)
            return new(_local);
        var found = new NewestOfSeries();
        foreach (var some in series.Chunk(NewestAtOnce))
        {
            var partitions = some.Select(labels => Placement.Of(labels, _all.Count)).Distinct().ToArray();
            var read = new ReadRequest(ReadKind.Newest, partitions) { Series = some };
            var gathered = await _reads.GatherAsync(
                read, here => ValueTask.FromResult(NewestOfSeries.Of(some, [.. some.Select(here.Newest)])),
                async frames =>
                {
                    var answers = new List<(long Time, double Value)?>();
                    await frames.ReadAllAsync(ReadFrameKinds.Newest, frame => FactFrames.ReadNewest(frame, answers)).ConfigureAwait(false);
                    return NewestOfSeries.Of(frames.Asked.Series, answers);
                },
                cancellation).ConfigureAwait(false);
            gathered.Parts.ForEach(found.Add);
            if (Warnings(gathered, read) is { Count: > 0 } missing)
                return new(found, missing);
        }
        return new(found);
    }

    private async Task<ISeriesSelection> ReceiveAsync(AnswerFrames frames, IReadBudget? budget)
    {
        var received = new SeriesFrameReader(budget is null ? null : budget.Take);
        try
        {
            await frames.ReadAllAsync(ReadFrameKinds.Series, received.Read).ConfigureAwait(false);
            _metrics.Received.Add(frames.Bytes);
        }
        catch
        {
            RemoteSelection.GiveBack(budget, received.Bytes);
            throw;
        }
        return new RemoteSelection(received, budget);
    }

    private async ValueTask<Partial<IReadOnlyList<string>>> TextsAsync(
        ReadRequest read, Func<NodeSeries, ValueTask<Partial<IReadOnlyList<string>>>> local, CancellationToken cancellation)
    {
        var lost = new ConcurrentQueue<string>();
        var gathered = await _reads.GatherAsync<IReadOnlyList<string>>(
            read,
            async here =>
            {
                var told = await local(here).ConfigureAwait(false);
                return Noted(told, lost);
            },
            async frames =>
            {
                var texts = new List<string>();
                await frames.ReadAllAsync(ReadFrameKinds.Texts, frame => FactFrames.ReadTexts(frame, texts)).ConfigureAwait(false);
                return texts;
            },
            cancellation).ConfigureAwait(false);
        var distinct = gathered.Parts.SelectMany(part => part).Distinct(StringComparer.Ordinal).ToArray();
        Array.Sort(distinct, ByteText.Compare);
        return new Partial<IReadOnlyList<string>>(distinct, [.. lost, .. Warnings(gathered, read)]);
    }

    /// <summary>This node's part; what it has lost goes to the others' losses.</summary>
    private static T Noted<T>(Partial<T> told, ConcurrentQueue<string> lost)
    {
        foreach (var warning in told.Warnings)
            lost.Enqueue(warning);
        return told.Value;
    }

    private IReadOnlyList<string> Warnings<T>(Gathered<T> gathered, ReadRequest read)
    {
        if (gathered.Missing.Count == 0)
            return [.. gathered.Lost];
        _metrics.Incomplete.Add();
        var times = read.Min == TimestampMs.Min && read.Max == TimestampMs.Max ? "" : $" from {TimeText(read.Min)} to {TimeText(read.Max)}";
        var why = gathered.Reasons.Count > 0 ? $" ({string.Join("; ", gathered.Reasons)})" : "";
        return [.. gathered.Lost, $"results are incomplete: no complete copy of partitions {PartitionNames.Of(gathered.Missing)} is within reach, of {_all.Count}; missing is what they hold{times}{why}"];
    }

    private static string TimeText(TimestampMs time) => time == TimestampMs.Min ? "the beginning" : time == TimestampMs.Max ? "now"
        : DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(time.Value, -62_135_596_800_000, 253_402_300_799_999)).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

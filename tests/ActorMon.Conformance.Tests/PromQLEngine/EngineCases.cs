using System.Text.Json;
using ActorMon.Model.Labels;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using ActorMon.Testing.Conformance;
using ActorMon.Testing.Storage;

namespace ActorMon.Conformance.Tests.PromQLEngine;

/// <summary>The peers' engine tables: @, lookback, extended selectors, annotations of rate, statistics.</summary>
public sealed class EngineCases
{
    private static readonly QueryFeatures Delayed = new() { DelayedNameRemoval = true };

    [ConformanceFact]
    public async Task At_modifier()
    {
        var table = EngineTables.Table("atModifier");
        var source = EngineTables.Loaded(table.GetProperty("load").GetString()!);
        for (var t = -1_000_000L; t <= 0; t += 1000)
            source.Add(LabelSet.Of("__name__", "metric_neg"), t, 1 - (t / 1000.0));
        source.Add(LabelSet.Of("__name__", "metric_timestamp"), 3_600_000, 1000);
        var run = new ConformanceRun("promql", "engine: @ modifier");
        foreach (var test in table.GetProperty("cases").EnumerateArray())
        {
            var query = test.GetProperty("query").GetString()!;
            await run.CaseAsync(query, async () =>
            {
                var start = test.GetProperty("start").GetInt64() * 1000;
                var end = test.TryGetProperty("end", out var e) ? e.GetInt64() * 1000 : 0;
                var step = test.TryGetProperty("interval", out var i) ? i.GetInt64() * 1000 : 0;
                var result = await RunAsync(query, source, start, end, end == 0 ? 0 : step);
                Assert.Equal(Lines(test.GetProperty("result")), Lines(result));
            });
        }
        run.Finish(19);
    }

    [ConformanceFact]
    public async Task Extended_range_selectors()
    {
        var table = EngineTables.Table("extendedRangeSelectors");
        var source = EngineTables.Loaded(table.GetProperty("load").GetString()!);
        var run = new ConformanceRun("promql", "engine: extended range selectors");
        foreach (var test in table.GetProperty("cases").EnumerateArray())
        {
            var query = test.GetProperty("query").GetString()!;
            await run.CaseAsync(query, async () =>
            {
                var result = await RunAsync(query, source, test.GetProperty("t").GetProperty("ms").GetInt64(), 0, 0);
                Assert.Equal(Lines(test.GetProperty("expected")), Lines(result));
            });
        }
        run.Finish(12);
    }

    [ConformanceFact]
    public async Task Lookback()
    {
        var table = EngineTables.Table("lookback");
        var source = EngineTables.Loaded(table.GetProperty("load").GetString()!);
        var run = new ConformanceRun("promql", "engine: lookback");
        foreach (var test in table.GetProperty("cases").EnumerateArray())
        {
            await run.CaseAsync(test.ToString(), async () =>
            {
                // A lookback that is not positive means the default.
                var engineLookback = Seconds(test, "engineLookbackS") is { } given and > 0 ? given : 300_000;
                var engine = new QueryEngine(new QueryEngineOptions { LookbackMs = engineLookback });
                var result = await engine.ExecuteAsync(
                    EngineTables.Request(table.GetProperty("query").GetString()!, 600_000 + test.GetProperty("evalOffsetMs").GetInt64(), 0, 0)
                        with
                    { LookbackMs = Seconds(test, "queryLookbackS") },
                    source);
                Assert.Equal(test.GetProperty("expectSamples").GetBoolean(), ((VectorValue)result.Value!).Count > 0);
            });
        }
        run.Finish(7);
    }

    [ConformanceFact]
    public async Task Annotations_of_rate_and_increase()
    {
        var run = new ConformanceRun("promql", "engine: rate annotations");
        foreach (var test in EngineTables.Table("rateAnnotations").EnumerateArray())
        {
            var data = test.GetProperty("data").GetString()!.Trim();
            if (data.Contains("{{", StringComparison.Ordinal) && !data.Contains("} 1 {{", StringComparison.Ordinal))
            {
                run.Skip("needs native histogram arithmetic and conversion (the storage holds native histograms)");
                continue;
            }
            await run.CaseAsync(test.GetProperty("name").GetString()!, async () =>
            {
                var source = EngineTables.Loaded("load 1m\n" + data);
                var query = test.GetProperty("expr").GetString()!;
                var types = test.TryGetProperty("typeAndUnitLabelsEnabled", out var enabled) && enabled.GetBoolean();
                var result = await new QueryEngine(new QueryEngineOptions()).ExecuteAsync(
                    EngineTables.Request(query, 60_000, 0, 0) with { Features = new QueryFeatures { TypeAndUnitLabels = types } }, source);
                Assert.True(result.IsSuccess, result.Error?.Text);
                Assert.Equal(Texts(test, "expectedInfoAnnotations"), result.Infos);
                Assert.Equal(Texts(test, "expectedWarningAnnotations"), result.Warnings);
            });
        }
        run.Finish(21);
    }

    [ConformanceFact]
    public async Task Sample_statistics()
    {
        var table = EngineTables.Table("queryStatistics");
        var source = EngineTables.Loaded(table.GetProperty("load").GetString()!);
        var run = new ConformanceRun("promql", "engine: query statistics");
        foreach (var test in table.GetProperty("cases").EnumerateArray())
        {
            var query = test.GetProperty("Query").GetString()!;
            if (query.StartsWith("avg_over_time(metricWith1Histogram", StringComparison.Ordinal))
            {
                run.Skip("needs native histogram arithmetic (the query averages native histograms)");
                continue;
            }
            await run.CaseAsync(query, async () =>
            {
                var request = EngineTables.Request(test);
                var result = await new QueryEngine(new QueryEngineOptions()).ExecuteAsync(request with { Features = Delayed, PerStepStats = true }, source);
                Assert.True(result.IsSuccess, result.Error?.Text);
                Assert.Equal(
                    (test.GetProperty("TotalSamples").GetInt64(), test.GetProperty("SamplesRead").GetInt64()),
                    (result.Stats.TotalQueryableSamples, result.Stats.SamplesRead));
                Assert.Equal(test.TryGetProperty("PeakSamples", out var peak) ? peak.GetInt64() : 0, result.Stats.PeakSamples);
                Assert.Equal(PerStep(test, "TotalSamplesPerStep"), PerStep(result.Stats.TotalPerStep!, request));
                Assert.Equal(PerStep(test, "SamplesReadPerStep"), PerStep(result.Stats.ReadPerStep!, request));
            });
        }
        run.Finish(63);
    }

    private static Dictionary<long, long> PerStep(JsonElement test, string name) => test.TryGetProperty(name, out var steps)
        ? steps.EnumerateObject().ToDictionary(step => long.Parse(step.Name, System.Globalization.CultureInfo.InvariantCulture), step => step.Value.GetInt64())
        : [];

    private static Dictionary<long, long> PerStep(IReadOnlyList<long> counts, QueryRequest request) =>
        Enumerable.Range(0, counts.Count).ToDictionary(i => request.Start + (i * request.StepMs), i => counts[i]);

    private static long? Seconds(JsonElement test, string name) => test.TryGetProperty(name, out var value) ? value.GetInt64() * 1000 : null;

    private static IEnumerable<string?> Texts(JsonElement test, string name) => test.GetProperty(name).EnumerateArray().Select(text => text.GetString());

    private static Task<QueryResult> RunAsync(string query, MemorySeriesSource source, long start, long end, long step) =>
        new QueryEngine(new QueryEngineOptions()).ExecuteAsync(EngineTables.Request(query, start, end, step) with { Features = Delayed }, source);

    private static List<string> Lines(JsonElement result)
    {
        var lines = new List<string>();
        foreach (var series in result.EnumerateArray())
        {
            var labels = LabelSet.From(series.GetProperty("Metric").EnumerateObject().Select(label => KeyValuePair.Create(label.Name, label.Value.GetString()!)));
            var points = series.TryGetProperty("Floats", out var floats) ? floats.EnumerateArray().ToList() : [series];
            lines.Add($"{labels} {string.Join(' ', points.Select(point => $"{ConformanceData.Float(point.GetProperty("F"))}@{point.GetProperty("T").GetInt64()}"))}");
        }
        return lines;
    }

    private static List<string> Lines(QueryResult result)
    {
        Assert.True(result.IsSuccess, result.Error?.Text);
        return result.Value switch
        {
            VectorValue vector => [.. vector.Series.Select((labels, i) => $"{labels} {vector.Values[i]}@{vector.Time}")],
            MatrixValue matrix => [.. matrix.Series.Select(series => $"{series.Labels} {string.Join(' ', series.Times.Select((time, i) => $"{series.Values[i]}@{time}"))}")],
            _ => [],
        };
    }
}

using System.Text.Json;
using ActorMon.Model.Reading;
using ActorMon.PromQL.Execution;
using ActorMon.Testing.Conformance;
using ActorMon.Testing.Storage;

namespace ActorMon.Conformance.Tests.PromQLEngine;

/// <summary>
/// What the storage is asked for. The original's hints name a time range, a function, a step, a range and a grouping; a storage may use them or not. The storage here takes
/// matchers and a time range, so that is what is compared. For a subquery the original asks from before its first step; here from that step on, never for more.
/// </summary>
public sealed class SelectHintCases
{
    [ConformanceFact]
    public async Task The_storage_is_asked_for_the_times_of_the_original()
    {
        var run = new ConformanceRun("promql", "engine: select hints");
        foreach (var test in EngineTables.Table("selectHints").GetProperty("cases").EnumerateArray())
        {
            var query = test.GetProperty("query").GetString()!;
            await run.CaseAsync(test.ToString(), async () =>
            {
                var (start, end) = (test.TryGetProperty("start", out var s) ? s.GetInt64() : 0, test.TryGetProperty("end", out var e) ? e.GetInt64() : 0);
                var asked = new AskedTimes();
                var result = await new QueryEngine(new QueryEngineOptions { LookbackMs = 5000 }).ExecuteAsync(EngineTables.Request(query, start, end, end == 0 ? 0 : 1000), asked);
                Assert.True(result.IsSuccess, result.Error?.Text);
                var expected = test.GetProperty("expected").EnumerateArray().Select(Times).ToArray();
                if (query.Contains(':', StringComparison.Ordinal))
                    Assert.All(expected.Zip(asked.Ranges, (theirs, ours) => (theirs, ours)), pair => Assert.True(
                        pair.ours.From >= pair.theirs.From && pair.ours.To <= pair.theirs.To, $"{pair.ours} is not within {pair.theirs}"));
                else
                    Assert.Equal(expected, asked.Ranges);
                Assert.Equal(expected.Length, asked.Ranges.Count);
            });
        }
        run.Finish(50);
    }

    [ConformanceFact]
    public void Reset_hints_of_histogram_arithmetic_wait_for_it()
    {
        var run = new ConformanceRun("promql", "engine: histogram reset hints");
        foreach (var _ in EngineTables.Table("histogramCounterResetHint").EnumerateArray())
            run.Skip("needs native histogram arithmetic");
        run.Finish(14);
    }

    private static (long From, long To) Times(JsonElement hint) => (hint.GetProperty("Start").GetInt64(), hint.GetProperty("End").GetInt64());

    /// <summary>A storage without series that notes what it is asked for.</summary>
    private sealed class AskedTimes : ISeriesSource
    {
        private readonly MemorySeriesSource _empty = new();

        public List<(long From, long To)> Ranges { get; } = [];

        public ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation)
        {
            Ranges.Add((request.MinTime.Value, request.MaxTime.Value));
            return _empty.SelectAsync(request, cancellation);
        }
    }
}

using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Results;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.PromQLEngine;

/// <summary>--query.max-samples: a query passes with as many samples as the original holds for it, and with one less it does not.</summary>
public sealed class SampleLimitCases
{
    [ConformanceFact]
    public async Task A_query_passes_at_the_original_limit_and_fails_one_below()
    {
        var table = EngineTables.Table("maxSamples");
        var source = EngineTables.Loaded(table.GetProperty("load").GetString()!);
        var run = new ConformanceRun("promql", "engine: sample limit");
        foreach (var test in table.GetProperty("cases").EnumerateArray())
            await run.CaseAsync(test.ToString(), async () =>
            {
                var request = EngineTables.Request(test) with { Features = new QueryFeatures { DelayedNameRemoval = true } };
                var limit = test.GetProperty("MaxSamples").GetInt64();
                var engine = new QueryEngine(new QueryEngineOptions());
                var passes = await engine.ExecuteAsync(request with { MaxSamples = limit }, source);
                Assert.True(passes.IsSuccess, passes.Error?.Text);
                var fails = await engine.ExecuteAsync(request with { MaxSamples = limit - 1 }, source);
                Assert.StartsWith("query processing would load too many samples into memory in query execution", fails.Error?.Text, StringComparison.Ordinal);
            });
        run.Finish(18);
    }
}

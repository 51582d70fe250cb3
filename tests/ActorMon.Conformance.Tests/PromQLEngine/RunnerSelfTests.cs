using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.PromQLEngine;

/// <summary>The runner finds what is wrong with scripts that are wrong, and passes those that are right.</summary>
public sealed class RunnerSelfTests
{
    [ConformanceFact]
    public async Task Runner_passes_right_scripts_and_fails_wrong_ones()
    {
        var run = new ConformanceRun("promql", "runner-selftest");
        var cases = ConformanceData.Json("promql", "runner-selftest.json").GetProperty("cases");
        foreach (var test in cases.EnumerateArray())
        {
            var script = test.GetProperty("script").GetString()!;
            var mustFail = test.TryGetProperty("mustFail", out var flag) && flag.GetBoolean();
            await run.CaseAsync(test.GetProperty("name").GetString()!, async () =>
            {
                var failure = await FailureOfAsync(script);
                if (mustFail)
                    Assert.True(failure is not null, "the script passed");
                else
                    Assert.True(failure is null, failure);
            });
        }
        run.Finish(98);
    }

    [ConformanceFact]
    public void Start_timestamp_sequences_are_read()
    {
        var run = new ConformanceRun("promql", "start-timestamp-sequences");
        foreach (var test in ConformanceData.Json("promql", "runner-selftest.json").GetProperty("startTimestampSequences").EnumerateArray())
        {
            var input = test.GetProperty("input").GetString()!;
            run.Case(input, () =>
            {
                if (test.TryGetProperty("wantErr", out _))
                {
                    Assert.Throws<ScriptException>(() => StartTimes.Items(input));
                    return;
                }
                var expected = test.GetProperty("expected");
                var items = expected.ValueKind == System.Text.Json.JsonValueKind.Null
                    ? []
                    : expected.EnumerateArray().Select(item => item.TryGetProperty("Value", out var value) ? value.GetInt64() : (long?)null).ToList();
                Assert.Equal(items, StartTimes.Items(input));
            });
        }
        run.Finish(13);
    }

    [ConformanceFact]
    public void Misplaced_start_timestamp_lines_are_refused()
    {
        var run = new ConformanceRun("promql", "start-timestamp-lines");
        foreach (var test in ConformanceData.Json("promql", "runner-selftest.json").GetProperty("startTimestampLineErrors").EnumerateArray())
        {
            var script = string.Join('\n', test.GetProperty("lines").EnumerateArray().Select(line => line.GetString()));
            run.Case(test.GetProperty("name").GetString()!, () => Assert.Throws<ScriptException>(() => ScriptParser.Parse(script)));
        }
        run.Finish(4);
    }

    private static async Task<string?> FailureOfAsync(string script)
    {
        try
        {
            var runner = new ScriptRunner();
            foreach (var command in ScriptParser.Parse(script))
                await runner.RunAsync(command);
            return null;
        }
        catch (ScriptException e)
        {
            return e.Message;
        }
    }
}

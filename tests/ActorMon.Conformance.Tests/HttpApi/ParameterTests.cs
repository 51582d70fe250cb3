using System.Globalization;
using System.Text.Json;
using ActorMon.Api.Http;
using ActorMon.Api.Tests.Support;
using ActorMon.PromQL.Results;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.HttpApi;

/// <summary>Parameter parsing, outside addresses of targets, and which failure is which error.</summary>
public sealed class ParameterTests
{
    [ConformanceFact]
    public void Times_are_parsed_or_refused()
    {
        var run = new ConformanceRun("http-api", "parameters.time");
        foreach (var @case in Kit("time"))
            run.Case(@case.GetProperty("input").GetString()!, () =>
            {
                var time = ApiParameters.ParseTime(@case.GetProperty("input").GetString()!);
                Assert.Equal(@case.TryGetProperty("fail", out var fail) && fail.GetBoolean(), time is null);
                if (@case.TryGetProperty("unixSeconds", out var seconds))
                    Assert.Equal((long)(seconds.GetDecimal() * 1000), time?.Value);
                if (@case.TryGetProperty("rfc3339", out var text))
                    Assert.Equal(DateTimeOffset.Parse(text.GetString()!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), time?.Value);
            });
        run.Finish(10);
    }

    [ConformanceFact]
    public void Durations_are_parsed_or_refused()
    {
        var run = new ConformanceRun("http-api", "parameters.duration");
        foreach (var @case in Kit("duration"))
            run.Case(@case.GetProperty("input").GetString()!, () =>
            {
                var parsed = ApiParameters.TryParseDuration(@case.GetProperty("input").GetString()!, out var duration, out var error);
                Assert.Equal(@case.TryGetProperty("fail", out var fail) && fail.GetBoolean(), !parsed);
                Assert.Equal(parsed, error.Length == 0);
                if (@case.TryGetProperty("result", out var result))
                    Assert.Equal(result.GetProperty("durationNs").GetInt64(), duration.Ticks * 100);
            });
        run.Finish(9);
    }

    [ConformanceFact]
    public void Targets_have_an_outside_address()
    {
        var run = new ConformanceRun("http-api", "parameters.globalUrl");
        foreach (var @case in Kit("globalUrl"))
            run.Case(@case.GetProperty("input").GetString()!, () =>
            {
                var options = @case.GetProperty("opts");
                // The table writes addresses without a path; the text is kept as it was configured.
                var url = GlobalUrl.Of(
                    new Uri(@case.GetProperty("input").GetString()!), options.GetProperty("ListenAddress").GetString()!, options.GetProperty("Scheme").GetString()!, options.GetProperty("Host").GetString()!);
                Assert.Equal(@case.GetProperty("expected").GetString(), url);
            });
        run.Finish(8);
    }

    [ConformanceFact]
    public async Task Failures_have_their_error_type()
    {
        var run = new ConformanceRun("http-api", "parameters.returnApiError");
        foreach (var @case in Kit("returnApiError"))
            await run.CaseAsync(@case.GetProperty("err").GetRawText(), async () =>
            {
                // A wrapped error is the same failure; what is inside decides.
                var error = @case.GetProperty("err");
                if (error.ValueKind == JsonValueKind.Object && error.TryGetProperty("args", out var arguments))
                    error = arguments[1];
                var world = new ApiWorld { Answer = _ => Fail(error) };
                Assert.Equal(@case.GetProperty("expected").GetString(), (await world.Get("/api/v1/query?query=up")).Json.GetProperty("errorType").GetString());
            });
        run.Finish(8);
    }

    /// <summary>How each kind of failure reaches the API here: query errors as values, storage errors as exceptions, a cancelled context as a cancelled task.</summary>
    private static ActorMon.Api.Ports.QueryAnswer Fail(JsonElement error) => error.ValueKind == JsonValueKind.Object
        ? throw new IOException(error.GetProperty("Err").GetString())
        : error.GetString() switch
        {
            "timeout error" => ApiWorld.Failure(QueryErrorKind.Timeout, "timeout error"),
            "canceled error" => ApiWorld.Failure(QueryErrorKind.Canceled, "canceled error"),
            "exec error" => ApiWorld.Failure(QueryErrorKind.Execution, "exec error"),
            "context canceled" => throw new OperationCanceledException("context canceled"),
            var other => throw new NotSupportedException($"the kit has a failure this test does not know: {other}"),
        };

    private static IEnumerable<JsonElement> Kit(string group) => ConformanceData.Json("http-api", "parameters.json").GetProperty(group).EnumerateArray();
}

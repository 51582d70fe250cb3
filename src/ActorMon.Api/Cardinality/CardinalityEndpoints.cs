using ActorMon.Api.Http;
using ActorMon.Api.Ports;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Parsing;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Cardinality;

/// <summary>
/// /api/v1/cardinality/*: where the active series come from (metrics, labels, pairs; match[], start and end narrow them), which jobs and targets have how many, which hours
/// brought and took how many, and what the limits refuse. <c>limit</c> is the length of a ranking, 1..10000.
/// </summary>
public sealed class CardinalityEndpoints
{
    private readonly ICardinalityPort _port;

    private CardinalityEndpoints(ICardinalityPort port) => _port = port;

    /// <param name="port">Null: no routes.</param>
    public static IEnumerable<Route> Routes(ICardinalityPort? port)
    {
        if (port is null)
            return [];
        var endpoints = new CardinalityEndpoints(port);
        return
        [
            new("/api/v1/cardinality/metrics", (context, _) => endpoints.ReportAsync(context, CardinalityJson.Metrics), true, "GET", "POST"),
            new("/api/v1/cardinality/labels", (context, _) => endpoints.ReportAsync(context, CardinalityJson.Labels), true, "GET", "POST"),
            new("/api/v1/cardinality/pairs", (context, _) => endpoints.ReportAsync(context, CardinalityJson.Pairs), true, "GET", "POST"),
            new("/api/v1/cardinality/jobs", endpoints.JobsAsync, true, "GET"),
            new("/api/v1/cardinality/targets", endpoints.TargetsAsync, true, "GET"),
            new("/api/v1/cardinality/churn", endpoints.ChurnAsync, true, "GET"),
            new("/api/v1/cardinality/limits", endpoints.LimitsAsync, true, "GET"),
        ];
    }

    private Task ReportAsync(HttpContext context, Action<Json.JsonOut, CardinalityReport, int> write) => WithParameters(context, (reader, top) =>
    {
        var (min, max) = (reader.Time("start", TimestampMs.Min), reader.Time("end", TimestampMs.Max));
        IReadOnlyList<IReadOnlyList<Matcher>> sets = reader.MatcherSets(named: true);
        if (reader.Error is { } error)
            return ApiResponse.BadDataAsync(context, error, context.RequestAborted);
        var report = _port.Report(sets, min, max, top, context.RequestAborted);
        return ApiResponse.SuccessAsync(context, json => write(json, report, top), context.RequestAborted);
    });

    private Task JobsAsync(HttpContext context, string _) => WithParameters(context, (_, top) =>
    {
        var jobs = _port.Jobs(top);
        return ApiResponse.SuccessAsync(context, json => CardinalityJson.Jobs(json, jobs), context.RequestAborted);
    });

    private Task TargetsAsync(HttpContext context, string _) => WithParameters(context, (reader, top) =>
    {
        var targets = _port.Targets(JobOf(reader), top);
        return ApiResponse.SuccessAsync(context, json => CardinalityJson.Targets(json, targets), context.RequestAborted);
    });

    private Task ChurnAsync(HttpContext context, string _) => WithParameters(context, (reader, top) =>
    {
        var hours = _port.Churn(JobOf(reader));
        return ApiResponse.SuccessAsync(context, json => CardinalityJson.Churn(json, hours, top), context.RequestAborted);
    });

    private Task LimitsAsync(HttpContext context, string _) => WithParameters(context, (_, top) =>
    {
        var (limits, refused) = (_port.Limits(), _port.Refused());
        return ApiResponse.SuccessAsync(context, json => CardinalityJson.Limits(json, limits, refused, top), context.RequestAborted);
    });

    private static string? JobOf(ParameterReader reader) => reader.Text("job") is { Length: > 0 } job ? job : null;

    private static async Task WithParameters(HttpContext context, Func<ParameterReader, int, Task> handle)
    {
        var (parameters, formError) = await ApiParameters.ReadAsync(context.Request, context.RequestAborted);
        if (parameters is null)
        {
            await ApiResponse.BadDataAsync(context, formError!, context.RequestAborted);
            return;
        }
        var reader = new ParameterReader(parameters, new ParserOptions());
        var (top, error) = TopParameter.Read(reader.Text("limit"));
        if (error is not null)
            await ApiResponse.BadDataAsync(context, error, context.RequestAborted);
        else
            await handle(reader, top);
    }
}

using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Cardinality;

/// <summary>
/// /api/v1/cardinality/*: where the active series come from (metrics, labels, pairs; match[], start and end narrow them), which jobs and targets have how many, which hours
/// brought and took how many, and what the limits refuse. <c>limit</c> is the length of a ranking, 1..10000.
/// </summary>
public sealed class CardinalityEndpoints
{
    private readonly ICardinalityPort _port;
    private readonly ApiSettings _settings;

    private CardinalityEndpoints(ICardinalityPort port, ApiSettings settings) => (_port, _settings) = (port, settings);

    /// <param name="port">Null: no routes.</param>
    public static IEnumerable<Route> Routes(ICardinalityPort? port, ApiSettings settings)
    {
        if (port is null)
            return [];
        var endpoints = new CardinalityEndpoints(port, settings);
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

    private Task ReportAsync(HttpContext context, Action<JsonOut, CardinalityReport, int> write) => AnswerAsync<CardinalityReport>(
        context,
        (reader, top) =>
        {
            var (min, max) = (reader.Time("start", TimestampMs.Min), reader.Time("end", TimestampMs.Max));
            var sets = reader.MatcherSets(named: true);
            return cancellation => _port.ReportAsync(sets, min, max, top, cancellation);
        },
        write);

    private Task JobsAsync(HttpContext context, string _) => AnswerAsync<IReadOnlyList<JobRow>>(
        context, (_, top) => cancellation => _port.JobsAsync(top, cancellation), static (json, jobs, _) => CardinalityJson.Jobs(json, jobs));

    private Task TargetsAsync(HttpContext context, string _) => AnswerAsync<IReadOnlyList<TargetRow>>(
        context,
        (reader, top) =>
        {
            var job = JobOf(reader);
            return cancellation => _port.TargetsAsync(job, top, cancellation);
        },
        static (json, targets, _) => CardinalityJson.Targets(json, targets));

    private Task ChurnAsync(HttpContext context, string _) => AnswerAsync<IReadOnlyList<ChurnHourRow>>(
        context,
        (reader, _) =>
        {
            var job = JobOf(reader);
            return cancellation => _port.ChurnAsync(job, cancellation);
        },
        CardinalityJson.Churn);

    private Task LimitsAsync(HttpContext context, string _) => AnswerAsync<SeriesLimitsReport>(
        context, (_, _) => _port.LimitsAsync, static (json, report, top) => CardinalityJson.Limits(json, report.Limits, report.Refused, top));

    private static string? JobOf(ParameterReader reader) => reader.Text("job") is { Length: > 0 } job ? job : null;

    private Task AnswerAsync<T>(HttpContext context, Func<ParameterReader, int, Func<CancellationToken, ValueTask<Partial<T>>>> prepare, Action<JsonOut, T, int> write)
    {
        var top = 0;
        return ClusterAnswer.WriteAsync(
            context, _settings,
            reader =>
            {
                top = reader.Top();
                return prepare(reader, top);
            },
            (value, missing) => ApiResponse.SuccessAsync(context, json => write(json, value, top), context.RequestAborted, missing));
    }
}

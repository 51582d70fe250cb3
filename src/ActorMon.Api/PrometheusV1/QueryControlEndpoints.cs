using System.Globalization;
using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Model.Text;
using ActorMon.PromQL.Explain;
using ActorMon.PromQL.Results;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.PrometheusV1;

/// <summary>
/// What is known of queries from outside, beyond the original's API: /api/v1/query_explain (parameters of query or query_range, analyze=true, format=json|text),
/// GET /api/v1/status/queries and DELETE /api/v1/status/queries/{id}.
/// </summary>
public sealed class QueryControlEndpoints(IQueryPort queries, QueryEndpoints requests, ApiSettings settings)
{
    public async Task ExplainAsync(HttpContext context, string _)
    {
        var cancellation = context.RequestAborted;
        var (parameters, formError) = await ApiParameters.ReadAsync(context.Request, cancellation);
        if (parameters is null)
        {
            await ApiResponse.BadDataAsync(context, formError!, cancellation);
            return;
        }
        var range = parameters.Has("start") || parameters.Has("end") || parameters.Has("step");
        var (request, timeout, error) = requests.RequestOf(context, parameters, range);
        if (request is null)
        {
            await ApiResponse.BadDataAsync(context, error!, cancellation);
            return;
        }
        var reader = new ParameterReader(parameters, settings.Parser);
        var mode = reader.Bool("analyze", false) ? QueryMode.Analyze : QueryMode.Explain;
        var format = reader.Text("format");
        if (format is not ("" or "json" or "text"))
            reader.Fail("format", $"{GoQuote.Quote(format)} is neither \"json\" nor \"text\"");
        if (reader.Error is { } wrong)
        {
            await ApiResponse.BadDataAsync(context, wrong, cancellation);
            return;
        }
        var answer = await queries.ExecuteAsync(request with { Mode = mode }, timeout, cancellation);
        using var memory = answer.Result.Memory;
        if (!answer.Result.IsSuccess || answer.Result.Plan is not { } plan)
            await ApiResponse.ErrorAsync(context, QueryEndpoints.ErrorOf(answer.Result.Error ?? new QueryError(QueryErrorKind.Execution, "there is no plan")), cancellation);
        else if (format == "text")
            await PlainText.WriteAsync(context, 200, PlanText.Of(plan));
        else
            await ApiResponse.SuccessAsync(context, json => Plan(json, plan, mode, answer), cancellation, answer.Result.Warnings, answer.Result.Infos);
    }

    public Task ListAsync(HttpContext context, string _) => ClusterAnswer.WriteAsync<IReadOnlyList<ClusterQuery>>(
        context, settings, _ => async cancellation => await queries.ListAsync(cancellation),
        (running, missing) => ApiResponse.SuccessAsync(context, json => JsonObject.Begin(json).List("queries", running, Query).End(), context.RequestAborted, missing));

    public async Task KillAsync(HttpContext context, string text)
    {
        if (QueryId.Parse(text) is not { } id)
        {
            await ApiResponse.BadDataAsync(context, $"invalid parameter \"id\": {GoQuote.Quote(text)} is not the id of a query, as /api/v1/status/queries lists them", context.RequestAborted);
            return;
        }
        var (found, missing) = await queries.KillAsync(id, context.RequestAborted);
        if (found)
            context.Response.StatusCode = 204;
        else if (missing.Count > 0)
            await ApiResponse.ErrorAsync(
                context, new ApiError(ApiErrorType.Unavailable, $"no query {id} runs or waits at the nodes that answered; {string.Join("; ", missing)}"), context.RequestAborted);
        else
            await ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.NotFound, $"no query {id} runs or waits"), context.RequestAborted);
    }

    private static void Plan(JsonOut json, PlanReport plan, QueryMode mode, QueryAnswer answer)
    {
        var shown = JsonObject.Begin(json).Field("plan", plan, static (json, plan) => json.Write(output => PlanJson.Write(plan, output))).Field("text", PlanText.Of(plan));
        if (mode == QueryMode.Analyze)
            shown = shown.Field("totals", answer, Totals);
        shown.End();
    }

    private static void Totals(JsonOut json, QueryAnswer answer)
    {
        var stats = answer.Result.Stats;
        JsonObject.Begin(json)
            .Field("planningSeconds", stats.Planning.TotalSeconds).Field("selectingSeconds", stats.Selecting.TotalSeconds)
            .Field("evaluatingSeconds", stats.Evaluating.TotalSeconds).Field("queuedSeconds", answer.Queued.TotalSeconds)
            .Field("samples", stats.TotalQueryableSamples).Field("samplesRead", stats.SamplesRead).Field("peakSamples", stats.PeakSamples).Field("peakBytes", stats.PeakBytes).End();
    }

    private static void Query(JsonOut json, ClusterQuery query)
    {
        var shown = JsonObject.Begin(json).Field("id", query.Id.ToString()).Field("node", query.Node).Field("query", query.Text).Field("state", query.IsRunning ? "running" : "waiting")
            .Field("started", query.Started.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))
            .Field("ageSeconds", query.Age.TotalSeconds).Field("timeoutSeconds", query.Timeout.TotalSeconds)
            .Field("start", query.Start, static (json, time) => json.Timestamp(time))
            .Field("end", query.End, static (json, time) => json.Timestamp(time))
            .Field("stepSeconds", query.StepMs / 1000.0);
        if (query.Client.Length > 0)
            shown = shown.Field("client", query.Client).Field("path", query.Path);
        shown.End();
    }
}

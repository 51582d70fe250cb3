using System.Globalization;
using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.PromQL.Explain;
using ActorMon.PromQL.Results;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.PrometheusV1;

/// <summary>
/// What is known of queries from outside, beyond the original's API: /api/v1/query_explain (parameters of query or query_range, analyze=true, format=text),
/// GET /api/v1/status/queries and DELETE /api/v1/status/queries/{id}.
/// </summary>
public sealed class QueryControlEndpoints(IQueryPort queries, QueryEndpoints requests)
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
        var mode = parameters.Get("analyze") is "true" or "1" ? QueryMode.Analyze : QueryMode.Explain;
        var answer = await queries.ExecuteAsync(request with { Mode = mode }, timeout, cancellation);
        using var memory = answer.Result.Memory;
        if (!answer.Result.IsSuccess || answer.Result.Plan is not { } plan)
            await ApiResponse.ErrorAsync(context, QueryEndpoints.ErrorOf(answer.Result.Error ?? new QueryError(QueryErrorKind.Execution, "there is no plan")), cancellation);
        else if (parameters.Get("format") == "text")
            await PlainText.WriteAsync(context, 200, PlanText.Of(plan));
        else
            await ApiResponse.SuccessAsync(context, json => Plan(json, plan, mode, answer), cancellation, answer.Result.Warnings, answer.Result.Infos);
    }

    public async Task ListAsync(HttpContext context, string _)
    {
        var running = await queries.ListAsync(context.RequestAborted);
        await ApiResponse.SuccessAsync(context, json => List(json, running), context.RequestAborted);
    }

    public async Task KillAsync(HttpContext context, string id)
    {
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            await ApiResponse.BadDataAsync(context, $"invalid parameter \"id\": \"{id}\" is not the number of a query", context.RequestAborted);
        else if (await queries.KillAsync(number, context.RequestAborted))
            context.Response.StatusCode = 204;
        else
            await ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.NotFound, $"no query {id} runs or waits"), context.RequestAborted);
    }

    private static void Plan(JsonOut json, PlanReport plan, QueryMode mode, QueryAnswer answer)
    {
        json.Raw("{\"plan\":"u8);
        json.Write(output => PlanJson.Write(plan, output));
        json.Raw(",\"text\":"u8);
        json.String(PlanText.Of(plan));
        if (mode == QueryMode.Analyze)
        {
            var stats = answer.Result.Stats;
            json.Raw(",\"totals\":{\"planningSeconds\":"u8);
            json.Number(stats.Planning.TotalSeconds);
            json.Raw(",\"selectingSeconds\":"u8);
            json.Number(stats.Selecting.TotalSeconds);
            json.Raw(",\"evaluatingSeconds\":"u8);
            json.Number(stats.Evaluating.TotalSeconds);
            json.Raw(",\"queuedSeconds\":"u8);
            json.Number(answer.Queued.TotalSeconds);
            json.Raw(",\"samples\":"u8);
            json.Number(stats.TotalQueryableSamples);
            json.Raw(",\"samplesRead\":"u8);
            json.Number(stats.SamplesRead);
            json.Raw(",\"peakSamples\":"u8);
            json.Number(stats.PeakSamples);
            json.Raw(",\"peakBytes\":"u8);
            json.Number(stats.PeakBytes);
            json.Raw((byte)'}');
        }
        json.Raw((byte)'}');
    }

    private static void List(JsonOut json, IReadOnlyList<RunningQuery> running)
    {
        json.Raw("{\"queries\":["u8);
        for (var i = 0; i < running.Count; i++)
        {
            var query = running[i];
            json.Raw(i > 0 ? ",{\"id\":"u8 : "{\"id\":"u8);
            json.Number(query.Id);
            json.Raw(",\"query\":"u8);
            json.String(query.Request.Text);
            json.Raw(",\"state\":"u8);
            json.String(query.IsRunning ? "running" : "waiting");
            json.Raw(",\"started\":"u8);
            json.String(query.Started.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.Raw(",\"ageSeconds\":"u8);
            json.Number(query.Age.TotalSeconds);
            json.Raw(",\"timeoutSeconds\":"u8);
            json.Number(query.Timeout.TotalSeconds);
            json.Raw(",\"start\":"u8);
            json.Timestamp(query.Request.Start);
            json.Raw(",\"end\":"u8);
            json.Timestamp(query.Request.IsInstant ? query.Request.Start : query.Request.End);
            json.Raw(",\"stepSeconds\":"u8);
            json.Number(query.Request.StepMs / 1000.0);
            if (query.Request.Origin is { } origin)
            {
                json.Raw(",\"client\":"u8);
                json.String(origin.ClientIp);
                json.Raw(",\"path\":"u8);
                json.String(origin.Path);
            }
            json.Raw((byte)'}');
        }
        json.Raw("]}"u8);
    }
}

using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Printing;
using ActorMon.PromQL.Results;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.PrometheusV1;

/// <summary>/api/v1/query, query_range, format_query, parse_query.</summary>
public sealed class QueryEndpoints(IQueryPort queries, ApiSettings settings, TimeProvider time)
{
    /// <summary>Steps of one range query, as in the original.</summary>
    public const int MaxSteps = 11_000;

    private const string TooManySteps =
        "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)";

    public Task InstantAsync(HttpContext context, string _) => HandleAsync(context, range: false);

    public Task RangeAsync(HttpContext context, string _) => HandleAsync(context, range: true);

    public Task FormatAsync(HttpContext context, string _) => ShowAsync(context, (json, expression) => json.String(PrettyPrinter.Format(expression)));

    public Task ParseAsync(HttpContext context, string _) => ShowAsync(context, (json, expression) => json.Write(output => AstJson.Write(expression, output)));

    /// <summary>The one place that maps a failed query to an API error.</summary>
    public static ApiError ErrorOf(QueryError error) => new(
        error.Kind switch
        {
            QueryErrorKind.BadData => ApiErrorType.BadData,
            QueryErrorKind.Canceled => ApiErrorType.Canceled,
            QueryErrorKind.Timeout => ApiErrorType.Timeout,
            QueryErrorKind.Unavailable => ApiErrorType.Unavailable,
            _ => ApiErrorType.Execution,
        },
        error.TextWithHint);

    /// <summary>The request that parameters of query or query_range describe; null with the original's text of what is wrong with them.</summary>
    public (QueryRequest? Request, TimeSpan? Timeout, string? Error) RequestOf(HttpContext context, ApiParameters parameters, bool range)
    {
        var read = Read(context, parameters, range);
        return (read.Error is null ? read.Request : null, read.Timeout, read.Error);
    }

    private async Task HandleAsync(HttpContext context, bool range)
    {
        var cancellation = context.RequestAborted;
        var (parameters, formError) = await ApiParameters.ReadAsync(context.Request, cancellation);
        if (parameters is null)
        {
            await ApiResponse.BadDataAsync(context, formError!, cancellation);
            return;
        }
        var (request, timeout, limit, error) = Read(context, parameters, range);
        if (error is not null)
        {
            await ApiResponse.BadDataAsync(context, error, cancellation);
            return;
        }
        if (timeout <= TimeSpan.Zero)
        {
            await ApiResponse.ErrorAsync(context, ErrorOf(QueryError.TimedOut(timeout.Value)), cancellation);
            return;
        }
        var answer = await queries.ExecuteAsync(request!, timeout, cancellation);
        using var memory = answer.Result.Memory;
        if (!answer.Result.IsSuccess)
        {
            await ApiResponse.ErrorAsync(context, ErrorOf(answer.Result.Error), cancellation);
            return;
        }
        var value = answer.Result.Value;
        var warnings = answer.Result.Warnings;
        if (limit > 0 && QueryResultJson.Truncate(value, limit) is { } truncated)
        {
            value = truncated;
            warnings = [.. warnings, "results truncated due to limit"];
        }
        var stats = parameters.Get("stats");
        if (stats is not ("" or "true" or "all"))
            warnings = [.. warnings, $"value {GoQuote.Quote(stats)} for parameter \"stats\" is deprecated and will be rejected in the next major release, use \"true\" or \"all\""];
        var statistics = stats.Length > 0 ? new QueryStatistics(answer.Result.Stats, answer.Queued, request!.Start, request.StepMs, request.PerStepStats) : null;
        await ApiResponse.StreamAsync(
            context, (json, flush) => QueryResultJson.WriteAsync(json, value, statistics, flush), cancellation, warnings, answer.Result.Infos);
    }

    private (QueryRequest? Request, TimeSpan? Timeout, int Limit, string? Error) Read(HttpContext context, ApiParameters parameters, bool range)
    {
        // In the original's order, so that of several bad parameters the same one is named.
        var reader = new ParameterReader(parameters, settings.Parser);
        var limit = reader.Limit();
        var steps = range ? RangeSteps(reader) : InstantStep(reader);
        var timeout = reader.Duration("timeout");
        var lookback = reader.LookbackDelta();
        var expression = reader.Query("query");
        if (steps.StepMs > 0 && expression.Kind is not (ValueKind.Scalar or ValueKind.Vector))
            reader.Fail("query", $"invalid expression type \"{KindText(expression.Kind)}\" for range query, must be Scalar or instant Vector");
        var denyPartial = reader.DeniesPartial(settings.DenyPartial);
        if (reader.Error is { } error)
            return (null, null, 0, error);
        var request = new QueryRequest
        {
            Expression = expression,
            Text = reader.Text("query"),
            Start = steps.Start,
            End = steps.End,
            StepMs = steps.StepMs,
            LookbackMs = lookback,
            SubqueryStepMs = (long)settings.DefaultEvaluationInterval().TotalMilliseconds,
            Features = settings.Features,
            DenyPartial = denyPartial,
            PerStepStats = settings.PerStepStats && parameters.Get("stats") == "all",
            Origin = new QueryOrigin(context.Connection.RemoteIpAddress?.ToString() ?? "", context.Request.Method, context.Request.Path.Value ?? ""),
        };
        return (request, timeout, limit, null);
    }

    private Steps InstantStep(ParameterReader reader)
    {
        var at = reader.Time("time", TimestampMs.From(time.GetUtcNow()));
        return new Steps(at.Value, at.Value, 0);
    }

    private static Steps RangeSteps(ParameterReader reader)
    {
        var start = reader.RequiredTime("start");
        var end = reader.RequiredTime("end");
        if (end < start)
            reader.Fail("end", "end timestamp must not be before start time");
        var step = (long)reader.RequiredDuration("step").TotalMilliseconds;
        if (step <= 0)
            reader.Fail("step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
        else if (((Int128)end.Value - start.Value) / step > MaxSteps)
            reader.FailPlain(TooManySteps);
        return new Steps(start.Value, end.Value, step);
    }

    private async Task ShowAsync(HttpContext context, Action<JsonOut, Expr> write)
    {
        var (parameters, formError) = await ApiParameters.ReadAsync(context.Request, context.RequestAborted);
        if (parameters is null)
        {
            await ApiResponse.BadDataAsync(context, formError!, context.RequestAborted);
            return;
        }
        var reader = new ParameterReader(parameters, settings.Parser);
        var expression = reader.Query("query");
        if (reader.Error is { } error)
            await ApiResponse.BadDataAsync(context, error, context.RequestAborted);
        else
            await ApiResponse.SuccessAsync(context, json => write(json, expression), context.RequestAborted);
    }

    private static string KindText(ValueKind kind) => kind switch
    {
        ValueKind.Matrix => "range vector",
        ValueKind.String => "string",
        ValueKind.Scalar => "scalar",
        ValueKind.Vector => "instant vector",
        _ => "none",
    };

    /// <summary>Evaluation times in ms; step 0: one, at Start.</summary>
    private readonly record struct Steps(long Start, long End, long StepMs);
}

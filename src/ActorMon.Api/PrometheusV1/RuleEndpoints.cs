using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.PrometheusV1;

/// <summary>/api/v1/rules, alerts, alerts/history. What each node knows of its groups is put together; nodes that do not answer are named in warnings.</summary>
/// <param name="rules">Null: nothing evaluates rules here.</param>
public sealed class RuleEndpoints(IRulesPort? rules, ApiSettings settings, TimeProvider time)
{
    private const int MostTransitions = 10_000;

    public async Task RulesAsync(HttpContext context, string _)
    {
        var cancellation = context.RequestAborted;
        if (await ReaderAsync(context) is not { } reader)
            return;
        var filter = new RuleFilter(reader);
        var exclude = reader.Text("exclude_alerts").ToLowerInvariant();
        var withAlerts = exclude.Length == 0 || GoBool.Parse(exclude) is false;
        if (exclude.Length > 0 && GoBool.Parse(exclude) is null)
            reader.Fail("exclude_alerts", $"error converting exclude_alerts: strconv.ParseBool: parsing {GoQuote.Quote(exclude)}: invalid syntax");
        var pages = RulePages.Of(reader);
        if (reader.Error is { } wrong)
        {
            await ApiResponse.BadDataAsync(context, wrong, cancellation);
            return;
        }
        var (groups, missing) = rules is null ? new([], []) : await rules.GroupsAsync(cancellation);
        if (pages.Start(groups) is not { } start)
        {
            await ApiResponse.BadDataAsync(context, $"invalid parameter \"group_next_token\": invalid group_next_token '{pages.Token}'. were rule groups changed?", cancellation);
            return;
        }
        var wanted = filter.Of(start == 0 ? groups : [.. groups.Skip(start)]);
        var shown = pages.Limit > 0 ? Math.Min(pages.Limit, wanted.Count) : wanted.Count;
        await ApiResponse.StreamAsync(
            context,
            async (json, flush) =>
            {
                json.Raw("{\"groups\":["u8);
                for (var i = 0; i < shown; i++)
                {
                    if (i > 0)
                        json.Raw((byte)',');
                    RuleJson.Group(json, wanted[i], withAlerts);
                    await flush();
                }
                json.Raw((byte)']');
                if (shown < wanted.Count)
                {
                    json.Raw(",\"groupNextToken\":"u8);
                    json.String(RulePages.TokenOf(wanted[shown]));
                }
                json.Raw((byte)'}');
            },
            cancellation, missing);
    }

    public async Task AlertsAsync(HttpContext context, string _)
    {
        var (groups, missing) = rules is null ? new([], []) : await rules.GroupsAsync(context.RequestAborted);
        await ListAsync(context, "alerts", [.. groups.SelectMany(g => g.Rules).SelectMany(r => r.Alerts)], RuleJson.Alert, missing);
    }

    /// <summary>match[] (any of them, on the alerts' labels), start and end (RFC 3339 or Unix seconds), limit: the newest ones, oldest first.</summary>
    public async Task HistoryAsync(HttpContext context, string _)
    {
        if (await ReaderAsync(context) is not { } reader)
            return;
        var matchers = reader.MatcherSets(named: false);
        var from = reader.Time("start", new TimestampMs(0));
        var to = reader.Time("end", TimestampMs.From(time.GetUtcNow()));
        var limit = reader.Limit() is > 0 and var asked && asked < MostTransitions ? asked : MostTransitions;
        if (reader.Error is null && to < from)
            reader.FailPlain("end timestamp must not be before start time");
        if (reader.Error is { } wrong)
        {
            await ApiResponse.BadDataAsync(context, wrong, context.RequestAborted);
            return;
        }
        var (all, missing) = rules is null ? new([], []) : await rules.HistoryAsync(from.ToDateTimeOffset(), to.ToDateTimeOffset(), context.RequestAborted);
        IReadOnlyList<PastTransition> found = matchers.Count == 0 ? all : [.. all.Where(p => matchers.Any(set => set.All(m => m.Matches(p.Labels))))];
        IReadOnlyList<string> warnings = found.Count > limit ? [.. missing, "results truncated due to limit"] : missing;
        await ListAsync(context, "transitions", found.Count > limit ? [.. found.Skip(found.Count - limit)] : found, RuleJson.Transition, warnings);
    }

    private static Task ListAsync<T>(HttpContext context, string name, IReadOnlyList<T> items, Action<JsonOut, T> write, IReadOnlyList<string> warnings) => ApiResponse.StreamAsync(
        context,
        async (json, flush) =>
        {
            json.Raw((byte)'{');
            json.Name(name);
            json.Raw((byte)'[');
            for (var i = 0; i < items.Count; i++)
            {
                if (i > 0)
                    json.Raw((byte)',');
                write(json, items[i]);
                await flush();
            }
            json.Raw("]}"u8);
        },
        context.RequestAborted, warnings);

    /// <summary>Null: the request was malformed and is answered.</summary>
    private async Task<ParameterReader?> ReaderAsync(HttpContext context)
    {
        var (parameters, error) = await ApiParameters.ReadAsync(context.Request, context.RequestAborted);
        error ??= parameters!.Fault;
        if (parameters is not null && error is null)
            return new ParameterReader(parameters, settings.Parser);
        await ApiResponse.BadDataAsync(context, error!, context.RequestAborted);
        return null;
    }
}

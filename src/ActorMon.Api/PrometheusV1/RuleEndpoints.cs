using System.Globalization;
using ActorMon.Api.Http;
using ActorMon.Api.Ports;
using ActorMon.Model.Text;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.PrometheusV1;

/// <summary>
/// /api/v1/rules and alerts. Parameters are checked as the original does; nothing evaluates rules in this version, so every list is empty.
/// </summary>
public sealed class RuleEndpoints(ApiSettings settings)
{
    public async Task RulesAsync(HttpContext context, string _)
    {
        var cancellation = context.RequestAborted;
        var (parameters, error) = await ApiParameters.ReadAsync(context.Request, cancellation);
        error ??= parameters!.Fault;
        if (parameters is null || error is not null)
        {
            await ApiResponse.BadDataAsync(context, error!, cancellation);
            return;
        }
        var reader = new ParameterReader(parameters, settings.Parser);
        reader.MatcherSets(named: false);
        var type = parameters.Get("type").ToLowerInvariant();
        if (type is not ("" or "alert" or "record"))
            reader.Fail("type", $"not supported value {GoQuote.Quote(type)}");
        var exclude = parameters.Get("exclude_alerts").ToLowerInvariant();
        if (exclude.Length > 0 && GoBool.Parse(exclude) is null)
            reader.Fail("exclude_alerts", $"error converting exclude_alerts: strconv.ParseBool: parsing {GoQuote.Quote(exclude)}: invalid syntax");
        CheckPage(reader);
        if (reader.Error is { } wrong)
            await ApiResponse.BadDataAsync(context, wrong, cancellation);
        else
            await ApiResponse.SuccessAsync(context, json => json.Raw("{\"groups\":[]}"u8), cancellation);
    }

    public Task AlertsAsync(HttpContext context, string _) =>
        ApiResponse.SuccessAsync(context, json => json.Raw("{\"alerts\":[]}"u8), context.RequestAborted);

    /// <summary>group_limit and group_next_token. A token names a group of an earlier answer; there is none it could name.</summary>
    private static void CheckPage(ParameterReader reader)
    {
        var limit = reader.Text("group_limit");
        var token = reader.Text("group_next_token");
        if (limit.Length == 0)
        {
            if (token.Length > 0)
                reader.Fail("group_next_token", "group_limit needs to be present in order to paginate over the groups");
            return;
        }
        if (!int.TryParse(limit, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var groups))
        {
            var fault = long.TryParse(limit, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var _) ? "value out of range" : "invalid syntax";
            reader.Fail("group_limit", $"group_limit needs to be a valid number: strconv.ParseInt: parsing {GoQuote.Quote(limit)}: {fault}");
        }
        else if (groups <= 0)
            reader.Fail("group_limit", "group_limit needs to be greater than 0");
        else if (token.Length > 0)
            reader.Fail("group_next_token", $"invalid group_next_token '{token}'. were rule groups changed?");
    }
}

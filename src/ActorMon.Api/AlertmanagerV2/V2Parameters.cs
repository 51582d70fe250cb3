using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Views;
using ActorMon.Api.Http;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.AlertmanagerV2;

/// <summary>Query parameters of the Alertmanager's API.</summary>
internal sealed class V2Parameters(HttpContext context, AlertmanagerSetup setup)
{
    private readonly ApiParameters _parameters = ApiParameters.Parse((context.Request.QueryString.Value ?? "").TrimStart('?'));

    /// <summary>True when absent; any text that does not say yes says no, as in the original.</summary>
    public bool Flag(string name) => Last(name).ToLowerInvariant() is "" or "true" or "1" or "yes" or "ok" or "y" or "on" or "selected" or "checked" or "t" or "enabled";

    /// <summary>Which alerts to show, or what is wrong with a parameter.</summary>
    public (AlertQuery? Query, string? Error) Query()
    {
        var (filter, error) = Filter("filter");
        if (filter is null)
            return (null, error);
        var (receivers, receiverError) = Receivers();
        if (receiverError is not null)
            return (null, receiverError);
        return (new AlertQuery
        {
            Filter = filter,
            Active = Flag("active"),
            Silenced = Flag("silenced"),
            Inhibited = Flag("inhibited"),
            Muted = Flag("muted"),
            Receivers = receivers?.Select(receiver => receiver.Name).ToHashSet(StringComparer.Ordinal),
        }, null);
    }

    /// <summary>The receivers that the parameters ask for, in the order of the configuration; null: they do not narrow them.</summary>
    /// <param name="byName">The parameter "receiver" counts.</param>
    public (IReadOnlyList<ReceiverSettings>? Receivers, string? Error) Receivers(bool byName = true)
    {
        AnchoredRegex? name = null;
        if (byName && Last("receiver") is { Length: > 0 } pattern)
            try
            {
                name = AnchoredRegex.ParseForAlerts(pattern);
            }
            catch (FormatException e)
            {
                return (null, "failed to parse receiver param: " + e.Message);
            }
        var (matchers, error) = Filter("receiver_matchers");
        if (matchers is null)
            return (null, "failed to parse receiver_matchers param: " + error);
        if (name is null && matchers.IsEmpty)
            return (null, null);
        return ([.. setup.Config.Receivers.Where(receiver => (name is null || name.IsMatch(receiver.Name)) && (matchers.IsEmpty || matchers.Matches(LabelSet.From(receiver.Labels))))], null);
    }

    /// <summary>Of a parameter that is given several times the last one counts, as in the original; "" when there is none.</summary>
    private string Last(string name) => _parameters.All(name) is [.., var last] ? last : "";

    public (MatcherSet? Matchers, string? Error) Filter(string name)
    {
        var matchers = new List<AlertMatcher>();
        foreach (var text in _parameters.All(name))
        {
            var parsed = MatcherParser.ParseOne(text, setup.Syntax);
            if (parsed.Error is { } error)
                return (null, error);
            matchers.AddRange(parsed.Matchers);
        }
        return (new MatcherSet(matchers), null);
    }
}

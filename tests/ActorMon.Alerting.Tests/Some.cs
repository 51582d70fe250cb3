using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Routing;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Tests;

/// <summary>Values that many tests need.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2024, 5, 6, 7, 8, 9, TimeSpan.Zero);

    public static Alert Alert(DateTimeOffset startsAt, params ReadOnlySpan<string> labels) => new()
    {
        Labels = LabelSet.Of(labels),
        StartsAt = startsAt,
        EndsAt = startsAt + TimeSpan.FromHours(1),
        UpdatedAt = startsAt,
    };

    public static MatcherSet Matchers(string text) => new(MatcherParser.ParseList(text).Matchers);

    public static RouteSpec Route(string matchers, params RouteSpec[] routes) => new() { Matchers = Matchers(matchers), Routes = routes };
}

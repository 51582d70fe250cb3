using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Notifying.Alerts;
using ActorMon.Rules.Alerts;

namespace ActorMon.Notifying.Tests;

/// <summary>Alerts for tests.</summary>
internal static class Alerts
{
    public static readonly TimestampMs Start = new(1_700_000_000_000);

    public static AlertNotice Notice(string expression, params string[] labels) =>
        new(LabelSet.Of(labels), LabelSet.Empty, expression, Start, Start + TimeSpan.FromMinutes(4));

    public static OutgoingAlert Outgoing(params string[] labels) => new(LabelSet.Of(labels), LabelSet.Empty, Start, Start + TimeSpan.FromMinutes(4), "");

    public static IReadOnlyList<OutgoingAlert> Numbered(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(i => Outgoing("alertname", FormattableString.Invariant($"a{i}")))];

    public static string[] Names(IEnumerable<OutgoingAlert> alerts) => [.. alerts.Select(a => a.Labels.Get("alertname"))];
}

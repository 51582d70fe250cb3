using System.Globalization;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Silences.Recurring;
using ActorMon.Alerting.Views;
using ActorMon.Api.Json;
using ActorMon.Model.Matchers;

namespace ActorMon.Api.AlertmanagerV2;

/// <summary>Alerts, groups and silences as the API shows them, fields in the original's order.</summary>
internal static class V2Json
{
    /// <param name="receivers">Names, in the order to show.</param>
    public static void Alert(JsonOut json, Alert alert, AlertStatus status, IReadOnlyList<string> receivers)
    {
        var shown = JsonObject.Begin(json)
            .Field("annotations", alert.Annotations, LabelsJson.Write)
            .Field("endsAt", V2Time.Write(alert.EndsAt))
            .Field("fingerprint", Fingerprint.TextOf(alert.Labels))
            .List("receivers", receivers, Receiver)
            .Field("startsAt", V2Time.Write(alert.StartsAt))
            .Field("status", status, Status)
            .Field("updatedAt", V2Time.Write(alert.UpdatedAt));
        if (alert.GeneratorUrl.Length > 0)
            shown = shown.Field("generatorURL", alert.GeneratorUrl);
        shown.Field("labels", alert.Labels, LabelsJson.Write).End();
    }

    /// <param name="receivers">Of an alert, over all groups that are shown.</param>
    public static void Group(JsonOut json, GroupView group, Func<Alert, IReadOnlyList<string>> receivers) => JsonObject.Begin(json)
        .List("alerts", group.Alerts, (j, view) => Alert(j, view.Alert, view.Status, receivers(view.Alert)))
        .Field("labels", group.Labels, LabelsJson.Write)
        .Field("receiver", group.Receiver, Receiver)
        .Field("routeLabels", group.RouteLabels, LabelsJson.Write)
        .End();

    /// <param name="recurring">Whose occurrence it is; null: it comes once. Beyond the original: such a field is there when it says something.</param>
    public static void Silence(JsonOut json, Silence silence, DateTimeOffset now, RecurringSilence? recurring)
    {
        var shown = JsonObject.Begin(json)
        .Field("id", silence.Id)
        .Field("status", silence.StateAt(now), (j, state) => JsonObject.Begin(j).Field("state", StateText(state)).End())
        .Field("updatedAt", V2Time.Write(silence.UpdatedAt))
        .Field("annotations", silence.Annotations, LabelsJson.Write)
        .Field("comment", silence.Comment)
        .Field("createdBy", silence.CreatedBy)
        .Field("endsAt", V2Time.Write(silence.EndsAt))
        .List("matchers", silence.MatcherSets[0].Matchers, Matcher)
        .Field("startsAt", V2Time.Write(silence.StartsAt));
        if (silence.UntilResolved)
            shown = shown.Field("untilResolved", true);
        if (recurring is not null)
            shown = shown.Field("recurrence", recurring, Recurrence);
        shown.End();
    }

    private static void Recurrence(JsonOut json, RecurringSilence recurring) => JsonObject.Begin(json)
        .Field("id", recurring.Id)
        .Field("rule", recurring.Schedule.Rule.Text)
        .Field("timeZone", recurring.TimeZone)
        .List("except", [.. recurring.Schedule.Except.Order()], static (j, day) => j.String(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))
        .End();

    public static string StateText(SilenceState state) => state switch
    {
        SilenceState.Active => "active",
        SilenceState.Pending => "pending",
        _ => "expired",
    };

    private static void Matcher(JsonOut json, AlertMatcher matcher) => JsonObject.Begin(json)
        .Field("isEqual", matcher.Operator is MatchOperator.Equal or MatchOperator.Regex)
        .Field("isRegex", matcher.Operator is MatchOperator.Regex or MatchOperator.NotRegex)
        .Field("name", matcher.Name)
        .Field("value", matcher.Value)
        .End();

    private static void Receiver(JsonOut json, string name) => JsonObject.Begin(json).Field("name", name).End();

    private static void Status(JsonOut json, AlertStatus status) => JsonObject.Begin(json)
        .List("inhibitedBy", status.InhibitedBy, Text)
        .List("mutedBy", status.MutedBy, Text)
        .List("silencedBy", status.SilencedBy, Text)
        .Field("state", status.State switch { AlertHold.Active => "active", AlertHold.Suppressed => "suppressed", _ => "unprocessed" })
        .End();

    private static void Text(JsonOut json, string text) => json.String(text);
}

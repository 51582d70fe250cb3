using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.History;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Views;
using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.AlertManagement;

/// <summary>Why an alert is told or not: /explain, /history and /lint below /api/v1/alertmanager.</summary>
internal sealed class ExplainEndpoints(ApiSettings settings, TimeProvider time)
{
    private const int EventsOfAlert = 100;

    private sealed record Explained(LabelSet Labels, AlertFacts Facts, AlertExplanation Explanation, IReadOnlyList<Silence> Silences, IReadOnlyList<AlertEvent> Events);

    /// <summary>labels: all labels of the alert, as a JSON object. An alert that is not known is explained as if it came now.</summary>
    public Task ExplainAsync(HttpContext context, IAlertmanager alertmanager) => ClusterAnswer.WriteAsync<Explained>(
        context, settings,
        reader =>
        {
            var (labels, error) = LabelsParameter.Parse(reader.Text("labels"));
            if (error is not null)
                reader.FailPlain(error);
            return cancellation => ExplainAsync(alertmanager, labels!, cancellation);
        },
        (value, warnings) => ApiResponse.SuccessAsync(context, json => Write(json, value), context.RequestAborted, warnings));

    /// <summary>filter, start, end, event, limit: what happened to alerts, oldest first.</summary>
    public Task HistoryAsync(HttpContext context, IAlertmanager alertmanager) => ClusterAnswer.WriteAsync<IReadOnlyList<AlertEvent>>(
        context, settings,
        reader =>
        {
            var query = ManagementParameters.History(reader, alertmanager.Setup.Syntax, time.GetUtcNow());
            return cancellation => alertmanager.HistoryAsync(query, cancellation);
        },
        (events, warnings) => ApiResponse.SuccessAsync(
            context, json => JsonObject.Begin(json).List("events", events, ManagementJson.Event).End(), context.RequestAborted, warnings));

    /// <summary>What of the configuration loads but probably is not meant so, by itself and by the alerts that are here.</summary>
    public Task LintAsync(HttpContext context, IAlertmanager alertmanager) => ClusterAnswer.WriteAsync<IReadOnlyList<AlertingWarning>>(
        context, settings,
        _ => cancellation => LintAsync(alertmanager, cancellation),
        (warnings, missing) => ApiResponse.SuccessAsync(context, json => JsonObject.Begin(json).List("warnings", warnings, Warning).End(), context.RequestAborted, missing));

    private static async ValueTask<Partial<IReadOnlyList<AlertingWarning>>> LintAsync(IAlertmanager alertmanager, CancellationToken cancellation)
    {
        var config = alertmanager.Setup.Config;
        var (alerts, missing) = await alertmanager.AlertsAsync(AlertQuery.Everything, cancellation);
        return new([.. AlertingLint.Check(config), .. AlertingLint.Check(config, [.. alerts.Select(view => view.Alert.Labels)])], missing);
    }

    private async ValueTask<Partial<Explained>> ExplainAsync(IAlertmanager alertmanager, LabelSet labels, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (facts, missing) = await alertmanager.FactsAsync(labels, cancellation);
        var exactly = new MatcherSet(labels.Select(label => new AlertMatcher(MatchOperator.Equal, label.Name, label.Value)));
        var (events, missingEvents) = await alertmanager.HistoryAsync(new HistoryQuery(exactly, DateTimeOffset.MinValue, now, [], EventsOfAlert), cancellation);
        // Asked for the labels and not for the status: an alert that is not there yet would be silenced as well.
        var silences = (await alertmanager.SilencesAsync(cancellation)).Where(silence => silence.StateAt(now) == SilenceState.Active && silence.Matches(labels));
        var explained = new Explained(
            labels, facts, AlertExplanation.Of(alertmanager.Setup.Routes, labels, facts), [.. silences.OrderBy(silence => silence.EndsAt)],
            [.. events.Where(happened => happened.Labels.Equals(labels))]);
        return new(explained, [.. missing.Concat(missingEvents).Distinct(StringComparer.Ordinal)]);
    }

    private static void Write(JsonOut json, Explained explained) => JsonObject.Begin(json)
        .Field("labels", explained.Labels, LabelsJson.Write)
        .Field("fingerprint", Fingerprint.TextOf(explained.Labels))
        .Field("alert", explained.Facts.Alert, ManagementJson.Alert)
        .Field("state", explained.Facts.Alert is null ? "unknown" : ManagementJson.Camel(explained.Facts.Status.State.ToString()))
        .Field("acknowledged", explained.Facts.Acknowledged, ManagementJson.Acknowledged)
        .List("silencedBy", explained.Silences, ManagementJson.Silence)
        .List("inhibitedBy", explained.Facts.Status.InhibitedBy, ManagementJson.Text)
        .Field("route", explained.Explanation.Routes, ManagementJson.RouteStep)
        .List("groups", explained.Explanation.Groups, ManagementJson.Group)
        .List("events", explained.Events, ManagementJson.Event)
        .End();

    private static void Warning(JsonOut json, AlertingWarning warning) =>
        JsonObject.Begin(json).Field("line", warning.Line).Field("path", warning.Path).Field("text", warning.Text).End();
}

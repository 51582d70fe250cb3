using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.History;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Views;
using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.AlertManagement;

/// <summary>Routes, templates and receivers tried with real or made-up alerts: /test and /test/send below /api/v1/alertmanager.</summary>
internal sealed class TrialEndpoints(IAlertmanager alertmanager, IAlertTrialPort trials, ApiSettings settings, TimeProvider time)
{
    private const int MostAlerts = 1000;
    private const int MostEvents = 10_000;

    private sealed record Question(
        IReadOnlyList<LabelSet> Labels, LabelSet Annotations, MatcherSet? Filter, HistoryQuery Past, bool IsResolved, string Receiver, string Template);

    /// <summary>What would be sent, rendered; nothing is sent.</summary>
    public Task RehearseAsync(HttpContext context, string _) => AnswerAsync(context, isSent: false);

    /// <summary>Sends it, once and without further attempts, and says how that went.</summary>
    public Task SendAsync(HttpContext context, string _) => AnswerAsync(context, isSent: true);

    /// <summary>
    /// labels (repeated; all labels of an alert, as a JSON object) with annotations (a JSON object, of all of these), or filter (of alerts that are here, and with start or end of those
    /// that were, which have no annotations any more); resolved=true: told as resolved; receiver: in place of those of the routes; template: a text to be rendered over each notification.
    /// </summary>
    private Task AnswerAsync(HttpContext context, bool isSent) => ClusterAnswer.WriteAsync<IReadOnlyList<TriedNotification>>(
        context, settings,
        reader =>
        {
            var question = Read(reader);
            return cancellation => TryAsync(question, isSent, cancellation);
        },
        (tried, warnings) => ApiResponse.SuccessAsync(context, json => JsonObject.Begin(json).List("notifications", tried, Write).End(), context.RequestAborted, warnings));

    private Question Read(ParameterReader reader)
    {
        var setup = alertmanager.Setup;
        var labels = new List<LabelSet>();
        foreach (var text in reader.All("labels"))
            labels.Add(Labels(reader, text));
        var annotations = reader.Text("annotations") is { Length: > 0 } given ? Labels(reader, given) : LabelSet.Empty;
        var past = ManagementParameters.History(reader, setup.Syntax, time.GetUtcNow()) with { Limit = MostEvents };
        var hasPast = reader.Text("start").Length > 0 || reader.Text("end").Length > 0;
        var hasFilter = reader.All("filter").Count > 0;
        if (labels.Count == 0 && !hasFilter)
            reader.FailPlain("one of the parameters labels and filter is needed");
        if (labels.Count > MostAlerts)
            reader.FailPlain(FormattableString.Invariant($"{labels.Count} alerts are given, the limit is {MostAlerts}"));
        var receiver = reader.Text("receiver");
        if (receiver.Length > 0 && setup.Config.Receivers.All(one => one.Name != receiver))
            reader.FailPlain($"there is no receiver \"{receiver}\"");
        return new Question(
            labels, annotations, hasFilter ? past.Filter : null, hasPast ? past : past with { Limit = 0 }, reader.Bool("resolved", absent: false), receiver, reader.Text("template"));
    }

    private static LabelSet Labels(ParameterReader reader, string text)
    {
        var (labels, error) = LabelsParameter.Parse(text);
        if (error is not null)
            reader.FailPlain(error);
        return labels ?? LabelSet.Empty;
    }

    private async ValueTask<Partial<IReadOnlyList<TriedNotification>>> TryAsync(Question question, bool isSent, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var alerts = new Dictionary<LabelSet, Alert>();
        List<string> missing = [];
        foreach (var labels in question.Labels)
            alerts[labels] = new Alert { Labels = labels, Annotations = question.Annotations, StartsAt = now, EndsAt = now + alertmanager.Setup.Config.ResolveTimeout, UpdatedAt = now };
        if (question.Filter is { } filter)
        {
            var (present, lacking) = await alertmanager.AlertsAsync(AlertQuery.Everything with { Filter = filter }, cancellation);
            missing.AddRange(lacking);
            foreach (var view in present.Take(MostAlerts))
                alerts.TryAdd(view.Alert.Labels, view.Alert);
            if (question.Past.Limit > 0)
                await AddPastAsync(alerts, question.Past, missing, cancellation);
        }
        var told = alerts.Values.Take(MostAlerts).Select(alert => question.IsResolved ? alert with { EndsAt = now } : alert).ToArray();
        return new(await trials.TryAsync(told, question.Receiver, question.Template, isSent, cancellation), [.. missing.Distinct(StringComparer.Ordinal)]);
    }

    private async Task AddPastAsync(Dictionary<LabelSet, Alert> alerts, HistoryQuery past, List<string> missing, CancellationToken cancellation)
    {
        var (events, lacking) = await alertmanager.HistoryAsync(past, cancellation);
        missing.AddRange(lacking);
        var end = time.GetUtcNow() + alertmanager.Setup.Config.ResolveTimeout;
        foreach (var happened in events)
            alerts.TryAdd(happened.Labels, new Alert { Labels = happened.Labels, StartsAt = happened.At, EndsAt = end, UpdatedAt = happened.At });
    }

    private static void Write(JsonOut json, TriedNotification tried)
    {
        var told = tried.Notification;
        JsonObject.Begin(json)
            .Field("group", told.GroupKey)
            .Field("receiver", told.Receiver)
            .Field("labels", told.GroupLabels, LabelsJson.Write)
            .Field("routeLabels", LabelSet.From(told.RouteLabels), LabelsJson.Write)
            .List("alerts", told.Alerts, (j, alert) => JsonObject.Begin(j).Field("labels", alert.Labels, LabelsJson.Write).Field("status", alert.EndsAt is null ? "firing" : "resolved").End())
            .Field("rendered", tried.Rendered)
            .Field("renderError", tried.RenderError)
            .List("integrations", tried.Integrations, Integration)
            .End();
    }

    private static void Integration(JsonOut json, TriedIntegration tried) => JsonObject.Begin(json)
        .Field("integration", tried.Integration)
        .Field("error", tried.Error ?? "")
        .List("messages", tried.Messages, Message)
        .End();

    private static void Message(JsonOut json, TrialMessage message) => JsonObject.Begin(json)
        .Field("method", message.Method)
        .Field("address", message.Address)
        .List("headers", message.Headers, static (j, header) => JsonObject.Begin(j).Field("name", header.Name).Field("value", header.Value).End())
        .Field("body", message.Body)
        .End();
}

using ActorMon.Alerting.Acknowledgements;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.History;
using ActorMon.Alerting.Routing;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Views;
using ActorMon.Api.Json;
using ActorMon.Model.Labels;
using ActorMon.Model.Time;

namespace ActorMon.Api.AlertManagement;

/// <summary>What explanations, histories and previews are made of.</summary>
internal static class ManagementJson
{
    /// <summary>The name of an enum's value as it is shown: its first letter small.</summary>
    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    public static void Text(JsonOut json, string text) => json.String(text);

    public static void Event(JsonOut json, AlertEvent happened) => JsonObject.Begin(json)
        .Field("time", happened.At)
        .Field("event", Camel(happened.Kind.ToString()))
        .Field("labels", happened.Labels, LabelsJson.Write)
        .Field("fingerprint", Fingerprint.TextOf(happened.Labels))
        .Field("group", happened.Group)
        .Field("receiver", happened.Receiver)
        .Field("integration", happened.Integration)
        .List("by", happened.By, Text)
        .Field("detail", happened.Detail)
        .Field("node", happened.Node)
        .End();

    public static void Alert(JsonOut json, Alert? alert)
    {
        if (alert is null)
            json.Raw("null"u8);
        else
            JsonObject.Begin(json).Field("annotations", alert.Annotations, LabelsJson.Write).Field("startsAt", alert.StartsAt).Optional("endsAt", alert.EndsAt)
                .Field("updatedAt", alert.UpdatedAt).Field("generatorURL", alert.GeneratorUrl).End();
    }

    public static void Acknowledged(JsonOut json, Acknowledgement? acknowledgement)
    {
        if (acknowledgement is null)
            json.Raw("null"u8);
        else
            JsonObject.Begin(json).Field("labels", acknowledgement.Labels, LabelsJson.Write).Field("owner", acknowledgement.Owner).Field("comment", acknowledgement.Comment)
                .Field("at", acknowledgement.At).Optional("until", acknowledgement.Until).End();
    }

    public static void Held(JsonOut json, AlertView view) => JsonObject.Begin(json)
        .Field("labels", view.Alert.Labels, LabelsJson.Write)
        .Field("fingerprint", Fingerprint.TextOf(view.Alert.Labels))
        .Field("startsAt", view.Alert.StartsAt)
        .List("receivers", view.Receivers, Text)
        .List("silencedBy", view.Status.SilencedBy, Text)
        .List("inhibitedBy", view.Status.InhibitedBy, Text)
        .End();

    public static void Silence(JsonOut json, Silence silence) => JsonObject.Begin(json)
        .Field("id", silence.Id)
        .List("matchers", [.. silence.MatcherSets.Select(set => set.ToString())], Text)
        .Field("startsAt", silence.StartsAt)
        .Field("endsAt", silence.EndsAt)
        .Field("createdBy", silence.CreatedBy)
        .Field("comment", silence.Comment)
        .Field("untilResolved", silence.UntilResolved)
        .End();

    public static void RouteStep(JsonOut json, RouteExplanation step) => JsonObject.Begin(json)
        .Field("matchers", step.Route.Matchers.ToString())
        .Field("receiver", step.Route.Options.Receiver)
        .Field("continue", step.Route.Continue)
        .Field("line", step.Route.Spec.Line)
        .Field("outcome", Camel(step.Outcome.ToString()))
        .List("refusing", [.. step.Refusing.Select(matcher => matcher.ToString())], Text)
        .Field("stoppedBy", step.StoppedBy?.Matchers.ToString() ?? "")
        .List("routes", step.Children, RouteStep)
        .End();

    public static void Group(JsonOut json, ExplainedGroup group)
    {
        var options = group.Route.Options;
        JsonObject.Begin(json)
            .Field("key", ActorMon.Alerting.Groups.GroupKey.TextOf(group.Route, group.Labels))
            .Field("receiver", options.Receiver)
            .Field("labels", group.Labels, LabelsJson.Write)
            .Field("groupWait", PrometheusDuration.Format(options.GroupWait))
            .Field("groupInterval", PrometheusDuration.Format(options.GroupInterval))
            .Field("repeatInterval", PrometheusDuration.Format(options.RepeatInterval))
            .Field("exists", group.Facts is not null)
            .Field("alerts", group.Facts?.Alerts ?? 0)
            .Field("flushes", group.Facts?.Flushes ?? 0)
            .Field("waitsFor", Camel(group.Waiting.ToString()))
            .Optional("nextFlush", group.Facts?.NextFlush)
            .List("mutedBy", group.Facts?.MutedBy ?? [], Text)
            .List("integrations", group.Facts?.Integrations ?? [], (j, integration) => Integration(j, integration, options.RepeatInterval))
            .End();
    }

    private static void Integration(JsonOut json, IntegrationFacts integration, TimeSpan repeatInterval) => JsonObject.Begin(json)
        .Field("integration", integration.Integration)
        .Optional("lastSent", integration.Last?.Timestamp)
        .Field("firing", integration.Last?.Firing.Count ?? 0)
        .Field("resolved", integration.Last?.Resolved.Count ?? 0)
        .Optional("repeatsAfter", integration.Last?.Timestamp + repeatInterval)
        .Field("error", integration.Error)
        .Optional("retryAt", integration.RetryAt)
        .End();
}

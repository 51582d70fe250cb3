using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Model.Text;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;

namespace ActorMon.Api.PrometheusV1;

/// <summary>Rules, alerts and transitions as the API writes them; fields in the original's order.</summary>
internal static class RuleJson
{
    public static void Group(JsonOut json, KnownGroup group, bool withAlerts) => JsonObject.Begin(json)
        .Field("name", group.Name)
        .Field("file", group.File)
        .List("rules", group.Rules, (to, rule) => Rule(to, rule, withAlerts))
        .Field("interval", group.Interval.TotalSeconds)
        .Field("limit", group.Limit)
        .Field("evaluationTime", group.EvaluationTime.TotalSeconds)
        .Field("lastEvaluation", group.LastEvaluation)
        .End();

    public static void Alert(JsonOut json, ActiveAlert alert)
    {
        var to = JsonObject.Begin(json)
            .Field("labels", alert.Labels, LabelsJson.Write)
            .Field("annotations", alert.Annotations, LabelsJson.Write)
            .Field("state", alert.State.Text())
            .Field("activeAt", TimeText.Rfc3339(alert.ActiveAt));
        if (alert.KeepFiringSince is { } kept)
            to = to.Field("keepFiringSince", TimeText.Rfc3339(kept));
        to.Field("value", GoFloat.FormatE(alert.Value)).End();
    }

    public static void Transition(JsonOut json, PastTransition past) => JsonObject.Begin(json)
        .Field("evaluation", TimeText.Rfc3339(past.Evaluation))
        .Field("change", Name(past.Change))
        .Field("state", StateAfter(past.Change).Text())
        .Field("labels", past.Labels, LabelsJson.Write)
        .Field("annotations", past.Annotations, LabelsJson.Write)
        .Field("activeAt", TimeText.Rfc3339(past.ActiveAt))
        .Field("value", GoFloat.FormatE(past.Value))
        .Field("rule", past.Rule)
        .Field("group", past.Group)
        .Field("file", past.File)
        .Field("node", past.Node)
        .End();

    private static void Rule(JsonOut json, KnownRule rule, bool withAlerts)
    {
        var to = JsonObject.Begin(json);
        if (rule.IsAlerting)
            to = to.Field("state", rule.State.Text());
        to = to.Field("name", rule.Name).Field("query", rule.Query);
        if (rule.IsAlerting)
            to = to.Field("duration", rule.For.TotalSeconds).Field("keepFiringFor", rule.KeepFiringFor.TotalSeconds);
        if (rule.IsAlerting || rule.Labels.Count > 0)
            to = to.Field("labels", rule.Labels, LabelsJson.Write);
        if (rule.IsAlerting)
            to = to.Field("annotations", rule.Annotations, LabelsJson.Write).List("alerts", withAlerts ? rule.Alerts : [], Alert);
        to = to.Field("health", rule.Health switch { RuleHealth.Ok => "ok", RuleHealth.Err => "err", _ => "unknown" });
        if (rule.LastError is { } error)
            to = to.Field("lastError", error);
        to.Field("evaluationTime", rule.EvaluationTime.TotalSeconds)
            .Field("lastEvaluation", rule.LastEvaluation)
            .Field("type", rule.IsAlerting ? "alerting" : "recording")
            .End();
    }

    private static string Name(AlertChange change) => change switch
    {
        AlertChange.Pending => "pending",
        AlertChange.Firing => "firing",
        AlertChange.Resolved => "resolved",
        AlertChange.Withdrawn => "withdrawn",
        AlertChange.KeptFiring => "kept_firing",
        AlertChange.Resumed => "resumed",
        AlertChange.SetBack => "set_back",
        AlertChange.Restored => "restored",
        AlertChange.Cleared => "cleared",
        _ => "forgotten",
    };

    private static AlertState StateAfter(AlertChange change) => change switch
    {
        AlertChange.Pending or AlertChange.SetBack or AlertChange.Restored => AlertState.Pending,
        AlertChange.Firing or AlertChange.KeptFiring or AlertChange.Resumed => AlertState.Firing,
        _ => AlertState.Inactive,
    };
}

using ActorMon.Actors.Control;
using ActorMon.Notifying.Alerts;
using ActorMon.Rules.Alerts;
using Akka.Actor;
using Alert = ActorMon.Alerting.Alerts.Alert;

namespace ActorMon.Actors.Alerting;

/// <summary>Hands what this node's rules report to the built-in Alertmanager, when it is on, labelled as for external ones, and to the sink of those.</summary>
public sealed class AlertRouterSink(IActorRef router, IAlertSink external, ConfigurationStore configuration, string externalUrl, TimeProvider time) : IAlertSink
{
    public void Send(IReadOnlyList<AlertNotice> alerts)
    {
        external.Send(alerts);
        var current = configuration.Current;
        if (current.Alertmanager is null)
            return;
        var now = time.GetUtcNow();
        var outgoing = OutgoingAlerts.Prepare(alerts, externalUrl, current.Alerting.Labels);
        var taken = new List<Alert>(outgoing.Count);
        foreach (var alert in outgoing)
            taken.Add(new Alert
            {
                Labels = alert.Labels,
                Annotations = alert.Annotations,
                StartsAt = alert.StartsAt.ToDateTimeOffset(),
                EndsAt = alert.EndsAt.ToDateTimeOffset(),
                UpdatedAt = now,
                GeneratorUrl = alert.GeneratorUrl,
            });
        if (taken.Count > 0)
            router.Tell(new AlertRouterActor.Route(taken), ActorRefs.NoSender);
    }
}

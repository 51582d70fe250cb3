using ActorMon.Rules.Alerts;
using Akka.Actor;

namespace ActorMon.Actors.Notifying;

/// <summary>Hands what rules report to the notifier of this node.</summary>
public sealed class NotifierSink(IActorRef notifier) : IAlertSink
{
    public void Send(IReadOnlyList<AlertNotice> alerts) => notifier.Tell(new NotifierActor.Notify(alerts), ActorRefs.NoSender);
}

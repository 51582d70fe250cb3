using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Notifications;
using ActorMon.Api.Ports;

namespace ActorMon.Api.Tests.Support;

/// <summary>Tells every alert to one webhook, or says that it would.</summary>
internal sealed class FakeTrials : IAlertTrialPort
{
    public IReadOnlyList<Alert> Alerts { get; private set; } = [];
    public string Receiver { get; private set; } = "";
    public bool WasSent { get; private set; }

    public ValueTask<IReadOnlyList<TriedNotification>> TryAsync(IReadOnlyList<Alert> alerts, string receiver, string template, bool isSent, CancellationToken cancellation)
    {
        (Alerts, Receiver, WasSent) = (alerts, receiver, isSent);
        var setup = LoneAlertmanager.Configuration;
        var tried = Trial.Of(setup, new ActorMon.Alerting.Routing.RoutingTree(setup.Route), alerts, receiver, "http://here", DateTimeOffset.FromUnixTimeMilliseconds(ApiWorld.Now));
        return new([.. tried.Select(notification => new TriedNotification(
            notification, template.ToUpperInvariant(), "", [new TriedIntegration("webhook[0]", isSent ? "503" : null, [new TrialMessage("POST", "http://x/<secret>", [("A", "b")], "{}")])]))]);
    }
}

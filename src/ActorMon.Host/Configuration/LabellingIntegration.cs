using ActorMon.Alerting.Notifications;
using ActorMon.Receivers.Building;

namespace ActorMon.Host.Configuration;

/// <summary>Renders the labels of a notification's route, which are templates over it, before an integration sees them. One that cannot be rendered is left out.</summary>
internal sealed class LabellingIntegration(IIntegration inner, ReceiverSet receivers) : IIntegration
{
    public string Type => inner.Type;
    public int Index => inner.Index;
    public bool SendResolved => inner.SendResolved;

    public Task<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) => inner.NotifyAsync(
        notification.RouteLabels.Count == 0 ? notification : notification with { RouteLabels = receivers.RenderRouteLabels(notification, static _ => { }, cancellation) }, cancellation);
}

using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Notifications;

namespace ActorMon.Api.Ports;

/// <summary>Receivers of the configuration in effect, tried beside what goes on.</summary>
public interface IAlertTrialPort
{
    /// <summary>Routes and groups the alerts and tells each group at once: for show, or for good (<paramref name="isSent"/>), each integration once.</summary>
    /// <param name="receiver">In place of those of the routes; "": theirs.</param>
    /// <param name="template">A text to be rendered over each notification; "": none.</param>
    ValueTask<IReadOnlyList<TriedNotification>> TryAsync(IReadOnlyList<Alert> alerts, string receiver, string template, bool isSent, CancellationToken cancellation);
}

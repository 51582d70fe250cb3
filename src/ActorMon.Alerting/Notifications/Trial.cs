using System.Security.Cryptography;
using System.Text;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Groups;
using ActorMon.Alerting.Routing;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Notifications;

/// <summary>A message that would go, or went, to a receiver. Secrets in it are hidden.</summary>
/// <param name="Method">Of HTTP; MAIL for a mail.</param>
/// <param name="Address">Without what may be secret in its path.</param>
public sealed record TrialMessage(string Method, string Address, IReadOnlyList<(string Name, string Value)> Headers, string Body);

/// <summary>What a trial had one integration do.</summary>
/// <param name="Integration">Such as <c>webhook[0]</c>.</param>
/// <param name="Error">Null: it went well, or nothing had to be told.</param>
/// <param name="Messages">Of a rehearsal: what would have been sent.</param>
public sealed record TriedIntegration(string Integration, string? Error, IReadOnlyList<TrialMessage> Messages);

/// <summary>A notification that was tried.</summary>
/// <param name="Rendered">The text that was asked for over its data; "" when none was.</param>
/// <param name="RenderError">Why there is none; "" when there is.</param>
public sealed record TriedNotification(Notification Notification, string Rendered, string RenderError, IReadOnlyList<TriedIntegration> Integrations);

/// <summary>Alerts told once and at once: routed and grouped as always, but without waiting, silences, inhibition, time intervals and the notification log.</summary>
public static class Trial
{
    /// <param name="receiver">In place of those of the routes; "": theirs.</param>
    /// <param name="url">Without a slash at the end.</param>
    public static IReadOnlyList<Notification> Of(AlertingConfig config, RoutingTree tree, IEnumerable<Alert> alerts, string receiver, string url, DateTimeOffset now)
    {
        var table = new GroupTable(tree);
        foreach (var alert in alerts)
            table.Insert(alert, now);
        var told = new List<Notification>();
        foreach (var group in table.Groups)
        {
            group.Resume(now, hasFlushed: false);
            if (group.TakeFlush(now) is { } flush)
                told.Add(Of(config, group, receiver.Length > 0 ? receiver : group.Route.Options.Receiver, flush, url, now));
        }
        return told;
    }

    /// <summary>The alerts that the integration is told; empty when it is told nothing.</summary>
    public static IReadOnlyList<Alert> ToldTo(IIntegration integration, Notification notification) =>
        integration.SendResolved ? notification.Alerts : [.. notification.Alerts.Where(alert => !alert.IsResolved(notification.At))];

    private static Notification Of(AlertingConfig config, AlertGroup group, string receiver, Flush flush, string url, DateTimeOffset now) => new()
    {
        Receiver = receiver,
        GroupKey = group.KeyText,
        GroupLabels = group.Labels,
        Alerts = flush.Alerts,
        At = now,
        Reason = NotificationReason.FirstNotification,
        RouteLabels = group.Route.Options.Labels,
        ReceiverLabels = config.Receivers.FirstOrDefault(one => one.Name == receiver)?.Labels ?? new Dictionary<string, string>(),
        ExternalUrl = url,
        RepeatInterval = group.Route.Options.RepeatInterval,
        IdempotencyKey = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{group.KeyText} {now:O}"))))[..32],
    };
}

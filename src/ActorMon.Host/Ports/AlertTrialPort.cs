using ActorMon.Actors.Alerting;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Routing;
using ActorMon.Api.Ports;
using ActorMon.Host.Configuration;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Sending;

namespace ActorMon.Host.Ports;

/// <summary>Tries receivers on this node: a rehearsal builds them anew from the same configuration, with nothing behind them.</summary>
public sealed class AlertTrialPort(AlertingRuntime runtime, ConfigurationService configuration) : IAlertTrialPort
{
    /// <summary>What one integration may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async ValueTask<IReadOnlyList<TriedNotification>> TryAsync(
        IReadOnlyList<Alert> alerts, string receiver, string template, bool isSent, CancellationToken cancellation)
    {
        if (configuration.LoadedAlertmanager is not { } loaded)
            throw new TimeoutException("the built-in Alertmanager has just been switched off");
        var rehearsal = isSent ? null : new Rehearsal();
        // Those that send belong to the configuration: they are not disposed here.
        using var rehearsed = rehearsal is null ? null : loaded.Rehearse(rehearsal);
        var receivers = rehearsed ?? loaded.Receivers;
        var config = loaded.Config.Alerting;
        var tried = new List<TriedNotification>();
        foreach (var one in Trial.Of(config, new RoutingTree(config.Route), alerts, receiver, runtime.ExternalUrl, runtime.Time.GetUtcNow()))
        {
            using var deadline = new CancellationTokenSource(Patience, runtime.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
            var notification = one with { RouteLabels = receivers.RenderRouteLabels(one, static _ => { }, either.Token) };
            var (text, error) = template.Length > 0 ? receivers.Render(template, notification, either.Token) : ("", null);
            var integrations = new List<TriedIntegration>();
            foreach (var integration in receivers.Of(notification.Receiver))
                integrations.Add(await TryAsync(integration, notification, rehearsal, cancellation));
            tried.Add(new TriedNotification(notification, text ?? "", error ?? "", integrations));
        }
        return tried;
    }

    private async Task<TriedIntegration> TryAsync(IIntegration integration, Notification notification, Rehearsal? rehearsal, CancellationToken cancellation)
    {
        var name = FormattableString.Invariant($"{integration.Type}[{integration.Index}]");
        var told = Trial.ToldTo(integration, notification);
        if (told.Count == 0)
            return new TriedIntegration(name, null, []);
        using var deadline = new CancellationTokenSource(Patience, runtime.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            var result = await integration.NotifyAsync(notification with { Alerts = told }, either.Token);
            return new TriedIntegration(name, result.Outcome.Error, rehearsal?.Take() ?? []);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new TriedIntegration(name, FormattableString.Invariant($"no answer within {Patience.TotalSeconds} s"), rehearsal?.Take() ?? []);
        }
    }
}

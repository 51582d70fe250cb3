using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Views;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Telemetry;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.AlertmanagerV2;

/// <summary>GET and POST /alerts, GET /alerts/groups.</summary>
internal sealed class AlertEndpoints
{
    private readonly ApiSettings _settings;
    private readonly TimeProvider _time;
    private readonly Counter _firing;
    private readonly Counter _resolved;
    private readonly Counter _invalid;

    public AlertEndpoints(ApiSettings settings, MetricRegistry metrics, TimeProvider time)
    {
        (_settings, _time) = (settings, time);
        var received = metrics.Counters("alertmanager_alerts_received_total", "The total number of received alerts.", "status", "version");
        _firing = received.With("firing", "v2");
        _resolved = received.With("resolved", "v2");
        _invalid = metrics.Counters("alertmanager_alerts_invalid_total", "The total number of received alerts that were invalid.", "version").With("v2");
    }

    public async Task ListAsync(HttpContext context, string _, IAlertmanager alertmanager)
    {
        if (await QueryAsync(context, alertmanager) is not { } query)
            return;
        var (views, warnings) = await alertmanager.AlertsAsync(query, context.RequestAborted);
        if (!await V2Answer.AdmitsAsync(context, warnings, _settings))
            return;
        var sorted = views.Select(view => (Fingerprint: Fingerprint.Of(view.Alert.Labels), View: view)).OrderBy(alert => alert.Fingerprint).Select(alert => alert.View).ToArray();
        await V2Answer.ListAsync(context, sorted, (json, view) => V2Json.Alert(json, view.Alert, view.Status, view.Receivers));
    }

    public async Task GroupsAsync(HttpContext context, string _, IAlertmanager alertmanager)
    {
        if (await QueryAsync(context, alertmanager) is not { } query)
            return;
        var (groups, warnings) = await alertmanager.GroupsAsync(query, context.RequestAborted);
        if (!await V2Answer.AdmitsAsync(context, warnings, _settings))
            return;
        var sorted = groups.OrderBy(group => group.Labels, Comparer<LabelSet>.Create(AlertOrder.ByLabels)).ThenBy(group => group.Receiver, StringComparer.Ordinal)
            .Select(group => group with { Alerts = [.. group.Alerts.OrderBy(view => view.Alert, AlertOrder.Instance)] }).ToArray();
        // As in the original an alert names the receivers of all groups shown, sorted.
        var receivers = new Dictionary<LabelSet, List<string>>();
        foreach (var group in sorted.OrderBy(group => group.Receiver, StringComparer.Ordinal))
            foreach (var view in group.Alerts)
            {
                if (!receivers.TryGetValue(view.Alert.Labels, out var names))
                    receivers[view.Alert.Labels] = names = [];
                names.Add(group.Receiver);
            }
        await V2Answer.ListAsync(context, sorted, (json, group) => V2Json.Group(json, group, alert => receivers[alert.Labels]));
    }

    /// <summary>Stores what is valid, even if other alerts of the body are not.</summary>
    public async Task PostAsync(HttpContext context, string _, IAlertmanager alertmanager)
    {
        if (await V2Body.ReadAsync(context, "alerts", AlertsBody.Parse, _settings.AlertmanagerBodyLimit) is not { } posted)
            return;
        var now = _time.GetUtcNow();
        var setup = alertmanager.Setup;
        var valid = new List<Alert>(posted.Count);
        List<string>? errors = null;
        foreach (var one in posted)
        {
            ((one.EndsAt ?? DateTimeOffset.MaxValue) > now ? _firing : _resolved).Add();
            var (alert, error) = AlertIntake.Accept(one, now, setup.Config.ResolveTimeout, setup.Syntax);
            if (alert is not null)
                valid.Add(alert);
            else
            {
                _invalid.Add();
                (errors ??= []).Add(error!);
            }
        }
        if (valid.Count > 0)
            await alertmanager.PostAsync(valid, context.RequestAborted);
        if (errors is not null)
            await V2Answer.TextAsync(context, 400, string.Join('\n', errors));
        else
            context.Response.StatusCode = 200;
    }

    private static async Task<AlertQuery?> QueryAsync(HttpContext context, IAlertmanager alertmanager)
    {
        var (query, error) = new V2Parameters(context, alertmanager.Setup).Query();
        if (query is null)
            await V2Answer.TextAsync(context, 400, error!);
        return query;
    }
}

using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Groups;
using ActorMon.Alerting.History;
using ActorMon.Alerting.Shards;
using ActorMon.Model.Labels;

namespace ActorMon.Actors.Alerting;

/// <summary>What a shard notes of its alerts, for people who ask what became of one.</summary>
public sealed partial class AlertShardActor
{
    // What holds an alert back in a group, as it was last noted.
    private readonly Dictionary<(GroupKey Group, LabelSet Alert), string> _held = [];

    /// <summary>Alerts that are new or say something new. One that goes into groups of several shards is noted as received by the first alone.</summary>
    private void NoteTaken(IReadOnlyList<Alert> alerts, DateTimeOffset now)
    {
        foreach (var alert in alerts)
        {
            var isResolved = alert.IsResolved(now);
            var routes = _shard.Configuration!.Tree.Match(alert.Labels);
            for (var i = 0; i < routes.Count; i++)
            {
                // Groups of this shard: they have just taken the alert.
                if (_shard.Find(new GroupKey(routes[i].Id, routes[i].GroupLabels(alert.Labels))) is not { } group)
                    continue;
                if (i == 0)
                    _runtime.Trail.Add(new AlertEvent(now, isResolved ? AlertEventKind.Resolved : AlertEventKind.Received, alert.Labels));
                if (!isResolved)
                    _runtime.Trail.Add(new AlertEvent(now, AlertEventKind.Grouped, alert.Labels) { Group = group.KeyText, Receiver = routes[i].Options.Receiver });
            }
        }
    }

    /// <summary>Only what is another than at the flush before.</summary>
    private void NoteHeld(FlushDecision flushed, DateTimeOffset now)
    {
        var (group, plan) = (flushed.Group, flushed.Plan);
        foreach (var held in plan.Held)
        {
            _runtime.Metrics.Suppressed.With(held.Inhibited is null ? "silence" : "inhibition").Add();
            if (held.Inhibited is { } inhibited)
                Note(held.Alert, AlertEventKind.Inhibited, [Fingerprint.TextOf(inhibited.Source)]);
            else
                Note(held.Alert, AlertEventKind.Silenced, held.SilencedBy);
        }
        if (plan.MutedBy.Count > 0)
        {
            var reason = group.Route.Options.MuteTimeIntervals.Contains(plan.MutedBy[0]) ? "mute_time_interval" : "active_time_interval";
            var inhibited = plan.Held.Select(held => held.Alert.Labels).ToHashSet();
            foreach (var alert in group.Alerts.Where(alert => !inhibited.Contains(alert.Labels)))
            {
                _runtime.Metrics.Suppressed.With(reason).Add();
                Note(alert, AlertEventKind.Muted, plan.MutedBy);
            }
        }
        foreach (var alert in plan.Alerts)
            _held.Remove((group.Key, alert.Labels));

        void Note(Alert alert, AlertEventKind kind, IReadOnlyList<string> by)
        {
            var text = $"{kind} {string.Join(' ', by)}";
            if (_held.TryGetValue((group.Key, alert.Labels), out var noted) && noted == text)
                return;
            _held[(group.Key, alert.Labels)] = text;
            _runtime.Trail.Add(new AlertEvent(now, kind, alert.Labels) { Group = group.KeyText, Receiver = group.Route.Options.Receiver, By = by });
        }
    }

    private void NoteSent(SendKey key, string? error, DateTimeOffset now)
    {
        if (_shard.Open.FirstOrDefault(open => open.Key == key) is not { } intent)
            return;
        foreach (var alert in intent.Message)
            _runtime.Trail.Add(new AlertEvent(now, error is null ? AlertEventKind.Sent : AlertEventKind.Failed, alert.Labels)
            {
                Group = key.Group,
                Receiver = key.Receiver,
                Integration = FormattableString.Invariant($"{key.Type}[{key.Index}]"),
                Detail = error ?? intent.Reason.ToString(),
            });
    }

    /// <summary>Forgets what was noted of alerts that have gone.</summary>
    private void CollectHeld()
    {
        foreach (var (group, alert) in _held.Keys)
            if (_shard.Find(group)?.Holds(alert) != true)
                _held.Remove((group, alert));
    }
}

using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Groups;
using ActorMon.Alerting.Notifications;

namespace ActorMon.Alerting.Shards;

/// <summary>How a shard begins after its past was applied, and how it changes its configuration.</summary>
public sealed partial class AlertShard
{
    /// <summary>
    /// The past has been applied; the shard goes on from here. Alerts that had not ended count as firing for as long as their senders last said, at most resolve_timeout: while the
    /// shard was away nobody could say otherwise.
    /// </summary>
    /// <returns>Notifications of which nobody knows whether they were sent: they are to be sent (again), before their groups are flushed.</returns>
    public IReadOnlyList<SendIntent> Begin(ShardConfiguration configuration, DateTimeOffset now)
    {
        var told = ToldResolved(_log.Values.Select(l => l.Entry).Concat(_open.Values.Select(o => o.Entry)));
        foreach (var (labels, alert) in _alerts)
            _alerts[labels] = AfterPause(alert, told, configuration, now);
        Place(configuration, now);
        return Reopen();
    }

    /// <summary>Another version of the configuration is in effect: all alerts are grouped anew. Groups that stay keep their times.</summary>
    public void Use(ShardConfiguration configuration, DateTimeOffset now) => Place(configuration, now);

    /// <summary>Alerts that (also) belong to other shards, by shard.</summary>
    public IReadOnlyDictionary<int, List<Alert>> Elsewhere(IEnumerable<Alert> alerts)
    {
        var elsewhere = new Dictionary<int, List<Alert>>();
        foreach (var alert in alerts)
            foreach (var place in ShardPlace.Of(alert, Configuration!.Tree, shards))
                if (place != number)
                {
                    if (!elsewhere.TryGetValue(place, out var list))
                        elsewhere[place] = list = [];
                    list.Add(alert);
                }
        return elsewhere;
    }

    /// <summary>What the shard was becomes known only now, after it has begun without: what it has meanwhile learnt counts, the rest is as it was.</summary>
    /// <returns>To be applied; the whole state is to be written then.</returns>
    public IReadOnlyList<ShardEvent> Recall(ShardSnapshot past, DateTimeOffset now)
    {
        var told = ToldResolved(past.Log.Select(pair => pair.Value.Entry));
        var events = new List<ShardEvent>();
        foreach (var (key, logged) in past.Log)
            if (!_log.ContainsKey(key))
                events.Add(new SendLogged(now, key, logged));
        Alert[] unknown = [.. past.Alerts.Where(a => !_alerts.ContainsKey(a.Labels)).Select(a => AfterPause(a, told, Configuration!, now))];
        if (unknown.Length > 0)
            events.Add(new AlertsTaken(now, unknown));
        return events;
    }

    private static Alert AfterPause(Alert alert, Dictionary<ulong, DateTimeOffset> told, ShardConfiguration configuration, DateTimeOffset now)
    {
        if (alert.EndsAt is not { } end || end <= alert.UpdatedAt || (told.TryGetValue(Fingerprint.Of(alert.Labels), out var at) && at >= alert.UpdatedAt))
            return alert;
        var horizon = end - alert.UpdatedAt;
        if (horizon > configuration.Config.ResolveTimeout)
            horizon = configuration.Config.ResolveTimeout;
        return now + horizon > end ? alert with { EndsAt = now + horizon } : alert;
    }

    /// <summary>When the end of an alert was last told, by its fingerprint.</summary>
    private static Dictionary<ulong, DateTimeOffset> ToldResolved(IEnumerable<NotificationLogEntry> entries)
    {
        var told = new Dictionary<ulong, DateTimeOffset>();
        foreach (var entry in entries)
            foreach (var alert in entry.Resolved)
                if (entry.Timestamp is { } at && (!told.TryGetValue(alert, out var before) || at > before))
                    told[alert] = at;
        return told;
    }

    private void Place(ShardConfiguration configuration, DateTimeOffset now)
    {
        var before = _groups.Values.ToDictionary(g => g.Key);
        var isFirst = Configuration is null;
        Configuration = configuration;
        _groups.Clear();
        _due.Clear();
        foreach (var alert in _alerts.Values)
            Group(alert, now);
        foreach (var group in _groups.Values)
        {
            if (before.TryGetValue(group.Key, out var known))
                group.GoOn(known, now);
            else if (isFirst)
                GoOnAfterPause(group, now);
            Queue(group);
        }
        foreach (var (key, flush) in _flushes)
            if (!_groups.ContainsKey(key))
                flush.IsAbandoned = true;
    }

    /// <summary>A group interval after the last notification or, when there was none, group_wait after its first alert came; what was missed is made up for at once.</summary>
    private void GoOnAfterPause(AlertGroup group, DateTimeOffset now)
    {
        DateTimeOffset? last = null;
        foreach (var integration in Configuration!.Receiver(group.Route.Options.Receiver)?.Integrations ?? [])
            if (_log.TryGetValue(KeyOf(group, integration), out var logged) && logged.Entry.Timestamp is { } at && (last is null || at > last))
                last = at;
        var due = last is { } sent ? sent + group.Route.Options.GroupInterval : group.Alerts.Min(a => a.UpdatedAt) + group.Route.Options.GroupWait;
        group.Resume(due > now ? due : now, hasFlushed: last is not null);
    }

    private List<SendIntent> Reopen()
    {
        var again = new List<SendIntent>(_open.Count);
        var byPrint = new Dictionary<ulong, Alert>(_alerts.Count);
        if (_open.Count > 0)
            foreach (var (labels, alert) in _alerts)
                byPrint[Fingerprint.Of(labels)] = alert;
        foreach (var intent in _open.Values.ToArray())
        {
            var message = new List<Alert>();
            foreach (var print in intent.Entry.Firing)
                if (byPrint.TryGetValue(print, out var alert))
                    message.Add(alert with { EndsAt = null });
            var ended = new List<Alert>();
            foreach (var print in intent.Entry.Resolved)
                if (byPrint.TryGetValue(print, out var alert))
                    ended.Add(alert);
            if (intent.SendResolved)
                message.AddRange(ended);
            message.Sort(AlertOrder.Instance);
            var whole = intent with { Message = message };
            _open[intent.Key] = whole;
            again.Add(whole);
            if (_groups.ContainsKey(intent.GroupKey))
                OpenFlush(intent.GroupKey, new Flush(0, intent.Entry.Timestamp ?? DateTimeOffset.MinValue, ended)).Waiting.Add(intent.Key);
        }
        return again;
    }
}

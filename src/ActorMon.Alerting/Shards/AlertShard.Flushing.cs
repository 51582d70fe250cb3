using ActorMon.Alerting.Acknowledgements;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Groups;
using ActorMon.Alerting.Inhibition;
using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Silences;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Shards;

/// <summary>What a flush of a group decided.</summary>
/// <param name="Events">To be applied and written, in order; every <see cref="SendBegun"/> of them is to be sent once it is written.</param>
public sealed record FlushDecision(AlertGroup Group, NotificationPlan Plan, IReadOnlyList<ShardEvent> Events);

/// <summary>Flushes of groups, and how they end. A group whose notifications are under way is not flushed.</summary>
public sealed partial class AlertShard
{
    private readonly Dictionary<GroupKey, GroupFlush> _flushes = [];

    /// <summary>When to ask <see cref="TakeDue"/> next; null: nothing is due.</summary>
    public DateTimeOffset? NextDue => _due.TryPeek(out _, out var due) ? due : null;

    /// <summary>The next group whose time has come, to be flushed now; null: none.</summary>
    public AlertGroup? TakeDue(DateTimeOffset now)
    {
        while (_due.TryPeek(out var group, out var due) && due <= now)
        {
            _due.Dequeue();
            if (group.NextFlush == due && _groups.TryGetValue(group.Key, out var current) && ReferenceEquals(current, group) && !_flushes.ContainsKey(group.Key))
                return group;
        }
        return null;
    }

    /// <summary>Decides what is told of a group whose time has come; null: nothing is left of it.</summary>
    /// <param name="acknowledged">Null: nobody looks after anything.</param>
    public FlushDecision? Flush(AlertGroup group, Inhibitor inhibitor, SilenceBook silences, DateTimeOffset now, AcknowledgementBook? acknowledged = null)
    {
        if (group.TakeFlush(now) is not { } flush)
        {
            if (group.IsEmpty)
                _groups.Remove(group.Key);
            return null;
        }
        Queue(group);
        var plan = NotificationPlan.Of(flush, group, inhibitor, Configuration!.Intervals, silences);
        group.Suppressed = plan.Held.Count;
        var events = new List<ShardEvent>();
        var isLookedAfter = acknowledged?.CoversFiring(plan.Alerts, now) == true;
        if (plan.Alerts.Count > 0)
            foreach (var integration in Configuration.Receiver(group.Route.Options.Receiver)?.Integrations ?? [])
                if (Tell(group, integration, plan, isLookedAfter, now) is { } told)
                    events.Add(told);
        foreach (var told in events)
            if (told is SendBegun { Intent.Key: var key })
                OpenFlush(group.Key, flush).Waiting.Add(key);
        if (!_flushes.ContainsKey(group.Key))
            AddLeft(events, group, flush, now);
        return new FlushDecision(group, plan, events);
    }

    private ShardEvent? Tell(AlertGroup group, IntegrationSettings integration, NotificationPlan plan, bool isLookedAfter, DateTimeOffset now)
    {
        var key = KeyOf(group, integration);
        // Two routes may share a key: what one tells now the other finds in the log at its next flush.
        if (_open.ContainsKey(key))
            return null;
        var options = group.Route.Options;
        var logged = _log.GetValueOrDefault(key);
        var last = logged?.Entry;
        var wanted = IntegrationPlan.Of(plan.Alerts, last, options.RepeatInterval, integration.SendResolved, now, isLookedAfter);
        var expires = NotificationLogEntry.ExpiryOf(now, options.RepeatInterval, logRetention);
        // What is not repeated would be forgotten, and then told as if it had never been: its entry goes on living while somebody looks after it.
        if (wanted.Reason == NotificationReason.None)
            return isLookedAfter && logged is not null && (logged.Expires - now) * 2 < expires - now ? new SendLogged(now, key, logged with { Expires = expires }) : null;
        if (wanted.Message.Count == 0)
            return new SendLogged(now, key, new LoggedSend(wanted.Entry, expires));
        return new SendBegun(now, new SendIntent
        {
            Key = key,
            RouteId = group.Route.Id,
            GroupLabels = group.Labels,
            Reason = wanted.Reason,
            Entry = wanted.Entry,
            SendResolved = integration.SendResolved,
            Expires = expires,
            IdempotencyKey = SendIntent.KeyOf(key, last, wanted.Entry),
            Message = wanted.Message,
        });
    }

    /// <summary>A notification under way has ended. Null as error: it was sent.</summary>
    /// <param name="receiverData">What the receiver has to remember for the next time.</param>
    /// <returns>To be applied and written.</returns>
    public IReadOnlyList<ShardEvent> EndSend(SendKey key, string? error, string receiverData, DateTimeOffset now)
    {
        if (!_open.TryGetValue(key, out var intent))
            return [];
        var events = new List<ShardEvent>
        {
            error is null ? new SendLogged(now, key, new LoggedSend(intent.Entry with { ReceiverData = receiverData }, intent.Expires)) : new SendFailed(now, key, error),
        };
        if (!_flushes.TryGetValue(intent.GroupKey, out var flush) || !flush.Waiting.Remove(key))
            return events;
        flush.HasFailed |= error is not null;
        if (flush.Waiting.Count > 0)
            return events;
        _flushes.Remove(intent.GroupKey);
        if (_groups.TryGetValue(intent.GroupKey, out var group))
        {
            Queue(group);
            if (flush is { HasFailed: false, IsAbandoned: false })
                AddLeft(events, group, flush.Flush, now);
        }
        return events;
    }

    private static void AddLeft(List<ShardEvent> events, AlertGroup group, Flush flush, DateTimeOffset now)
    {
        var left = group.Ended(flush);
        if (left.Count > 0)
            events.Add(new AlertsLeft(now, group.Key, left));
    }

    private GroupFlush OpenFlush(GroupKey key, Flush flush)
    {
        if (!_flushes.TryGetValue(key, out var open))
            _flushes[key] = open = new GroupFlush(flush);
        return open;
    }

    private static SendKey KeyOf(AlertGroup group, IntegrationSettings integration) =>
        new(group.KeyText, group.Route.Options.Receiver, integration.Type, integration.Index);

    private sealed class GroupFlush(Flush flush)
    {
        public Flush Flush { get; } = flush;
        public HashSet<SendKey> Waiting { get; } = [];
        public bool HasFailed { get; set; }

        /// <summary>The group has gone with an earlier configuration.</summary>
        public bool IsAbandoned { get; set; }
    }
}

using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Groups;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Shards;

/// <summary>
/// The groups that lie in one shard, their alerts and what was sent of them. Events are decided, then applied, so that they can be written between the two and applied again by the
/// next owner, who begins with <see cref="Begin"/>. Timers follow from the events. The clock is the caller's. Not thread-safe.
/// </summary>
/// <param name="number">From 0.</param>
/// <param name="logRetention">How long an entry of the notification log is kept at most.</param>
public sealed partial class AlertShard(int number, int shards, TimeSpan logRetention)
{
    private readonly Dictionary<LabelSet, Alert> _alerts = [];
    private readonly Dictionary<GroupKey, AlertGroup> _groups = [];
    private readonly Dictionary<SendKey, LoggedSend> _log = [];
    private readonly Dictionary<SendKey, SendIntent> _open = [];

    /// <summary>Groups by the time they were once due; an entry counts if that is still the group's time.</summary>
    private readonly PriorityQueue<AlertGroup, DateTimeOffset> _due = new();

    /// <summary>Null before <see cref="Begin"/>.</summary>
    public ShardConfiguration? Configuration { get; private set; }

    public IReadOnlyCollection<Alert> Alerts => _alerts.Values;

    public IReadOnlyCollection<AlertGroup> Groups => _groups.Values;

    /// <summary>Alerts in groups by what their last flush found; one that lies in several groups counts in each.</summary>
    public AlertCounts Count()
    {
        int unprocessed = 0, active = 0, suppressed = 0;
        foreach (var group in _groups.Values)
            if (group.Flushes == 0)
                unprocessed += group.Count;
            else
            {
                var held = Math.Min(group.Suppressed, group.Count);
                suppressed += held;
                active += group.Count - held;
            }
        return new AlertCounts(unprocessed, active, suppressed);
    }

    public AlertGroup? Find(GroupKey key) => _groups.GetValueOrDefault(key);

    /// <summary>Notifications under way.</summary>
    public IReadOnlyCollection<SendIntent> Open => _open.Values;

    /// <summary>Null: nothing was sent, or long ago.</summary>
    public LoggedSend? LastSent(SendKey key) => _log.GetValueOrDefault(key);

    // ----- alerts

    /// <summary>Alerts came in, new ones or newer versions of those that are here; what was overtaken by a newer one is left out.</summary>
    public AlertIntakeDecision Decide(IReadOnlyList<Alert> incoming, DateTimeOffset now)
    {
        var taken = new Dictionary<LabelSet, Alert>(incoming.Count);
        var durable = new HashSet<LabelSet>();
        foreach (var alert in incoming)
        {
            var before = taken.GetValueOrDefault(alert.Labels) ?? _alerts.GetValueOrDefault(alert.Labels);
            if (IsOvertaken(alert, before, now))
                continue;
            var next = before?.ReplacedBy(alert).SharingWith(before) ?? alert;
            if (SaysSomethingNew(before, next, now))
                durable.Add(alert.Labels);
            taken[alert.Labels] = next;
        }
        return new AlertIntakeDecision(
            new AlertsTaken(now, [.. taken.Values]), durable.Count == 0 ? null : new AlertsTaken(now, [.. taken.Values.Where(a => durable.Contains(a.Labels))]));
    }

    /// <summary>A firing alert that comes again moves its end and nothing else: the next owner need not know. One that ended before anybody knew it concerns nobody.</summary>
    private static bool SaysSomethingNew(Alert? before, Alert next, DateTimeOffset now)
    {
        var isResolved = next.IsResolved(now);
        if (before is null)
            return !isResolved;
        return before.IsResolved(now) != isResolved || (isResolved && before.EndsAt != next.EndsAt) || (before.StartsAt != next.StartsAt && (HasStart(before) || HasStart(next)))
            || before.GeneratorUrl != next.GeneratorUrl || !before.Annotations.Equals(next.Annotations);
    }

    /// <summary>One whose sender says its end alone begins at its end, as the original has it: with each repetition later.</summary>
    private static bool HasStart(Alert alert) => alert.StartsAt != alert.EndsAt;

    private void Group(Alert alert, DateTimeOffset now)
    {
        foreach (var route in Configuration!.Tree.Match(alert.Labels))
        {
            var key = new GroupKey(route.Id, route.GroupLabels(alert.Labels));
            if (!_groups.TryGetValue(key, out var group))
            {
                group = new AlertGroup(route, key.Labels);
                if (ShardPlace.Of(group.KeyText, shards) != number)
                    continue;
                _groups.Add(key, group);
            }
            var due = group.NextFlush;
            group.Insert(alert, now);
            if (group.NextFlush != due)
                Queue(group);
        }
    }

    private void Queue(AlertGroup group)
    {
        if (group.NextFlush is { } due)
            _due.Enqueue(group, due);
    }

    // ----- events

    public void Apply(ShardEvent happened)
    {
        switch (happened)
        {
            case AlertsTaken taken:
                foreach (var alert in taken.Alerts)
                {
                    _alerts[alert.Labels] = alert;
                    if (Configuration is not null)
                        Group(alert, taken.At);
                }
                break;
            case SendBegun begun:
                _open[begun.Intent.Key] = begun.Intent;
                break;
            case SendLogged logged:
                _open.Remove(logged.Key);
                _log[logged.Key] = logged.Logged;
                NoteEnds(logged.Logged);
                break;
            case SendFailed failed:
                _open.Remove(failed.Key);
                break;
            case AlertsLeft left:
                Leave(left);
                break;
            case ShardSnapshot snapshot:
                Take(snapshot);
                break;
            default:
                throw new ArgumentException($"{happened.GetType()} is not an event of a shard", nameof(happened));
        }
    }

    private void Leave(AlertsLeft left)
    {
        if (_groups.TryGetValue(left.Group, out var group))
            foreach (var labels in left.Alerts)
                group.Remove(labels);
        foreach (var labels in left.Alerts)
            if (!IsGrouped(labels))
                _alerts.Remove(labels);
    }

    /// <summary>Before the groups are made all are taken for grouped nowhere: an alert that left one group of several is then given again by its sender.</summary>
    private bool IsGrouped(LabelSet labels)
    {
        if (Configuration is null)
            return false;
        foreach (var route in Configuration.Tree.Match(labels))
            if (_groups.TryGetValue(new GroupKey(route.Id, route.GroupLabels(labels)), out var group) && group.Holds(labels))
                return true;
        return false;
    }

    private void Take(ShardSnapshot snapshot)
    {
        _alerts.Clear();
        _log.Clear();
        _open.Clear();
        foreach (var alert in snapshot.Alerts)
            _alerts[alert.Labels] = alert;
        foreach (var (key, logged) in snapshot.Log)
        {
            _log[key] = logged;
            NoteEnds(logged);
        }
        foreach (var intent in snapshot.Open)
            _open[intent.Key] = intent;
    }

    public ShardSnapshot Snapshot(DateTimeOffset now) => new(now, [.. _alerts.Values], [.. _log], [.. _open.Values]);

    /// <summary>Forgets entries of the log whose time is over (of a group that has not flushed since the shard began: once it has, it may need them), alerts that ended and lie in no group, and empty groups.</summary>
    public void Collect(DateTimeOffset now)
    {
        HashSet<string>? begun = null;
        foreach (var (key, logged) in _log)
            if (logged.Expires <= now && !(begun ??= [.. _groups.Values.Where(group => group.Flushes == 0).Select(group => group.KeyText)]).Contains(key.Group))
                _log.Remove(key);
        foreach (var (key, group) in _groups)
            if (group.IsEmpty && !_flushes.ContainsKey(key))
                _groups.Remove(key);
        foreach (var (labels, alert) in _alerts)
            if (alert.IsResolved(now) && !IsGrouped(labels))
                _alerts.Remove(labels);
        CollectEnds(now);
    }
}

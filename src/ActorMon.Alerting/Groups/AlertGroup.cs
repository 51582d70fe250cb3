using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Routing;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Groups;

/// <summary>What a flush hands on: the group's alerts in order, those that fire without an end.</summary>
/// <param name="Number">Counts the flushes of a group from 1.</param>
public sealed record Flush(long Number, DateTimeOffset At, IReadOnlyList<Alert> Alerts);

/// <summary>
/// The alerts of one route that share the labels it groups by, and when they are next told to the receiver: after group_wait, then each group_interval. The
/// clock is the caller's. Not thread-safe.
/// </summary>
public sealed class AlertGroup(Route route, LabelSet labels)
{
    private readonly Dictionary<LabelSet, Alert> _alerts = [];
    private bool _hasFlushed;
    private long _flushes;

    public Route Route { get; } = route;
    public LabelSet Labels { get; } = labels;
    public GroupKey Key { get; } = new(route.Id, labels);
    public string KeyText { get; } = GroupKey.TextOf(route, labels);

    /// <summary>When to flush next; null until the first alert came.</summary>
    public DateTimeOffset? NextFlush { get; private set; }

    /// <summary>How often it has flushed.</summary>
    public long Flushes => _flushes;

    /// <summary>Alerts that the last flush held back.</summary>
    public int Suppressed { get; internal set; }

    public bool IsEmpty => _alerts.Count == 0;

    public int Count => _alerts.Count;

    public IEnumerable<Alert> Alerts => _alerts.Values;

    /// <summary>
    /// Adds an alert or a newer version of one. The first starts the wait; an alert that has been firing for group_wait already (after a restart) ends it, and so
    /// does with resolve_immediately one that was told as firing and has ended.
    /// </summary>
    public void Insert(Alert alert, DateTimeOffset now)
    {
        // Reported again it changes nothing: the flush that is due tells it.
        if (Route.Options.ResolveImmediately && _hasFlushed && NextFlush > now && alert.IsResolved(now) && _alerts.TryGetValue(alert.Labels, out var known) && !known.IsResolved(now))
            NextFlush = now;
        _alerts[alert.Labels] = alert;
        NextFlush ??= now + Route.Options.GroupWait;
        if (!_hasFlushed && alert.StartsAt + Route.Options.GroupWait < now && NextFlush > now)
            NextFlush = now;
    }

    /// <summary>What to tell now, or null when it is not yet time or there is nothing. Sets the time of the next flush.</summary>
    public Flush? TakeFlush(DateTimeOffset now)
    {
        if (NextFlush is not { } due || due > now)
            return null;
        NextFlush = now + Route.Options.GroupInterval;
        _hasFlushed = true;
        if (_alerts.Count == 0)
            return null;
        var alerts = new Alert[_alerts.Count];
        var at = 0;
        foreach (var alert in _alerts.Values)
            alerts[at++] = alert.IsResolved(now) ? alert : alert with { EndsAt = null };
        Array.Sort(alerts, AlertOrder.Instance);
        return new Flush(++_flushes, now, alerts);
    }

    /// <summary>The alerts that were resolved in a flush and have not changed since: they go when the flush has reached all integrations.</summary>
    public IReadOnlyList<LabelSet> Ended(Flush flush)
    {
        var ended = new List<LabelSet>();
        foreach (var alert in flush.Alerts)
            if (alert.EndsAt is not null && _alerts.TryGetValue(alert.Labels, out var current) && current.Equals(alert))
                ended.Add(alert.Labels);
        return ended;
    }

    public bool Holds(LabelSet alert) => _alerts.ContainsKey(alert);

    public void Remove(LabelSet alert) => _alerts.Remove(alert);

    /// <summary>A flush reached all integrations: alerts that were resolved in it are dropped, unless they changed meanwhile.</summary>
    public void Delivered(Flush flush)
    {
        foreach (var alert in Ended(flush))
            Remove(alert);
    }

    /// <summary>The group is one that was there before, elsewhere or by an earlier configuration; this is its time.</summary>
    public void Resume(DateTimeOffset nextFlush, bool hasFlushed) => (NextFlush, _hasFlushed) = (nextFlush, hasFlushed);

    /// <summary>Takes the place of a group of the same key: its times hold on, unless they are shorter now.</summary>
    public void GoOn(AlertGroup before, DateTimeOffset now)
    {
        var longest = now + (before._hasFlushed ? Route.Options.GroupInterval : Route.Options.GroupWait);
        Resume(before.NextFlush is { } due && due < longest ? due : longest, before._hasFlushed);
        _flushes = before._flushes;
    }

    /// <summary>How long the notifications of a flush may take.</summary>
    public TimeSpan FlushTimeout => Route.Options.GroupInterval < MinTimeout ? MinTimeout : Route.Options.GroupInterval;

    private static readonly TimeSpan MinTimeout = TimeSpan.FromSeconds(10);
}

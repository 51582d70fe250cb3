using ActorMon.Alerting.Alerts;

namespace ActorMon.Alerting.Shards;

/// <summary>
/// Alerts that come late. Nodes hand on what they are told, and what was on its way when the network was cut, or waited for a shard that moved, may come after what was said later elsewhere:
/// taken for news it would end an alert that fires again, or begin one whose end was told.
/// </summary>
public sealed partial class AlertShard
{
    /// <summary>What came in within so short a time of each other, by the clocks of two nodes, has no order.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMilliseconds(500);

    /// <summary>Nothing is under way for longer: a node that is not heard for so long is removed. What seems older comes from a node whose clock is behind.</summary>
    private static readonly TimeSpan LongestWay = TimeSpan.FromMinutes(1);

    // When the end of an alert was last told, by its fingerprint; as long as something may be under way.
    private readonly Dictionary<ulong, DateTimeOffset> _toldEnds = [];

    /// <param name="known">The newest version that is here; null: it is not here, or no longer.</param>
    private bool IsOvertaken(Alert alert, Alert? known, DateTimeOffset now)
    {
        if (now - alert.UpdatedAt > LongestWay || now - alert.UpdatedAt <= ClockSlack)
            return false;
        var latest = known is not null ? known.UpdatedAt : _toldEnds.Count > 0 ? _toldEnds.GetValueOrDefault(Fingerprint.Of(alert.Labels)) : default;
        // One of the future comes from a clock that is ahead.
        return latest <= now && alert.UpdatedAt + ClockSlack < latest;
    }

    private void NoteEnds(LoggedSend logged)
    {
        if (logged.Entry.Timestamp is { } at)
            foreach (var alert in logged.Entry.Resolved)
                _toldEnds[alert] = at;
    }

    private void CollectEnds(DateTimeOffset now)
    {
        foreach (var (alert, at) in _toldEnds)
            if (now - at > LongestWay)
                _toldEnds.Remove(alert);
    }
}

using ActorMon.Replication.Map;

namespace ActorMon.Actors.Control.Partitions;

/// <summary>
/// How far the clocks of the other members are from this node's. Nothing that is acknowledged or read depends on it, but times of scrapes do, so it is reported. Any thread.
/// </summary>
public sealed class MemberClocks(TimeProvider time)
{
    /// <summary>Beyond this a difference is named in the log.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<NodeId, (TimeSpan Difference, long Heard)> _differences = [];
    private readonly Dictionary<NodeId, long> _named = [];

    /// <summary>This node's wall clock, Unix milliseconds.</summary>
    public long UtcNow => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Of the members heard lately, the largest distance from this node's clock in either direction.</summary>
    public TimeSpan Largest
    {
        get
        {
            var largest = TimeSpan.Zero;
            lock (_lock)
                foreach (var (difference, heard) in _differences.Values)
                    if (time.GetElapsedTime(heard) < Forgotten && difference.Duration() > largest)
                        largest = difference.Duration();
            return largest;
        }
    }

    /// <param name="utc">The member's wall clock when it answered, Unix milliseconds; 0: it does not tell.</param>
    /// <param name="underWay">Since it was asked: its answer is no older than that.</param>
    /// <returns>How far it is ahead, when that is to be named now; null: it is not.</returns>
    public TimeSpan? Heard(NodeId member, long utc, TimeSpan underWay)
    {
        if (utc == 0)
            return null;
        var ahead = TimeSpan.FromMilliseconds(utc - UtcNow);
        // What the journey explains is none.
        if (ahead < TimeSpan.Zero)
            ahead = ahead + underWay < TimeSpan.Zero ? ahead + underWay : TimeSpan.Zero;
        var now = time.GetTimestamp();
        lock (_lock)
        {
            _differences[member] = (ahead, now);
            if (ahead.Duration() <= Tolerance)
            {
                _named.Remove(member);
                return null;
            }
            if (_named.TryGetValue(member, out var named) && time.GetElapsedTime(named) < Reminder)
                return null;
            _named[member] = now;
            return ahead;
        }
    }
}

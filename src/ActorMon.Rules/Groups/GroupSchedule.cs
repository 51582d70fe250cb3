using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;

namespace ActorMon.Rules.Groups;

/// <summary>
/// When a group runs: at phase + n * interval, the phase a hash of file and name. So evaluation times are the same on every node and after every restart, and
/// groups of one interval do not run all at once.
/// </summary>
public sealed class GroupSchedule
{
    private readonly long _interval;
    private readonly long _phase;

    public GroupSchedule(RuleGroup group)
        : this(group.File, group.Name, group.Interval)
    {
    }

    public GroupSchedule(string file, string name, TimeSpan interval)
    {
        _interval = Math.Max(1, (long)interval.TotalMilliseconds);
        _phase = (long)(StableHash.Of(LabelSet.Of("file", file, "name", name)) % (ulong)_interval);
    }

    /// <summary>The last time of the group's grid that is not after <paramref name="now"/>.</summary>
    public TimestampMs SlotAt(TimestampMs now)
    {
        var shifted = now.Value - _phase;
        var past = shifted % _interval;
        return new TimestampMs(now.Value - (past < 0 ? past + _interval : past));
    }

    /// <summary>The first time of the grid after <paramref name="now"/>: when a group that starts now runs first.</summary>
    public TimestampMs Next(TimestampMs now) => new(SlotAt(now).Value + _interval);

    /// <summary>
    /// The time to evaluate at for a group that last ran for <paramref name="last"/>, when its next turn has come; and how many turns were missed because it was
    /// late. Missed turns are never made up for.
    /// </summary>
    public (TimestampMs At, long Missed) Following(TimestampMs last, TimestampMs now)
    {
        var missed = Math.Max(0, ((now.Value - last.Value) / _interval) - 1);
        return (new TimestampMs(last.Value + ((missed + 1) * _interval)), missed);
    }
}

namespace ActorMon.Alerting.Times;

/// <summary>The named intervals of a configuration, and what they mute. Immutable.</summary>
public sealed class TimeIntervals(IEnumerable<NamedTimeInterval> intervals)
{
    public static readonly TimeIntervals None = new([]);
    private readonly Dictionary<string, NamedTimeInterval> _intervals = intervals.ToDictionary(i => i.Name, StringComparer.Ordinal);

    /// <summary>Those of the names whose interval holds the moment; unknown names hold none.</summary>
    public IReadOnlyList<string> Holding(IReadOnlyList<string> names, DateTimeOffset moment)
    {
        if (names.Count == 0)
            return [];
        return [.. names.Where(name => _intervals.TryGetValue(name, out var interval) && interval.Contains(moment))];
    }

    /// <summary>
    /// What mutes a route now: the mute intervals that hold, or, when it has active intervals and none holds, all of those. Empty: nothing does. The active ones
    /// are asked first.
    /// </summary>
    public IReadOnlyList<string> Muting(IReadOnlyList<string> active, IReadOnlyList<string> mute, DateTimeOffset moment) =>
        active.Count > 0 && Holding(active, moment).Count == 0 ? active : Holding(mute, moment);
}

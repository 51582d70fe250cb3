namespace ActorMon.Actors.Discovery;

/// <summary>When changes are put into effect: gathered for a moment, and at most once an interval.</summary>
/// <param name="First">How long the first change waits for more.</param>
/// <param name="Interval">Least time between two syncs.</param>
public sealed class SyncPace(TimeSpan first, TimeSpan interval, TimeProvider time)
{
    private long? _last;

    public TimeSpan First => first;

    public void Synced() => _last = time.GetTimestamp();

    /// <summary>How long a change that comes now waits.</summary>
    public TimeSpan Wait => _last is { } last && interval - time.GetElapsedTime(last) is var rest && rest > first ? rest : first;
}

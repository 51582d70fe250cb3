namespace ActorMon.Actors.Control.Partitions;

/// <summary>
/// Whether this node may acknowledge samples and call its answers complete: it has lately heard from a majority of the cluster's members, by its monotonic clock. Written by
/// the MapKeeper, checked at every use. A node alone always may.
/// </summary>
public sealed class ClusterStanding(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private long _until = long.MaxValue;

    /// <summary>How far the other members' clocks are from this node's.</summary>
    public MemberClocks Clocks { get; } = new(time);

    /// <summary>Milliseconds of this node's monotonic clock.</summary>
    public long Now => (long)time.GetElapsedTime(_start).TotalMilliseconds;

    public bool IsConfirmed => Now <= Volatile.Read(ref _until);

    /// <summary>The membership has ended: not before the next one is confirmed.</summary>
    public void Lose() => ConfirmUntil(long.MinValue);

    public void ConfirmUntil(long until) => Volatile.Write(ref _until, until);
}

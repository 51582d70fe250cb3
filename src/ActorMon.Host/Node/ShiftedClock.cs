namespace ActorMon.Host.Node;

/// <summary>The system's clock, wrong by a constant (actormon.test.clock-offset). Timers and elapsed times stay right, as on a machine whose clock was set wrong.</summary>
public sealed class ShiftedClock(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;
}

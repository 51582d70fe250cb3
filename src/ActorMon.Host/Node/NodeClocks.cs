using Serilog.Core;

namespace ActorMon.Host.Node;

/// <summary>The clocks of a node: the system's, unless a test disturbs them (actormon.test).</summary>
public static class NodeClocks
{
    /// <returns>The clock of what is observed (samples, rules, alerts), and that of the machine (leases, links, disks, deadlines). The same but for a clock rate.</returns>
    public static (TimeProvider Time, TimeProvider Machine) Of(NodeSettings settings, Logger log)
    {
        var machine = TimeProvider.System;
        if (settings.ClockOffset != TimeSpan.Zero)
        {
            log.Warning("actormon.test: the clock of this node is wrong by {Offset}", settings.ClockOffset);
            machine = new ShiftedClock(settings.ClockOffset);
        }
        if (settings.ClockRate == 1)
            return (machine, machine);
        var origin = settings.ClockOrigin ?? machine.GetUtcNow();
        log.Warning("actormon.test: the clock of this node runs {Rate} times as fast as the real one since {Origin:O}", settings.ClockRate, origin);
        return (new PacedClock(origin, settings.ClockRate, machine), machine);
    }
}

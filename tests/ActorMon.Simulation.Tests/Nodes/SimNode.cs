using ActorMon.Replication.Map;
using ActorMon.Simulation.Tests.World;

namespace ActorMon.Simulation.Tests.Nodes;

/// <summary>A machine: its disk, its clocks and the process that runs on it, if one does.</summary>
public sealed class SimNode(int number, SimWorld world)
{
    private readonly long _offset = world.Chance.Between(0, 1_000_000);
    private readonly double _rate = 1 + world.Chance.Between(-5, 5) / 10_000.0;

    public int Number { get; } = number;

    public NodeId Id { get; } = new(new Guid(number + 1, 0, 0, new byte[8]));

    public Dictionary<int, DiskCopy> Disk { get; } = [];

    public SimProcess? Process { get; private set; }

    public bool IsFrozen { get; private set; }

    /// <summary>The machine takes part: it was added and not taken away.</summary>
    public bool IsWanted { get; set; }

    /// <summary>How far its wall clock is off.</summary>
    public long WallOffset { get; } = world.Chance.Happens(0.2) ? world.Chance.Between(-3_600_000, 3_600_000) : 0;

    /// <summary>Runs a little too fast or slow, from anywhere, never back; goes on while the process is frozen.</summary>
    public long Monotonic => _offset + (long)(world.Schedule.Now * _rate);

    public bool IsRunning => Process is not null && !IsFrozen;

    public void Start()
    {
        if (Process is not null)
            return;
        Process = new SimProcess(this, world, new NodeIncarnation(Id, world.Chance.Bits()));
        Process.Begin();
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        IsFrozen = false;
        Process?.End();
        Process = null;
    }

    public void Freeze()
    {
        if (Process is not null)
            IsFrozen = true;
    }

    public void Thaw()
    {
        if (!IsFrozen)
            return;
        IsFrozen = false;
        Process?.CatchUp();
    }
}

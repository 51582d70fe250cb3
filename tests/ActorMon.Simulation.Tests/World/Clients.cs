using ActorMon.Simulation.Tests.Nodes;

namespace ActorMon.Simulation.Tests.World;

/// <summary>Write and read at any node, now and then.</summary>
public static class Clients
{
    public static void Begin(SimWorld world)
    {
        Every(world, 120, () =>
        {
            if (world.IsWriting && Anybody(world) is { } process)
                Write(world, process);
        });
        Every(world, 150, () =>
        {
            if (Anybody(world) is { } process)
                Read(world, process, world.Chance.Below(SimulationOptions.Partitions));
        });
    }

    private static void Write(SimWorld world, SimProcess process)
    {
        var time = 4_000_000 + world.Schedule.Now + process.Node.WallOffset - (world.Chance.Happens(0.1) ? 30_000 : 0);
        process.Writer.Write(world.Chance.Below(SimulationOptions.Partitions), world.Samples.Make((ulong)world.Chance.Below(4), time));
    }

    private static void Read(SimWorld world, SimProcess entry, int partition)
    {
        var readable = entry.Map.Partitions[partition].InSync.ToArray();
        if (readable.Length == 0)
            return;
        entry.Send(entry.Holder.Number(world.Chance.Pick(readable).Node), holder => holder.Holder.Read(partition));
    }

    private static SimProcess? Anybody(SimWorld world) =>
        world.Chance.Pick(world.Nodes) is { IsRunning: true } node ? node.Process : null;

    private static void Every(SimWorld world, int ms, Action action) => world.Schedule.After(world.Chance.Between(1, 2 * ms), () =>
    {
        action();
        Every(world, ms, action);
    });
}

using ActorMon.Model.Sharding;
using ActorMon.Replication.Copies;
using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;
using ActorMon.Simulation.Tests.Nodes;

namespace ActorMon.Simulation.Tests.World;

/// <summary>Does everything that goes wrong: kills, freezes, partitions, a bad network, a journal that is away, failing storage; and adds, drains and takes away nodes.</summary>
public sealed class Nemesis(SimWorld world)
{
    private readonly int _pause = world.Chance.Pick([1_500, 3_000, 6_000]);
    private bool _isOver;

    private Chance Chance => world.Chance;

    public void Begin() => Plan();

    public void HealAll()
    {
        _isOver = true;
        world.Network.HealAll();
        (world.Network.Loss, world.Network.Slow) = (0.001, 0.001);
        world.Journal.IsAway = false;
        foreach (var node in world.Nodes)
        {
            node.Thaw();
            if (node.IsWanted)
                node.Start();
            for (var p = 0; p < SimulationOptions.Partitions; p++)
                node.Process?.Holder.Happened(p, new StorageRepaired());
        }
        KeepNodes();
    }

    /// <summary>The operator ends every draining, as often as it takes; whoever said that it stops does so, and is started again.</summary>
    private void KeepNodes()
    {
        foreach (var node in world.Nodes)
        {
            ToControl(new Drain(node.Id, false));
            if (node.Process is not { } process || world.Journal.Map.Nodes.GetValueOrDefault(node.Id) is not { Stopping: true } known || known.Current != process.Self)
                continue;
            node.Kill();
            if (node.IsWanted)
                node.Start();
        }
        world.Schedule.After(2_000, KeepNodes);
    }

    private void Plan() => world.Schedule.After(Chance.Between(_pause / 2, _pause * 2), () =>
    {
        if (_isOver)
            return;
        Do();
        Plan();
    });

    private void Do()
    {
        var node = Chance.Pick(world.Nodes);
        var what = Chance.Below(16);
        world.Trace?.Invoke($"{world.Schedule.Now} fault {what} on {node.Number}");
        switch (what)
        {
            case 0 or 1 or 2:
                node.Kill();
                Later(200, 30_000, () => StartIfWanted(node));
                break;
            case 3:
                node.Freeze();
                Later(500, 30_000, node.Thaw);
                break;
            case 4:
                Isolate([node.Number], both: true);
                break;
            case 5:
                Isolate([node.Number], both: false);
                break;
            case 6:
                Isolate([node.Number, Chance.Below(world.Nodes.Count)], both: true);
                break;
            case 7:
                (world.Network.Loss, world.Network.Slow) = (Chance.Pick([0.01, 0.1, 0.4]), Chance.Pick([0.01, 0.1, 0.3]));
                break;
            case 8:
                world.Journal.IsAway = true;
                Later(500, 15_000, () => world.Journal.IsAway = false);
                break;
            case 9:
                node.IsWanted = true;
                node.Start();
                break;
            case 10 when world.Options.Seed % 3 == 0:
                StopAndReturn(node);
                break;
            case 10:
                DrainAndLeave(node);
                break;
            case 11:
                FailStorage(node, Chance.Below(SimulationOptions.Partitions));
                break;
            case 12:
                DrainForAMoment(node);
                break;
            case 13:
                FailStorage(node, Chance.Below(SimulationOptions.Partitions));
                Isolate([node.Number], both: false);
                break;
            case 14:
                ToControl(new SetReplicas(1 + Chance.Below(3)));
                break;
            default:
                Delete();
                break;
        }
    }

    private void StartIfWanted(SimNode node)
    {
        if (node.IsWanted && !_isOver)
            node.Start();
    }

    private void Isolate(int[] side, bool both)
    {
        var outwards = both || Chance.Happens(0.5);
        var inwards = both || !outwards;
        foreach (var a in side)
        {
            for (var b = 0; b < world.Nodes.Count; b++)
            {
                if (side.Contains(b) || (!both && Chance.Happens(0.5)))
                    continue;
                if (outwards)
                    world.Network.Cut(a, b);
                if (inwards)
                    world.Network.Cut(b, a);
            }
        }
        Later(500, 30_000, world.Network.HealAll);
    }

    private void DrainAndLeave(SimNode node)
    {
        if (node.Process is not { } process || world.Nodes.Count(n => n.IsWanted) < 2)
            return;
        ToControl(new Drain(node.Id, true));
        Later(5_000, 30_000, () =>
        {
            if (_isOver || process.HasEnded || node.IsFrozen || !process.Map.IsUp(process.Self) || !process.Map.Nodes[node.Id].Draining)
                return;
            if (process.Map.CopiesOn(node.Id).Any() && Chance.Happens(0.7))
            {
                ToControl(new Drain(node.Id, false));
                return;
            }
            // The deadline is over, or nothing is left: it leaves, for good only when neither its disk nor the map has a copy on it, as an operator looks before taking it away.
            node.IsWanted = node.Disk.Count > 0 || world.Journal.Map.CopiesOn(node.Id).Any();
            node.Kill();
            world.Cluster.Leave(process);
        });
    }

    /// <summary>A graceful stop with its hand-over, which may be cut short; the node comes back with what it had on its disk.</summary>
    private void StopAndReturn(SimNode node)
    {
        if (node.Process is not { } process)
            return;
        ToControl(new BeginStop(process.Self));
        Later(500, 20_000, () =>
        {
            if (process.HasEnded || node.IsFrozen)
                return;
            node.Kill();
            if (Chance.Happens(0.5))
                world.Cluster.Leave(process);
            Later(200, 40_000, () => StartIfWanted(node));
        });
    }

    /// <summary>Copies leave, and come back to the same life of the node.</summary>
    private void DrainForAMoment(SimNode node)
    {
        ToControl(new Drain(node.Id, true));
        Later(500, 6_000, () => ToControl(new Drain(node.Id, false)));
    }

    private void FailStorage(SimNode node, int partition)
    {
        if (node.Process is not { } process)
            return;
        process.Run(() => process.Holder.Happened(partition, new StorageFailed()));
        Later(100, Chance.Pick([1_000, 5_000, 20_000]), () => process.Run(() => process.Holder.Happened(partition, new StorageRepaired())));
    }

    private void Delete()
    {
        var now = 4_000_000 + world.Schedule.Now;
        var request = new DeletionRequest([Chance.Below(4).ToString(System.Globalization.CultureInfo.InvariantCulture)], now - Chance.Between(1_000, 40_000), now);
        world.Judge.MayBeDeleted(request);
        ToControl(new LogDeletion(request));
    }

    private void ToControl(MapCommand command)
    {
        if (world.Cluster.Control is { } control)
            control.Run(() => control.Control?.Decide(command));
    }

    private void Later(long from, long to, Action action) => world.Schedule.After(Chance.Between(from, to), () =>
    {
        if (!_isOver)
            action();
    });
}

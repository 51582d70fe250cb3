using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;
using ActorMon.Replication.Membership;
using ActorMon.Replication.Placement;
using ActorMon.Simulation.Tests.World;

namespace ActorMon.Simulation.Tests.Nodes;

/// <summary>The control singleton on one process; a former one may live on elsewhere until it tries to write.</summary>
public sealed class SimControl(SimProcess process)
{
    private readonly MovePlanner _planner = new(new MoveSettings(4, 2, process.World.Chance.Between(1_000, 30_000), process.World.Chance.Between(1_000, 10_000)));
    private RemovalGate _gate = RemovalGate.Start();
    private readonly Dictionary<NodeId, NodeUp> _announced = [];
    private PartitionMap? _map;

    private SimWorld World => process.World;

    public void Heartbeat(SimProcess from, long version, (NodeIncarnation Removed, long BarredForMs)[] barred)
    {
        foreach (var (removed, forMs) in barred)
            _gate = _gate.Report(from.Self, removed, forMs);
        NodeIncarnation[] pending = [.. _gate.Pending.Keys];
        if (pending.Length > 0)
            process.Send(from.Node.Number, p => p.IsAskedAbout(pending));
        if (_map is null || version >= _map.Version)
            return;
        var (map, diff) = (_map, World.Journal.Since(version, _map.Version));
        var whole = World.Chance.Happens(0.1);
        process.Send(from.Node.Number, p =>
        {
            if (whole)
                p.Follow(map);
            else
                p.Follow(diff);
        });
    }

    public void Hello(NodeUp hello)
    {
        if (_map is null)
            return;
        // A greeting of a life that is over may arrive late, and one that waits may end.
        if (!process.Members.Contains(hello.Node.Current))
        {
            if (_announced.TryGetValue(hello.Node.Id, out var waiting) && waiting.Node.Current == hello.Node.Current)
            {
                _announced.Remove(hello.Node.Id);
                _gate = _gate.GoneAgain(hello.Node.Id);
            }
            return;
        }
        _announced[hello.Node.Id] = hello;
        _gate = _gate.Announced(_map, hello, process.Node.Monotonic);
        if (_gate.Waits(hello.Node.Id))
            return;
        _announced.Remove(hello.Node.Id);
        Decide(hello);
    }

    public void HasLeft(NodeIncarnation node) => Decide(new NodeRemoved(node));

    public void Decide(MapCommand command)
    {
        if (_map is null || World.Journal.IsAway || process.Control != this)
            return;
        var decision = Decision(_map, command);
        if (decision.Events.IsEmpty)
            return;
        if (!World.Journal.TryAppend(_map.Version, decision.Events))
        {
            // Another one decides now.
            process.StopsControl();
            return;
        }
        foreach (var logged in decision.Events.OfType<DeletionLogged>())
            World.Judge.IsLogged(logged.Deletion.Request);
        World.Trace?.Invoke($"{World.Schedule.Now} control on {process.Node.Number}: {command} -> " +
            string.Join("; ", decision.Events.Select(e => e is PartitionSet set ? $"p{set.Partition} {Judging.Judge.Describe(set.State)}" : e.GetType().Name)));
        var diff = new MapDiff(_map.Version, decision.Events);
        _map = _map.Apply(decision.Events.AsSpan());
        foreach (var node in _map.UpNodes)
            process.Send(World.Nodes.First(n => n.Id == node.Id).Number, p => p.Follow(diff));
    }

    private void PruneDeletions(PartitionMap map)
    {
        if (map.Deletions.Entries.IsEmpty)
            return;
        var progress = World.Nodes.ToDictionary(n => n.Id, n => new DeletionProgress(
            0, map.CopiesOn(n.Id).Select(held => n.Disk.TryGetValue(held.Partition.Value, out var disk) ? disk.DeletionsApplied : map.Deletions.Pruned).Append(map.Deletions.Version).Min()));
        if (DeletionPruning.Of(map, progress) is var version && version > map.Deletions.Pruned)
            Decide(new PruneDeletions(version));
    }

    public void Tick()
    {
        if (World.Journal.IsAway)
            return;
        if (_map is null)
        {
            _map = World.Journal.Map;
            return;
        }
        PruneDeletions(_map);
        foreach (var announced in _announced.Values.ToArray())
            Hello(announced);
        foreach (var node in _map.UpNodes.Select(n => n.Current).Where(n => !process.Members.Contains(n)).ToArray())
        {
            _gate = _gate.Removed(node);
            if (World.Breaks(BrokenRule.RemovalGate))
                Decide(new NodeRemoved(node));
        }
        foreach (var node in _gate.Passed(_map).ToArray())
        {
            Decide(new NodeRemoved(node));
            if (!_map.IsUp(node))
                _gate = _gate.Done(node);
        }
        foreach (var command in _planner.Plan(_map, process.Node.Monotonic, _gate.Pending.Keys.ToHashSet()))
            Decide(command);
    }

    private MapDecision Decision(PartitionMap map, MapCommand command)
    {
        var decision = MapDecider.Decide(map, command);
        if (World.Options.Broken == BrokenRule.None)
            return decision;
        return BrokenDecisions.Change(World.Options.Broken, map, command, decision);
    }
}

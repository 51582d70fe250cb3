using ActorMon.Model.Sharding;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Tests;

/// <summary>A map to try commands on: nodes by letters, partition 0.</summary>
internal sealed class MapBench
{
    private ulong _lives;

    public MapBench(int replicas, params string[] nodes)
    {
        Map = PartitionMap.Create(Guid.Empty, 1, replicas);
        foreach (var node in nodes)
            Up(node);
    }

    public PartitionMap Map { get; private set; }

    public static PartitionId Partition => new(0);

    public PartitionState State => Map[Partition];

    public static NodeId Id(string node) => new(new Guid(node[0], 0, 0, new byte[8]));

    public CopyRecord? Copy(string node) => State.OnNode(Id(node));

    public CopyStint Stint(string node) => CopyStint.Of(Partition, Copy(node)!);

    public string States => string.Join(" ", State.Copies.Select(c => $"{(char)c.Node.Value.ToByteArray()[0]}:{c.State}"));

    /// <summary>A new life of a node with what lies on its disk.</summary>
    public void Up(string node, long? heldEpoch = null) => Do(new NodeUp(
        new MapNode(Id(node), ++_lives, NodeState.Up, "", 1, false, "", ""), heldEpoch is { } epoch ? [new HeldCopy(Partition, epoch)] : []));

    public void Gone(string node) => Do(new NodeRemoved(Map.Nodes[Id(node)].Current));

    /// <summary>Copies on these nodes, opened and in sync.</summary>
    public MapBench Opened(params string[] nodes)
    {
        Do(new OpenFresh(Partition, [.. nodes.Select(Id)]));
        foreach (var node in nodes)
            Do(new Verified(Stint(node)));
        return this;
    }

    public void Join(string node)
    {
        Do(new StartJoin(Partition, Id(node)));
        Do(new CaughtUp(Stint(node)));
        Do(new Verified(Stint(node)));
    }

    public MapDecision Do(MapCommand command)
    {
        var decision = MapDecider.Decide(Map, command);
        Map = Map.Apply(decision.Events.AsSpan());
        return decision;
    }
}

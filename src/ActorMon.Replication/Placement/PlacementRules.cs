using ActorMon.Replication.Map;

namespace ActorMon.Replication.Placement;

/// <param name="Zone">Failure domain; equal zones (also the empty one) are avoided where there are others.</param>
/// <param name="Weight">Share of load, at least 1.</param>
/// <param name="MayReceive">False: keeps what it has and gets nothing new, as a node does that is away for a moment.</param>
public readonly record struct PlacementNode(NodeId Id, string Zone, int Weight, bool MayReceive);

/// <summary>A copy there is. Lower ranks are kept first when there are too many.</summary>
public readonly record struct PlacedCopy(NodeId Node, int Rank);

/// <summary>
/// Which nodes should hold each partition: different nodes, different zones where possible, load by weight, few moves. A pure function of its arguments: the same
/// input gives the same answer everywhere. Copies are kept unless their node is gone, there are too many, two share a zone without need, or a move lowers the load of
/// the fuller node below what it was (relative to weight) without the other one getting there.
/// </summary>
public static class PlacementRules
{
    /// <param name="nodes">Nodes that may hold copies; copies on others are not kept.</param>
    /// <param name="current">Per partition the copies there are.</param>
    /// <param name="replicas">R; fewer nodes: one copy on each.</param>
    /// <param name="loads">Per partition its load (series, samples/s, anything), at least 1; null: all equal.</param>
    public static NodeId[][] Desired(
        IReadOnlyList<PlacementNode> nodes, IReadOnlyList<IReadOnlyList<PlacedCopy>> current, int replicas, IReadOnlyList<int>? loads = null)
    {
        var board = new PlacementBoard(nodes, current.Count, loads);
        for (var p = 0; p < current.Count; p++)
            foreach (var copy in current[p])
                if (board.IndexOf(copy.Node) is var node and >= 0)
                    board.Add(p, node);
        var spare = new List<int>?[current.Count];
        for (var p = 0; p < current.Count; p++)
            while (board.Members(p).Count > replicas)
            {
                var node = LeastWanted(board, p, current[p]);
                board.Remove(p, node);
                (spare[p] ??= []).Add(node);
            }
        for (var p = 0; p < current.Count; p++)
            while (board.Members(p).Count < replicas && board.Emptiest(p, -1) is var node and >= 0)
                board.Add(p, node);
        for (var p = 0; p < current.Count; p++)
            SpreadZones(board, p);
        Balance(board, spare);
        return [.. Enumerable.Range(0, current.Count).Select(p => board.Members(p).Select(n => nodes[n].Id).ToArray())];
    }

    /// <summary>The highest rank goes first, then one that shares its zone, then the fullest node's.</summary>
    private static int LeastWanted(PlacementBoard board, int partition, IReadOnlyList<PlacedCopy> copies) =>
        board.Members(partition)
            .OrderByDescending(n => copies.First(c => board.IndexOf(c.Node) == n).Rank)
            .ThenByDescending(n => board.SharesZone(partition, n))
            .ThenByDescending(board.Ratio)
            .ThenBy(n => n)
            .First();

    /// <summary>Moves copies out of a zone that another copy of the partition is in, as long as there is a zone without one.</summary>
    private static void SpreadZones(PlacementBoard board, int partition)
    {
        while (board.Members(partition).Where(n => board.SharesZone(partition, n)).OrderByDescending(board.Ratio).ThenBy(n => n).ToArray() is { Length: > 0 } shared
            && board.Emptiest(partition, shared[0]) is var to and >= 0 && !board.WouldShareZone(partition, to, shared[0]))
        {
            board.Remove(partition, shared[0]);
            board.Add(partition, to);
        }
    }

    /// <param name="spare">Nodes whose copies of a partition are too many. They are used before new ones are made: a node that comes back gets what it has on its disk.</param>
    private static void Balance(PlacementBoard board, List<int>?[] spare)
    {
        // A node that can give nothing away stays so until it is given something, which does not happen to the fullest.
        while (board.Fullest() is var from and >= 0)
            if (!TryGive(board, from, spare) && !TryGive(board, from, null))
                board.SetAside(from);
    }

    /// <param name="only">Null: to any node.</param>
    private static bool TryGive(PlacementBoard board, int from, List<int>?[]? only)
    {
        foreach (var p in board.PartitionsOn(from))
        {
            if (only is not null && only[p] is null)
                continue;
            if (board.Emptiest(p, from) is not (var to and >= 0) || only?[p]!.Contains(to) == false || !board.Improves(p, from, to) || (board.WouldShareZone(p, to, from) && !board.SharesZone(p, from)))
                continue;
            board.Remove(p, from);
            board.Add(p, to);
            return true;
        }
        return false;
    }
}

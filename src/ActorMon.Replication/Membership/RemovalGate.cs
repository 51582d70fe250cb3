using System.Collections.Immutable;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Membership;

/// <summary>
/// Holds a removal back until the removed node's lease has surely ended: every node that is up and not itself removed has given it no answer for longer than a lease.
/// Its lease needs a majority's answers, and those removed with it are a minority, so one of the answers would have to come from a node that reports here.
/// Kept by the control singleton in memory; a new singleton starts with the removals it finds and asks again.
/// </summary>
/// <param name="NeedMs">Length of a lease and a margin for clocks that run at slightly different rates.</param>
/// <remarks>
/// A node that is back with every copy the map has in sync there waits behind the removals of others. Its new life ends the old one, so its copies would leave the ones in
/// sync in favour of copies on a node that is about to be removed, and the partition would then wait for that node, with all its samples at hand.
/// </remarks>
/// <param name="Pending">Removed by the cluster, not yet by the map: with the nodes that have reported long enough.</param>
/// <param name="Returning">Nodes that wait in a new life.</param>
public sealed record RemovalGate(
    long NeedMs, ImmutableDictionary<NodeIncarnation, ImmutableHashSet<NodeIncarnation>> Pending, ImmutableDictionary<NodeId, ReturningNode> Returning)
{
    public const long DefaultNeedMs = MajorityLease.DefaultLengthMs + 250;

    /// <summary>A node that is back waits for so many times <see cref="NeedMs"/> at most: a removal that does not pass must not keep it out.</summary>
    private const int MaxWaits = 3;

    public static RemovalGate Start(long needMs = DefaultNeedMs) =>
        new(needMs, ImmutableDictionary<NodeIncarnation, ImmutableHashSet<NodeIncarnation>>.Empty, ImmutableDictionary<NodeId, ReturningNode>.Empty);

    /// <summary>The cluster has removed a node. Nodes are asked about it from now on.</summary>
    public RemovalGate Removed(NodeIncarnation node) =>
        Pending.ContainsKey(node) || Returning.ContainsKey(node.Node) ? this : this with { Pending = Pending.Add(node, []) };

    /// <summary>A node has announced itself.</summary>
    /// <returns>The gate, with the node returning when it has to wait; asked again later with the same command.</returns>
    public RemovalGate Announced(PartitionMap map, NodeUp node, long nowMs)
    {
        var id = node.Node.Id;
        var others = RemoveLivesOf(id);
        var since = Returning.TryGetValue(id, out var known) && known.Life == node.Node.Current ? known.SinceMs : nowMs;
        var waits = !others.IsEmpty && nowMs - since < MaxWaits * NeedMs && HasAllInSync(map, node);
        return this with { Pending = others, Returning = waits ? Returning.SetItem(id, new ReturningNode(node.Node.Current, since)) : Returning.Remove(id) };
    }

    /// <summary>True when the node has announced itself and its time has not come.</summary>
    public bool Waits(NodeId node) => Returning.ContainsKey(node);

    /// <summary>A node that waited is no member any more.</summary>
    public RemovalGate GoneAgain(NodeId node) => this with { Returning = Returning.Remove(node) };

    /// <summary>A node's report: for so long it has given the removed one no answer, and will give none.</summary>
    public RemovalGate Report(NodeIncarnation by, NodeIncarnation removed, long barredForMs) =>
        barredForMs >= NeedMs && Pending.TryGetValue(removed, out var reported) ? this with { Pending = Pending.SetItem(removed, reported.Add(by)) } : this;

    /// <summary>Removals that may be decided now.</summary>
    public IEnumerable<NodeIncarnation> Passed(PartitionMap map) =>
        Pending.Where(p => map.UpNodes.All(n => Returning.TryGetValue(n.Id, out var back) ? p.Value.Contains(back.Life) : Pending.ContainsKey(n.Current) || p.Value.Contains(n.Current)))
            .Select(p => p.Key);

    /// <summary>The map no longer has the node as up.</summary>
    public RemovalGate Done(NodeIncarnation node) => this with { Pending = Pending.Remove(node) };

    private ImmutableDictionary<NodeIncarnation, ImmutableHashSet<NodeIncarnation>> RemoveLivesOf(NodeId node) => Pending.RemoveRange(Pending.Keys.Where(life => life.Node == node));

    private static bool HasAllInSync(PartitionMap map, NodeUp node)
    {
        if (!map.Nodes.TryGetValue(node.Node.Id, out var known) || !known.IsUp || known.Current == node.Node.Current)
            return false;
        var held = node.Held.ToDictionary(copy => copy.Partition, copy => copy.Epoch);
        return map.CopiesOn(node.Node.Id).All(c => !c.Copy.IsInSync || (held.TryGetValue(c.Partition, out var epoch) && epoch >= c.Copy.Admitted));
    }
}

/// <summary>A node that is back in a new life, which the map does not have yet.</summary>
/// <param name="SinceMs">Monotonic time of its first announcement.</param>
public readonly record struct ReturningNode(NodeIncarnation Life, long SinceMs);

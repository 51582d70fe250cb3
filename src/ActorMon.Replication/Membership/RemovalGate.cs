using System.Collections.Immutable;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Membership;

/// <summary>
/// Holds a removal back until the removed node's lease has surely ended: every node that is up and not itself removed has given it no answer for longer than a lease.
/// Its lease needs a majority's answers, and those removed with it are a minority, so one of the answers would have to come from a node that reports here.
/// Kept by the control singleton in memory; a new singleton starts with the removals it finds and asks again.
/// </summary>
/// <param name="NeedMs">Length of a lease and a margin for clocks that run at slightly different rates.</param>
/// <param name="Pending">Removed by the cluster, not yet by the map: with the nodes that have reported long enough.</param>
public sealed record RemovalGate(long NeedMs, ImmutableDictionary<NodeIncarnation, ImmutableHashSet<NodeIncarnation>> Pending)
{
    public const long DefaultNeedMs = MajorityLease.DefaultLengthMs + 250;

    public static RemovalGate Start(long needMs = DefaultNeedMs) => new(needMs, ImmutableDictionary<NodeIncarnation, ImmutableHashSet<NodeIncarnation>>.Empty);

    /// <summary>The cluster has removed a node. Nodes are asked about it from now on.</summary>
    public RemovalGate Removed(NodeIncarnation node) => Pending.ContainsKey(node) ? this : this with { Pending = Pending.Add(node, []) };

    /// <summary>A node's report: for so long it has given the removed one no answer, and will give none.</summary>
    public RemovalGate Report(NodeIncarnation by, NodeIncarnation removed, long barredForMs) =>
        barredForMs >= NeedMs && Pending.TryGetValue(removed, out var reported) ? this with { Pending = Pending.SetItem(removed, reported.Add(by)) } : this;

    /// <summary>Removals that may be decided now.</summary>
    public IEnumerable<NodeIncarnation> Passed(PartitionMap map) =>
        Pending.Where(p => map.UpNodes.All(n => Pending.ContainsKey(n.Current) || p.Value.Contains(n.Current))).Select(p => p.Key);

    /// <summary>The map no longer has the node as up.</summary>
    public RemovalGate Done(NodeIncarnation node) => this with { Pending = Pending.Remove(node) };
}

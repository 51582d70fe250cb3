using System.Collections.Immutable;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Configurations;

/// <summary>What happens to a proposed configuration; everything else is waiting.</summary>
public enum RoundOutcome : byte
{
    /// <summary>Members have not answered yet.</summary>
    Preparing,

    /// <summary>Every member could use it: it may become the next version.</summary>
    Prepared,

    /// <summary>Some member cannot use it, or did not say in time: it is in force nowhere.</summary>
    Refused,
}

/// <summary>
/// A proposed configuration on its way: prepared on every member, or applied nowhere. A member that leaves the cluster is waited for no more; one that enters takes what is
/// in force then, so a round begun without it is begun again.
/// </summary>
/// <param name="Hash">Of the proposed content.</param>
/// <param name="Members">Who has to be able to use it.</param>
/// <param name="Ready">Members that can.</param>
/// <param name="Error">Why it is refused; names the member.</param>
public sealed record ConfigurationRound(string Hash, ImmutableSortedDictionary<NodeId, MapNode> Members, ImmutableHashSet<NodeId> Ready, string? Error)
{
    public static ConfigurationRound Start(string hash, IEnumerable<MapNode> members) =>
        new(hash, members.ToImmutableSortedDictionary(m => m.Id, m => m), [], null);

    /// <summary>Checked strictly where there are several nodes: what a file with a secret is worth shows on the node that reads it.</summary>
    public bool IsStrict => Members.Count > 1;

    public RoundOutcome Outcome => Error is not null ? RoundOutcome.Refused : Waiting.Any() ? RoundOutcome.Preparing : RoundOutcome.Prepared;

    /// <summary>Members that have not answered.</summary>
    public IEnumerable<MapNode> Waiting => Members.Values.Where(m => !Ready.Contains(m.Id));

    /// <param name="error">Null: the member can use it.</param>
    public ConfigurationRound Answered(NodeId member, string hash, string? error)
    {
        if (hash != Hash || Error is not null || !Members.TryGetValue(member, out var node))
            return this;
        return error is null ? this with { Ready = Ready.Add(member) } : this with { Error = $"node {NameOf(node)}: {error}" };
    }

    /// <summary>The cluster's members have changed.</summary>
    public ConfigurationRound With(IEnumerable<MapNode> members)
    {
        var now = members.ToImmutableSortedDictionary(m => m.Id, m => m);
        // Another life of a node has other files.
        return this with { Members = now, Ready = Ready.Where(id => now.TryGetValue(id, out var node) && Members[id].Incarnation == node.Incarnation).ToImmutableHashSet() };
    }

    public ConfigurationRound TimedOut() =>
        Outcome == RoundOutcome.Preparing ? this with { Error = $"no answer in time of {string.Join(", ", Waiting.Select(m => "node " + NameOf(m)))}" } : this;

    private static string NameOf(MapNode node) => node.Address.Length > 0 ? node.Address[(node.Address.LastIndexOf('@') + 1)..] : node.Id.ToString();
}

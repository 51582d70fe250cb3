using System.Collections.Immutable;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Membership;

/// <summary>
/// A node's leave to acknowledge and to call its reads complete: within the last <see cref="LengthMs"/> it asked, and was answered by, a majority of the cluster's
/// members. All times are milliseconds of the node's own monotonic clock; an answer counts from the time the question was SENT, so its way does not matter.
/// Members are the cluster's (joining and unreachable ones included), not the map's: the cluster changes them only when all have seen the change or by majority.
/// </summary>
public sealed record MajorityLease(NodeIncarnation Self, long LengthMs, ImmutableDictionary<NodeIncarnation, long> Heard)
{
    /// <summary>How long an answered question holds (5 s).</summary>
    public const long DefaultLengthMs = 5_000;

    public static MajorityLease Start(NodeIncarnation self, long lengthMs = DefaultLengthMs) => new(self, lengthMs, ImmutableDictionary<NodeIncarnation, long>.Empty);

    /// <summary>A peer has answered the question sent at this time.</summary>
    public MajorityLease Answered(NodeIncarnation peer, long sentAt) =>
        Heard.TryGetValue(peer, out var known) && known >= sentAt ? this : this with { Heard = Heard.SetItem(peer, sentAt) };

    /// <summary>Keeps what is known of present members only.</summary>
    public MajorityLease Keep(IReadOnlyCollection<NodeIncarnation> members) => this with { Heard = Heard.RemoveRange(Heard.Keys.Where(k => !members.Contains(k)).ToArray()) };

    /// <summary>The time up to which the lease holds; to be compared with the clock at every use. Alone: always.</summary>
    /// <param name="members">The cluster's members with this node.</param>
    public long HoldsUntil(IReadOnlyCollection<NodeIncarnation> members)
    {
        var peersNeeded = members.Count / 2;
        if (peersNeeded == 0)
            return long.MaxValue;
        var times = members.Where(m => m != Self && Heard.ContainsKey(m)).Select(m => Heard[m]).OrderDescending().Take(peersNeeded).ToArray();
        return times.Length < peersNeeded ? long.MinValue : times[^1] + LengthMs;
    }

    /// <summary>
    /// The same, new members not counted for half a lease, so that a node that joins does not stop those that are there until it first speaks. Nobody is removed so soon after
    /// the last moment at which this node could see the newcomer, so two sides cannot both hold a lease by it.
    /// </summary>
    /// <param name="seen">When this node first saw each member; those that have answered since are counted.</param>
    public long HoldsUntil(IReadOnlyCollection<NodeIncarnation> members, IReadOnlyDictionary<NodeIncarnation, long> seen)
    {
        var until = HoldsUntil(members);
        var silent = members.Where(m => m != Self && !Heard.ContainsKey(m) && seen.ContainsKey(m)).ToArray();
        return silent.Length == 0 ? until : Math.Max(until, Math.Min(silent.Min(m => seen[m]) + (LengthMs / 2), HoldsUntil([.. members.Except(silent)])));
    }
}

using System.Collections.Immutable;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Membership;

/// <summary>
/// The other side of the lease: whom a node answers. It stops to answer a peer that it sees as unreachable or that was removed, and can say for how long it has not.
/// Times are milliseconds of the node's monotonic clock.
/// </summary>
public sealed record LeaseAnswers(long StartedAt, ImmutableDictionary<NodeIncarnation, long> LastAnswer, ImmutableHashSet<NodeIncarnation> Barred)
{
    public static LeaseAnswers Start(long now) => new(now, ImmutableDictionary<NodeIncarnation, long>.Empty, []);

    public bool MayAnswer(NodeIncarnation peer) => !Barred.Contains(peer);

    public LeaseAnswers Answered(NodeIncarnation peer, long now) => this with { LastAnswer = LastAnswer.SetItem(peer, now) };

    public LeaseAnswers Bar(NodeIncarnation peer) => this with { Barred = Barred.Add(peer) };

    /// <summary>A peer that was unreachable is reachable again. Never for a removed one.</summary>
    public LeaseAnswers Unbar(NodeIncarnation peer) => this with { Barred = Barred.Remove(peer) };

    /// <summary>How long this node has given the peer no answer and will give none; -1 while it still may.</summary>
    public long BarredForMs(NodeIncarnation peer, long now) => MayAnswer(peer) ? -1 : now - LastAnswer.GetValueOrDefault(peer, StartedAt);

    /// <summary>Forgets a peer whose removal is in the map.</summary>
    public LeaseAnswers Forget(NodeIncarnation peer) => this with { LastAnswer = LastAnswer.Remove(peer), Barred = Barred.Remove(peer) };
}

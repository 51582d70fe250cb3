using ActorMon.Replication.Map;
using ActorMon.Replication.Membership;
using Akka.Actor;
using Akka.Cluster;

namespace ActorMon.Actors.Control.Partitions;

/// <summary>
/// A node's side of the majority: who the cluster's members are, which of them have answered lately, and whom this node answers. Not thread-safe: part of the MapKeeper.
/// </summary>
internal sealed class MemberVoices(Cluster cluster, NodeIncarnation self, ClusterStanding standing, TimeSpan timeout)
{
    private readonly Dictionary<Address, UniqueAddress> _members = [];

    // When each was first seen, by the node's monotonic clock.
    private readonly Dictionary<UniqueAddress, long> _seen = [];

    // A member's life is known once it has spoken.
    private readonly Dictionary<Address, NodeIncarnation> _lives = [];
    private MajorityLease _lease = MajorityLease.Start(self, (long)timeout.TotalMilliseconds);
    private LeaseAnswers _answers = LeaseAnswers.Start(standing.Now);

    /// <summary>Addresses of the other members.</summary>
    public IEnumerable<Address> Others => _members.Keys.Where(address => address != cluster.SelfAddress);

    /// <summary>A member asks for this node's voice; false: it gets none.</summary>
    public bool Answer(NodeIncarnation from, Address address)
    {
        if (!_members.ContainsKey(address) || !_answers.MayAnswer(from))
            return false;
        _lives[address] = from;
        _answers = _answers.Answered(from, standing.Now);
        return true;
    }

    public void Heard(NodeIncarnation from, Address address, long stamp)
    {
        if (!_members.ContainsKey(address))
            return;
        _lives[address] = from;
        _lease = _lease.Answered(from, stamp);
        Update();
    }

    /// <summary>Control asks about nodes that the cluster has removed, for good.</summary>
    public long BarredFor(NodeIncarnation removed)
    {
        _answers = _answers.Bar(removed);
        return _answers.BarredForMs(removed, standing.Now);
    }

    public void OnMember(ClusterEvent.IMemberEvent e)
    {
        var address = e.Member.Address;
        if (e is ClusterEvent.MemberRemoved)
        {
            if (!_members.TryGetValue(address, out var known) || !known.Equals(e.Member.UniqueAddress))
                return;
            _members.Remove(address);
            _seen.Remove(known);
            if (_lives.Remove(address, out var life))
                _answers = _answers.Bar(life);
        }
        else if (!_members.TryGetValue(address, out var known) || !known.Equals(e.Member.UniqueAddress))
        {
            // Another process at the same address: the life before it has ended.
            if (known is not null)
                _seen.Remove(known);
            _members[address] = e.Member.UniqueAddress;
            _seen[e.Member.UniqueAddress] = standing.Now;
            _lives.Remove(address);
        }
        Update();
    }

    public void OnUnreachable(Member member)
    {
        if (_lives.TryGetValue(member.Address, out var life))
            _answers = _answers.Bar(life);
    }

    public void OnReachable(Member member)
    {
        if (_lives.TryGetValue(member.Address, out var life))
            _answers = _answers.Unbar(life);
    }

    public void Update()
    {
        // Not a member yet: what the node began with stands, confirmed when it was alone.
        if (!_members.ContainsKey(cluster.SelfAddress))
            return;
        var members = _members.Values.Select(LifeOf).Append(self).ToHashSet();
        _lease = _lease.Keep(members);
        var seen = new Dictionary<NodeIncarnation, long>();
        foreach (var (member, at) in _seen)
            seen[LifeOf(member)] = at;
        standing.ConfirmUntil(_lease.HoldsUntil(members, seen));
    }

    /// <summary>A member that has not spoken counts as well, under a name nobody has.</summary>
    private NodeIncarnation LifeOf(UniqueAddress member) =>
        member.Address == cluster.SelfAddress ? self
        : _lives.TryGetValue(member.Address, out var life) ? life
        : new NodeIncarnation(default, unchecked((ulong)member.GetHashCode()));
}

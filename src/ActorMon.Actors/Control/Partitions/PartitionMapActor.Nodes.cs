using ActorMon.Protocol.Replication;
using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;
using ActorMon.Replication.Membership;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using static ActorMon.Protocol.Replication.MapProtocol;

namespace ActorMon.Actors.Control.Partitions;

/// <summary>The nodes: who has announced itself, who has which version, who was removed.</summary>
public sealed partial class PartitionMapActor
{
    private readonly Dictionary<NodeId, Keeper> _keepers = [];

    // Announced while the map could not change.
    private readonly Dictionary<NodeId, AnnounceNode> _announced = [];
    private RemovalGate _gate;
    private TimeSpan _started;

    /// <summary>A node's MapKeeper.</summary>
    private sealed class Keeper(NodeIncarnation node, IActorRef reference)
    {
        public NodeIncarnation Node => node;
        public IActorRef Ref => reference;
        public long Version { get; set; }
        public DeletionProgress? Deletions { get; set; }
    }

    private void OnAnnounce(AnnounceNode announce)
    {
        _keepers[announce.Node.Id] = new Keeper(announce.Node.Current, Sender);
        SendWhole(Sender);
        Up(announce);
        TryWork();
    }

    /// <summary>A node alone is in its own map already; anybody else waits until the map is journalled, and behind removals that go first.</summary>
    private void Up(AnnounceNode announce)
    {
        var id = announce.Node.Id;
        _announced[id] = announce;
        if (!IsWorking)
        {
            if (id != _settings.View.Self.Node)
                StartJournal();
            return;
        }
        var up = new NodeUp(announce.Node, announce.Held);
        _gate = _gate.Announced(_next!, up, (long)_cluster.System.Scheduler.MonotonicClock.TotalMilliseconds);
        if (_gate.Waits(id))
            return;
        _announced.Remove(id);
        Decide(up);
    }

    private void UpAgain()
    {
        foreach (var announced in _announced.Values.ToList())
            Up(announced);
    }

    private void OnKeeperState(KeeperState state)
    {
        if (!_keepers.TryGetValue(state.Node.Node, out var keeper) || keeper.Node != state.Node || !keeper.Ref.Equals(Sender))
        {
            Sender.Tell(WhoAreYou.Instance);
            return;
        }
        // Twice the same old version: a change was lost on the way.
        if (_map is { } map && state.Version < map.Version && state.Version == keeper.Version)
            SendWhole(Sender);
        (keeper.Version, keeper.Deletions) = (state.Version, state.Deletions);
    }

    /// <summary>Deletions that every known copy has applied.</summary>
    private void PruneDeletions()
    {
        if (_next!.Deletions.Entries.IsEmpty)
            return;
        var progress = _keepers.Where(k => k.Value.Deletions is not null).ToDictionary(k => k.Key, k => k.Value.Deletions!.Value);
        if (DeletionPruning.Of(_next, progress) is var version && version > _next.Deletions.Pruned)
            Decide(new PruneDeletions(version));
    }

    private void SendWhole(IActorRef keeper)
    {
        if (_map is null)
            return;
        foreach (var piece in MapMessages.Whole(_map))
            keeper.Tell(piece);
    }

    // ----- removals

    private void OnMember(ClusterEvent.IMemberEvent e)
    {
        if (e is not ClusterEvent.MemberRemoved removed || _map is null || HasMemberAt(removed.Member.Address, removed.Member.UniqueAddress) || LifeAt(removed.Member.Address) is not { } life)
            return;
        // The life that waited to be up has ended as well.
        if (_gate.Waits(life.Node) && _announced.Remove(life.Node))
            _gate = _gate.GoneAgain(life.Node);
        if (removed.PreviousStatus == MemberStatus.Exiting && IsWorking)
            Decide(new NodeRemoved(life));
        else
            HoldBack(life);
    }

    /// <summary>After a start: nodes of the map that are no members were removed while no Control looked.</summary>
    private void LookForRemoved()
    {
        if (_map is null)
            return;
        var addresses = _cluster.State.Members.Select(m => m.Address.ToString()).ToHashSet(StringComparer.Ordinal);
        foreach (var node in _map.UpNodes.Where(n => n.Id != _settings.View.Self.Node && !addresses.Contains(n.Address)))
            HoldBack(node.Current);
    }

    private void HoldBack(NodeIncarnation life)
    {
        _gate = _gate.Removed(life);
        AskAboutRemoved();
    }

    private void AskAboutRemoved()
    {
        if (!IsWorking)
            return;
        // A new life of the node has ended the one before.
        foreach (var done in _gate.Pending.Keys.Where(life => !_next!.IsUp(life)).ToList())
            _gate = _gate.Done(done);
        foreach (var removed in _gate.Pending.Keys)
            foreach (var keeper in _keepers.Values.Where(k => !_gate.Pending.ContainsKey(k.Node)))
                keeper.Ref.Tell(new GetBarred(removed));
    }

    private void OnBarred(BarredFor barred)
    {
        _gate = _gate.Report(barred.By, barred.Removed, barred.Milliseconds);
        if (!IsWorking)
            return;
        foreach (var passed in _gate.Passed(_next!).ToList())
        {
            _gate = _gate.Done(passed);
            _keepers.Remove(passed.Node);
            Decide(new NodeRemoved(passed));
        }
        UpAgain();
    }

    private NodeIncarnation? LifeAt(Address address)
    {
        var text = address.ToString();
        return (_next ?? _map)!.UpNodes.FirstOrDefault(n => n.Address == text)?.Current;
    }

    private bool HasMemberAt(Address address, UniqueAddress other) => _cluster.State.Members.Any(m => m.Address == address && !m.UniqueAddress.Equals(other));
}

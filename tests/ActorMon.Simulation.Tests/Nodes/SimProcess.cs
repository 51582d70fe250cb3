using ActorMon.Replication.Map;
using ActorMon.Replication.Membership;
using ActorMon.Simulation.Tests.World;

namespace ActorMon.Simulation.Tests.Nodes;

/// <summary>One life of a node: follows the map, asks for its lease, and runs a holder, a writer and, where the cluster wants it, control.</summary>
public sealed class SimProcess
{
    private const long TickMs = 1_000;

    private readonly Queue<Action> _backlog = new();
    private readonly HashSet<NodeIncarnation> _removed = [];
    private HashSet<NodeIncarnation> _members = [];
    private readonly Dictionary<NodeIncarnation, long> _seen = [];
    private MajorityLease _lease;
    private LeaseAnswers _answers;

    public SimProcess(SimNode node, SimWorld world, NodeIncarnation self)
    {
        (Node, World, Self) = (node, world, self);
        Map = PartitionMap.Create(Guid.Empty, SimulationOptions.Partitions);
        _lease = MajorityLease.Start(self);
        _answers = LeaseAnswers.Start(node.Monotonic);
        Holder = new SimHolder(this);
        Writer = new SimWriter(this);
    }

    public SimNode Node { get; }

    public SimWorld World { get; }

    public NodeIncarnation Self { get; }

    public PartitionMap Map { get; private set; }

    public SimHolder Holder { get; }

    public SimWriter Writer { get; }

    public SimControl? Control { get; private set; }

    public bool HasEnded { get; private set; }

    public IReadOnlySet<NodeIncarnation> Members => _members;

    public IReadOnlySet<NodeIncarnation> RemovedMembers => _removed;

    /// <summary>Checked at every use.</summary>
    public bool LeaseHolds => World.Breaks(BrokenRule.Lease) || (_members.Contains(Self) && Node.Monotonic < _lease.HoldsUntil(_members, _seen));

    public void Begin()
    {
        World.Cluster.WantsToJoin(this);
        Every(TickMs, Tick);
        Every(250, Writer.Send);
    }

    public void End() => HasEnded = true;

    /// <summary>Does something in this process now, after it thaws, or never when it has ended.</summary>
    public void Run(Action action)
    {
        if (HasEnded)
            return;
        if (Node.IsFrozen)
            _backlog.Enqueue(action);
        else
            action();
    }

    public void CatchUp()
    {
        while (!HasEnded && !Node.IsFrozen && _backlog.TryDequeue(out var action))
            action();
    }

    public void Every(long ms, Action action) => World.Schedule.After(World.Chance.Between(1, ms), () => Again(ms, action));

    public void After(long ms, Action action) => World.Schedule.After(ms, () => Run(action));

    public void SeesMembers(IEnumerable<NodeIncarnation> members)
    {
        _members = [.. members];
        foreach (var member in _members)
            _seen.TryAdd(member, Node.Monotonic);
    }

    public void SeesUnreachable(NodeIncarnation peer) => _answers = _answers.Bar(peer);

    public void SeesReachable(NodeIncarnation peer)
    {
        if (!_removed.Contains(peer))
            _answers = _answers.Unbar(peer);
    }

    public void SeesRemoved(NodeIncarnation peer, bool gracefully)
    {
        _members.Remove(peer);
        _removed.Add(peer);
        _answers = _answers.Bar(peer);
        _lease = _lease.Keep(_members);
        if (gracefully)
            Control?.HasLeft(peer);
    }

    /// <summary>Control asks for how long this node has not answered those.</summary>
    public void IsAskedAbout(NodeIncarnation[] removed)
    {
        foreach (var node in removed.Where(r => !_members.Contains(r)))
            SeesRemoved(node, gracefully: false);
    }

    public void IsMember() => Run(Tick);

    /// <summary>The cluster has removed this life; the node starts another.</summary>
    public void IsRemoved()
    {
        Node.Kill();
        Node.Start();
    }

    public void BecomesControl() => Control = new SimControl(this);

    /// <summary>Its journal was written by another. Where the cluster wants control to be it starts again from the journal, elsewhere now and then.</summary>
    public void StopsControl()
    {
        Control = null;
        if (World.Cluster.Control == this || World.Chance.Happens(0.3))
            After(500, BecomesControl);
    }

    public void SendToControl(Action<SimControl> message)
    {
        if (World.Cluster.Control is { } control)
            Send(control.Node.Number, p =>
            {
                if (p.Control is { } there)
                    message(there);
            });
    }

    public void Send(int to, Action<SimProcess> arrive) => World.Network.Send(Node.Number, to, arrive);

    public void Follow(PartitionMap map)
    {
        if (map.Version > Map.Version)
            SetMap(map);
    }

    public void Follow(MapDiff diff)
    {
        // A gap: the next heartbeat names the version that this node has.
        if (Map.Follow(diff) is { } next && next.Version > Map.Version)
            SetMap(next);
    }

    private void SetMap(PartitionMap map)
    {
        Map = map;
        Holder.MapChanged();
        Writer.MapChanged();
    }

    private void Again(long ms, Action action)
    {
        if (HasEnded)
            return;
        Run(action);
        World.Schedule.After(ms, () => Again(ms, action));
    }

    private void Tick()
    {
        if (_members.Contains(Self))
            AskForLease();
        var barred = _removed.Select(r => (r, _answers.BarredForMs(r, Node.Monotonic))).ToArray();
        var version = Map.Version;
        SendToControl(control => control.Heartbeat(this, version, barred));
        if (_members.Contains(Self) && !Map.IsUp(Self))
        {
            var hello = new NodeUp(new MapNode(Self.Node, Self.Incarnation, NodeState.Up, $"zone{Node.Number % 2}", 1, false, "", ""), Holder.Held());
            SendToControl(control => control.Hello(hello));
        }
        Holder.DoDuties();
        Holder.ExchangeWithSiblings();
        Control?.Tick();
    }

    private void AskForLease()
    {
        var sentAt = Node.Monotonic;
        foreach (var member in _members)
        {
            if (member == Self)
                continue;
            var number = World.Nodes.First(n => n.Id == member.Node).Number;
            Send(number, peer => peer.AnswerLease(this, member, sentAt));
        }
    }

    private void AnswerLease(SimProcess asker, NodeIncarnation asked, long sentAt)
    {
        if (asked != Self || !_answers.MayAnswer(asker.Self))
            return;
        _answers = _answers.Answered(asker.Self, Node.Monotonic);
        Send(asker.Node.Number, p =>
        {
            if (p == asker)
                p._lease = p._lease.Answered(Self, sentAt);
        });
    }
}

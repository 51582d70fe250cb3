using System.Collections.Immutable;
using System.Runtime.Serialization;
using ActorMon.Actors.Journal;
using ActorMon.Protocol.Journal;
using ActorMon.Protocol.Replication;
using ActorMon.Replication.Map;
using ActorMon.Replication.Membership;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Google.Protobuf;
using static ActorMon.Protocol.Journal.JournalProtocol;
using static ActorMon.Protocol.Replication.MapProtocol;

namespace ActorMon.Actors.Control.Partitions;

/// <summary>
/// The partition map of the cluster, a child of Control. A command is decided against everything decided before; its events take effect, and leave this actor, once they are in
/// the journal. Without the journal nothing changes. States: Recovering (no map yet), Alone (a node by itself goes on from its own disk and opens the journal later), Working.
/// Lost on restart: who has announced itself and which removals wait; nodes are asked again and the cluster's members are compared with the map.
/// </summary>
public sealed partial class PartitionMapActor : ReceiveActor, IWithTimers
{
    private readonly PartitionMapSettings _settings;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Queue<Decided> _undurable = new();

    private IActorRef _journal = ActorRefs.Nobody;
    private JournalState _journalState = JournalState.Starting;
    private PartitionMap? _recovered;
    private long _number;
    private bool _isRecovered;
    private bool _isJournalled;

    // In force; null while recovering.
    private PartitionMap? _map;

    // With what waits for the journal.
    private PartitionMap? _next;
    private string? _frozen;

    public PartitionMapActor(PartitionMapSettings settings)
    {
        _settings = settings;
        _gate = RemovalGate.Start((long)settings.NeedBarred.TotalMilliseconds);
        Receive<AnnounceNode>(OnAnnounce);
        Receive<KeeperState>(OnKeeperState);
        Receive<GetMap>(_ => SendWhole(Sender));
        Receive<BarredFor>(OnBarred);
        Receive<DoMapCommand>(OnCommand);
        Receive<GetMapStatus>(_ => Sender.Tell(Status()));
        Receive<ClusterEvent.IMemberEvent>(OnMember);
        Receive<ClusterEvent.CurrentClusterState>(_ => LookForRemoved());
        Receive<OpenJournal>(_ => StartJournal());
        Receive<Tick>(_ => OnTick());
        Receive<RecoveryStarted>(_ => (_recovered, _isRecovered) = (null, false));
        Receive<Recovered>(OnRecoveredRecord);
        Receive<RecoveryEnded>(_ =>
        {
            _isRecovered = true;
            TryWork();
        });
        Receive<Persisted>(OnPersisted);
        Receive<NotPersisted>(m => throw new MapJournalException(m.Error));
        Receive<JournalTaken>(m => throw new MapJournalException($"another Control has written to journal {m.PersistenceId}"));
        Receive<JournalState>(m => _journalState = m);
        Receive<GetState>(_ => _journal.Tell(new TakeState(_undurable.Count > 0 ? _undurable.Peek().Number - 1 : _number, MapJournal.RecordOf(_map!))));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>True: the map is journalled, so other nodes may take part.</summary>
    private bool IsWorking => _map is not null && _isJournalled;

    public static Props Props(PartitionMapSettings settings) => Akka.Actor.Props.Create(() => new PartitionMapActor(settings));

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));
        _started = _cluster.System.Scheduler.MonotonicClock;
        if (_settings.View.Current is { } own && FirstMap.IsAlone(own, _settings.View.Self.Node))
        {
            // Nobody else acts on this map, so the node's disk is as good as the journal until somebody does.
            (_map, _next) = (own, own);
            Context.Parent.Tell(new MapApplied(own));
            Timers.StartSingleTimer("journal", OpenJournal.Instance, _settings.JournalDelay);
        }
        else
            StartJournal();
        Timers.StartPeriodicTimer("tick", Tick.Instance, _settings.Interval);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    // ----- journal

    private void StartJournal()
    {
        if (_journal.IsNobody())
            _journal = Context.ActorOf(JournalActor.Props(MapJournal.PersistenceId(_settings.Cluster), _settings.Journal), "journal");
    }

    private void OnRecoveredRecord(Recovered recovered)
    {
        try
        {
            _recovered = MapJournal.Apply(_recovered, recovered.Record);
        }
        catch (Exception e) when (e is SerializationException or InvalidProtocolBufferException)
        {
            Freeze(e.Message);
            Context.Stop(_journal);
            Become(() => ReceiveAny(_ => { }));
        }
    }

    /// <summary>
    /// A cluster that has just been formed goes on from the journal only with a majority of the nodes that the journal has as members: the others may be a cluster as well.
    /// One in which this node is a member already by the map has had its majority.
    /// </summary>
    private bool HasMajority(PartitionMap map) =>
        _settings.AdoptOwnMap || _settings.View.IsAccepted || 2 * _keepers.Keys.Count(id => map.Nodes.GetValueOrDefault(id)?.IsUp == true) > map.UpNodes.Count();

    private void TryWork()
    {
        if (!_isRecovered || _isJournalled)
            return;
        if (_recovered is { } recovered && !HasMajority(recovered))
        {
            Freeze($"{_keepers.Count} nodes are there, and a majority of the last {recovered.UpNodes.Count()} members is needed");
            return;
        }
        var own = _map ?? (_settings.AdoptOwnMap ? _settings.View.Current : null);
        if (_recovered is null && own is null)
        {
            Freeze(_settings.View.Current is { } disk
                ? $"the journal has no map of cluster {_settings.Cluster}, but this node has version {disk.Version} of it: the nodes do not name the same journal (actormon.persistence), or it was lost; --cluster.bootstrap goes on from this node's map"
                : $"the journal has no map of cluster {_settings.Cluster}");
            return;
        }
        if (_recovered is not null && (own is null || _recovered.Version > own.Version))
            own = _recovered;
        else if (_recovered is null || _recovered.Version < own!.Version)
            // What a node by itself has decided goes into the journal before anybody else takes part.
            Persist(own!, [], MapJournal.RecordOf(own!), null);
        _recovered = null;
        _isJournalled = true;
        (_map, _next) = (own, own);
        Freeze(null);
        _log.Info("The partition map is at version {Version}: {Nodes} nodes", own!.Version, own.Nodes.Count);
        Context.Parent.Tell(new MapApplied(own));
        foreach (var keeper in _keepers.Values)
            SendWhole(keeper.Ref);
        LookForRemoved();
        UpAgain();
    }

    private void Freeze(string? why)
    {
        if (why is not null && why != _frozen)
            _log.Error("The partition map cannot change: {Reason}", why);
        _frozen = why;
    }

    // ----- deciding

    private void OnCommand(DoMapCommand message)
    {
        // A node alone is the only one to follow a deletion: its disk has it, and the journal later.
        if (!IsWorking && !(message.Command is LogDeletion && _map is not null && _settings.ExpectedNodes <= 1))
            Sender.Tell(new MapCommandDone(message.Correlation, $"the partition map cannot change now: {_frozen ?? _journalState.Error ?? "it is being recovered"}"));
        else
            Decide(message.Command, (Sender, message.Correlation));
    }

    private void Decide(MapCommand command, (IActorRef To, long Correlation)? reply = null)
    {
        var decision = MapDecider.Decide(_next!, command);
        if (decision.Refusal is { } refusal)
            _log.Warning("{Command} is refused: {Reason}", command.GetType().Name, refusal);
        if (decision.Events.IsDefaultOrEmpty)
        {
            reply?.To.Tell(new MapCommandDone(reply.Value.Correlation, decision.Refusal, _map!.Version));
            return;
        }
        var diff = new MapDiff(_next!.Version, decision.Events);
        _next = _next.Apply(decision.Events.AsSpan());
        if (_isJournalled)
            Persist(_next, decision.Events, MapJournal.RecordOf(diff), reply);
        else
            Commit(new Decided(0, _next, decision.Events, reply));
    }

    private void Persist(PartitionMap after, ImmutableArray<MapEvent> events, JournalRecord record, (IActorRef, long)? reply)
    {
        var decided = new Decided(++_number, after, events, reply);
        _undurable.Enqueue(decided);
        _journal.Tell(new Persist(decided.Number, [record]));
    }

    private void OnPersisted(Persisted persisted)
    {
        while (_undurable.TryPeek(out var decided) && decided.Number <= persisted.Number)
            Commit(_undurable.Dequeue());
    }

    /// <summary>The events take effect: everybody is told.</summary>
    private void Commit(Decided decided)
    {
        if (decided.Events.IsEmpty)
            return;
        var before = _map!;
        _map = decided.After;
        _settings.Metrics.Decided(decided.Events.Length);
        Log(before, decided.Events);
        var changes = MapMessages.Changes(new MapDiff(before.Version, decided.Events)).ToList();
        foreach (var keeper in _keepers.Values)
            foreach (var change in changes)
                keeper.Ref.Tell(change);
        Context.Parent.Tell(new MapApplied(_map));
        if (decided.Reply is { } reply)
            reply.To.Tell(new MapCommandDone(reply.Correlation, null, _map.Version));
    }

    private void OnTick()
    {
        TryWork();
        AskAboutRemoved();
        if (IsWorking)
            UpAgain();
        if (_map is null || _undurable.Count > 0)
            return;
        if (IsWorking && _next!.Replicas != _settings.Replicas)
            Decide(new SetReplicas(_settings.Replicas));
        // A new cluster places its partitions when its nodes are there, so that each partition has its copies from the start.
        var waits = _map.Partitions.Any(p => !p.IsOpened) && _map.UpNodes.Count() < _settings.ExpectedNodes && _cluster.System.Scheduler.MonotonicClock - _started < _settings.OpenDeadline;
        if (waits || (!IsWorking && _settings.ExpectedNodes > 1))
            return;
        PruneDeletions();
        foreach (var command in _settings.Plan(_next!, _gate.Pending.Keys.ToHashSet()).ToList())
            Decide(command);
    }

    private void Log(PartitionMap before, IEnumerable<MapEvent> events)
    {
        foreach (var e in events)
        {
            switch (e)
            {
                case NodeSet set when before.Nodes.GetValueOrDefault(set.Node.Id) is var known && (known?.State != set.Node.State || known.Incarnation != set.Node.Incarnation):
                    _log.Info("Node {Node} at {Address} is {State}", set.Node.Id, set.Node.Address, set.Node.IsUp ? "up" : "away");
                    break;
                case NodeSet { Node.Draining: true } set:
                    _log.Info("Node {Node} at {Address} is drained", set.Node.Id, set.Node.Address);
                    break;
                case PartitionSet { State: { IsOpened: true, IsComplete: false } state } set when before[set.Partition].IsComplete:
                    _log.Warning("Partition {Partition} is incomplete: {Copies}", set.Partition, string.Join(", ", state.Copies.Select(c => $"{c.Slot} on {c.Node} {c.State}")));
                    break;
                case PartitionSet { State.IsComplete: true } set when before[set.Partition] is { IsOpened: true, IsComplete: false }:
                    _log.Info("Partition {Partition} is complete again", set.Partition);
                    break;
            }
        }
    }

    private MapStatus Status() => new(
        _map?.Version ?? 0, _undurable.Sum(d => d.Events.Length), _isJournalled || !_journal.IsNobody() ? _journalState.Error : null, _frozen,
        [.. _keepers.Values.Select(k => new KeeperState(k.Node, k.Version))]);

    private sealed record Decided(
        long Number, PartitionMap After, ImmutableArray<MapEvent> Events, (IActorRef To, long Correlation)? Reply);

    private sealed class OpenJournal : INoSerializationVerificationNeeded
    {
        public static readonly OpenJournal Instance = new();
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}

/// <summary>The map's journal cannot be gone on with; the actor begins again from what the journal has.</summary>
public sealed class MapJournalException(string message) : Exception(message);

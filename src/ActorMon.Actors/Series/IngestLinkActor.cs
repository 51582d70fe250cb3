using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Series;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Series.LinkProtocol;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Series;

/// <param name="Partitions">P.</param>
/// <param name="MaxUnacknowledged">Batches of one partition that may wait for its holders (actormon.ingest.max-unacknowledged); further ones are refused.</param>
/// <param name="RetouchInterval">How often a replica that is away is called again.</param>
public sealed record IngestSettings(int Partitions, int MaxUnacknowledged, TimeSpan RetouchInterval);

/// <summary>
/// One per node. Numbers this node's batches per partition, hands each to every holder of the partition and keeps it until the required ones have acknowledged: in process
/// for a replica of this node, through a link for one of another. A replica that comes back (another session) gets everything it has not acknowledged again, in order; it
/// drops what it already has by number. Another map moves batches to those who hold their partition now.
/// Lost on restart of this actor: nothing but the message it crashed at; numbers and unacknowledged batches live in <see cref="IngestState"/>.
/// </summary>
public sealed class IngestLinkActor : ReceiveActor, IWithTimers
{
    /// <summary>Name under /user; replicas of the node report here when they serve.</summary>
    public const string Name = "ingest";

    private const string RetouchTimer = "retouch";

    private readonly IngestSettings _settings;
    private readonly IActorRef _replicaRegion;
    private readonly IngestMetrics _metrics;
    private readonly IReplicaHolders _holders;
    private readonly IngestState[] _states;
    private readonly PeerLinks _peers;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Action _changed;

    public IngestLinkActor(
        IngestSettings settings, IActorRef replicaRegion, IngestMetrics metrics, IReplicaHolders holders, Func<LinkPeer, Props> peerLink, IngestState[] states)
    {
        _settings = settings;
        _replicaRegion = replicaRegion;
        _metrics = metrics;
        _holders = holders;
        _states = states;
        _peers = new PeerLinks(Context, peerLink);
        var self = Self;
        _changed = () => self.Tell(HoldersChanged.Instance);

        Receive<Ingest>(OnIngest);
        Receive<Written>(written => _states[written.Replica.Partition.Value].Settle(Sender, written));
        Receive<ReplicaServing>(OnReplicaServing);
        Receive<HoldersChanged>(_ => UseHolders());
        Receive<Terminated>(OnTerminated);
        Receive<GetReadiness>(_ => Sender.Tell(Readiness()));
        Receive<Retouch>(_ => OnRetouch());
        Receive<ReplicaFailed>(m => _log.Warning("Partition {Replica} cannot be opened: {Error}", m.Replica, m.Error));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="peerLink">Makes the actor that takes batches to another node.</param>
    public static Props Props(IngestSettings settings, IActorRef replicaRegion, IngestMetrics metrics, IReplicaHolders holders, Func<LinkPeer, Props> peerLink)
    {
        var states = new IngestState[settings.Partitions];
        for (var p = 0; p < states.Length; p++)
            states[p] = new IngestState(new PartitionId(p), settings.MaxUnacknowledged);
        return Akka.Actor.Props.Create(() => new IngestLinkActor(settings, replicaRegion, metrics, holders, peerLink, states));
    }

    protected override void PreStart()
    {
        // After a restart the replicas are known already; the links to other nodes ended with the actor before.
        foreach (var state in _states)
            foreach (var link in state.Links)
                if (!link.IsLocal)
                    link.Target = null;
                else if (link.Target is { } writer)
                    Context.Watch(writer);
        _holders.Changed += _changed;
        UseHolders();
        Timers.StartPeriodicTimer(RetouchTimer, Retouch.Instance, _settings.RetouchInterval);
    }

    protected override void PostStop() => _holders.Changed -= _changed;

    /// <summary>A link that crashed is not started again by itself: what it had is handed to its successor.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void OnIngest(Ingest ingest)
    {
        var request = new IngestRequest(Sender, ingest.Correlation, ingest.Batches.Count);
        if (ingest.Batches.Count == 0)
            Sender.Tell(new Ingested(ingest.Correlation, []));
        for (var i = 0; i < ingest.Batches.Count; i++)
        {
            var batch = ingest.Batches[i];
            var p = batch.Partition.Value;
            var state = _states[p];
            if (state.TrySend(batch, request, i))
                continue;
            _metrics.BatchesRefused.Add();
            request.Settle(i, new BatchResult(
                BatchOutcome.Refused, $"partition {p} has {state.Unacknowledged} unacknowledged batches, the limit actormon.ingest.max-unacknowledged; {state.Laggard()}"));
        }
    }

    private void OnReplicaServing(ReplicaServing serving)
    {
        if (_states[serving.Replica.Partition.Value].Serve(serving.Replica.Replica, serving.Writer, serving.Session))
            Context.Watch(serving.Writer);
    }

    private void UseHolders()
    {
        foreach (var state in _states)
        {
            state.Use(_holders.Of(state.Partition), LinkTo, Leave);
            state.Reconnect(LinkTo);
            state.OfferDeclined();
            foreach (var link in state.Links)
                if (link is { IsLocal: true, Target: null })
                    Touch(link);
        }
        _peers.StopUnused(_states);
    }

    private IActorRef LinkTo(ReplicaHolder holder) => _peers.To(holder.Peer!);

    private static void Leave(HolderLink link)
    {
        if (!link.IsLocal)
            link.Target?.Tell(new Forget(link.Replica));
    }

    private void OnTerminated(Terminated terminated)
    {
        _peers.Forget(terminated.ActorRef);
        foreach (var state in _states)
        {
            if (state.Lose(terminated.ActorRef) is not { } link)
                continue;
            _log.Info("Copy {Replica} takes no batches any more; {Count} wait for its return", link.Replica, state.Unacknowledged);
            if (link.IsLocal)
                Touch(link);
        }
    }

    private void OnRetouch()
    {
        // Links that crashed come back here and not at once: what crashed one may crash the next.
        foreach (var state in _states)
        {
            state.Reconnect(LinkTo);
            state.OfferDeclined();
        }
        TouchMissing();
    }

    private void TouchMissing()
    {
        foreach (var state in _states)
        {
            // Stuck means the same oldest batch at two ticks.
            var isStuck = state.IsStuck();
            foreach (var link in state.Links)
                if (link.IsLocal && (isStuck || link.Target is null))
                    Touch(link);
        }
    }

    private void Touch(HolderLink link) => _replicaRegion.Tell(new Touch(link.Replica));

    private IngestReadiness Readiness()
    {
        var missing = new List<PartitionId>();
        foreach (var state in _states)
            if (!state.IsServed)
                missing.Add(state.Partition);
        return new IngestReadiness(_states.Length - missing.Count, _states.Length, missing);
    }

    private sealed class Retouch : INotInfluenceReceiveTimeout, INoSerializationVerificationNeeded
    {
        public static readonly Retouch Instance = new();
    }

    private sealed class HoldersChanged : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly HoldersChanged Instance = new();
    }
}

using ActorMon.Model.Sharding;
using ActorMon.Protocol.Series;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Series;

/// <param name="Partitions">P.</param>
/// <param name="MaxUnacknowledged">Batches of one partition that may wait for its replica (actormon.ingest.max-unacknowledged); further ones are refused.</param>
/// <param name="RetouchInterval">How often a replica that is away is called again.</param>
public sealed record IngestSettings(int Partitions, int MaxUnacknowledged, TimeSpan RetouchInterval);

/// <summary>
/// One per node. Numbers this node's batches per partition, hands each to the partition's replica and keeps it until that has acknowledged. A replica that
/// comes back (another session) gets everything unacknowledged again, in order; it drops what it already has by number.
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
    private readonly IngestState[] _states;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public IngestLinkActor(IngestSettings settings, IActorRef replicaRegion, IngestMetrics metrics, IngestState[] states)
    {
        _settings = settings;
        _replicaRegion = replicaRegion;
        _metrics = metrics;
        _states = states;

        Receive<Ingest>(OnIngest);
        Receive<Written>(OnWritten);
        Receive<ReplicaServing>(OnReplicaServing);
        Receive<Terminated>(OnTerminated);
        Receive<GetReadiness>(_ => Sender.Tell(Readiness()));
        Receive<Retouch>(_ => TouchMissing());
        Receive<ReplicaFailed>(m => _log.Warning("Partition {Replica} cannot be opened: {Error}", m.Replica, m.Error));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IngestSettings settings, IActorRef replicaRegion, IngestMetrics metrics)
    {
        var states = new IngestState[settings.Partitions];
        for (var p = 0; p < states.Length; p++)
            states[p] = new IngestState(settings.MaxUnacknowledged);
        return Akka.Actor.Props.Create(() => new IngestLinkActor(settings, replicaRegion, metrics, states));
    }

    protected override void PreStart()
    {
        // After a restart the writers are known already.
        foreach (var state in _states)
            if (state.Writer is { } writer)
                Context.Watch(writer);
        TouchMissing();
        Timers.StartPeriodicTimer(RetouchTimer, Retouch.Instance, _settings.RetouchInterval);
    }

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
            if (state.TryEnqueue(batch, request, i))
            {
                state.Writer?.Tell(new Write(batch, state.Session));
                continue;
            }
            _metrics.BatchesRefused.Add();
            request.Settle(i, new BatchResult(
                BatchOutcome.Refused,
                $"partition {p} has {state.Unacknowledged} unacknowledged batches, the limit actormon.ingest.max-unacknowledged; its replica is {(state.Writer is null ? "away" : "behind")}"));
        }
    }

    private void OnWritten(Written written)
    {
        if (!_states[written.Replica.Partition.Value].TrySettle(written.Number, out var settled))
            return;
        settled.Request.Settle(settled.Index, new BatchResult(written.Outcome, written.Error));
    }

    private void OnReplicaServing(ReplicaServing serving)
    {
        var state = _states[serving.Replica.Partition.Value];
        var isKnown = serving.Writer.Equals(state.Writer);
        // It has everything already: within a session nothing is lost, and what was answered must not be handed over again.
        if (isKnown && serving.Session == state.Session)
            return;
        if (!isKnown)
        {
            if (state.Writer is { } previous)
                Context.Unwatch(previous);
            Context.Watch(serving.Writer);
        }
        (state.Writer, state.Session) = (serving.Writer, serving.Session);
        foreach (var batch in state.ToResend())
            serving.Writer.Tell(new Write(batch, serving.Session));
    }

    private void OnTerminated(Terminated terminated)
    {
        for (var p = 0; p < _states.Length; p++)
        {
            if (!terminated.ActorRef.Equals(_states[p].Writer))
                continue;
            _log.Info("The replica of partition {Partition} has stopped; {Count} batches wait for its return", p, _states[p].Unacknowledged);
            _states[p].Writer = null;
            Touch(p);
        }
    }

    private void TouchMissing()
    {
        for (var p = 0; p < _states.Length; p++)
            // Both are asked: stuck means the same oldest batch at two ticks.
            if (_states[p].IsStuck() | _states[p].Writer is null)
                Touch(p);
    }

    private void Touch(int partition) => _replicaRegion.Tell(new Touch(new ReplicaId(new PartitionId(partition), 0)));

    private IngestReadiness Readiness()
    {
        var missing = new List<PartitionId>();
        for (var p = 0; p < _states.Length; p++)
            if (_states[p].Writer is null)
                missing.Add(new PartitionId(p));
        return new IngestReadiness(_states.Length - missing.Count, _states.Length, missing);
    }

    private sealed class Retouch : INotInfluenceReceiveTimeout, INoSerializationVerificationNeeded
    {
        public static readonly Retouch Instance = new();
    }
}

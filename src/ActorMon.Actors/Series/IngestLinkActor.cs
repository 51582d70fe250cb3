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
/// comes back gets everything unacknowledged again, in order; it drops what it already has by number.
/// Lost on restart of this actor: the unacknowledged batches, whose senders then get no answer and give up by their own deadline.
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
    private readonly IActorRef?[] _writers;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public IngestLinkActor(IngestSettings settings, IActorRef replicaRegion, IngestMetrics metrics)
    {
        _settings = settings;
        _replicaRegion = replicaRegion;
        _metrics = metrics;
        _states = new IngestState[settings.Partitions];
        _writers = new IActorRef?[settings.Partitions];
        for (var p = 0; p < _states.Length; p++)
            _states[p] = new IngestState(settings.MaxUnacknowledged);

        Receive<Ingest>(OnIngest);
        Receive<Written>(OnWritten);
        Receive<ReplicaServing>(OnReplicaServing);
        Receive<Terminated>(OnTerminated);
        Receive<GetReadiness>(_ => Sender.Tell(Readiness()));
        Receive<Retouch>(_ => TouchMissing());
        Receive<ReplicaFailed>(m => _log.Warning("Partition {Replica} cannot be opened: {Error}", m.Replica, m.Error));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IngestSettings settings, IActorRef replicaRegion, IngestMetrics metrics) =>
        Akka.Actor.Props.Create(() => new IngestLinkActor(settings, replicaRegion, metrics));

    protected override void PreStart()
    {
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
            if (_states[p].TryEnqueue(batch, request, i))
            {
                _writers[p]?.Tell(new Write(batch));
                continue;
            }
            _metrics.BatchesRefused.Add();
            request.Settle(i, new BatchResult(
                BatchOutcome.Refused,
                $"partition {p} has {_states[p].Unacknowledged} unacknowledged batches, the limit actormon.ingest.max-unacknowledged; its replica is {(_writers[p] is null ? "away" : "behind")}"));
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
        var p = serving.Replica.Partition.Value;
        if (_writers[p] is { } previous && !previous.Equals(serving.Writer))
            Context.Unwatch(previous);
        if (!serving.Writer.Equals(_writers[p]))
            Context.Watch(serving.Writer);
        _writers[p] = serving.Writer;
        foreach (var batch in _states[p].ToResend())
            serving.Writer.Tell(new Write(batch));
    }

    private void OnTerminated(Terminated terminated)
    {
        var p = Array.IndexOf(_writers, terminated.ActorRef);
        if (p < 0)
            return;
        _log.Info("The replica of partition {Partition} has stopped; {Count} batches wait for its return", p, _states[p].Unacknowledged);
        _writers[p] = null;
        TouchMissing();
    }

    private void TouchMissing()
    {
        for (var p = 0; p < _writers.Length; p++)
            if (_writers[p] is null || _states[p].IsStuck())
                _replicaRegion.Tell(new Touch(new ReplicaId(new PartitionId(p), 0)));
    }

    private IngestReadiness Readiness()
    {
        var missing = new List<PartitionId>();
        for (var p = 0; p < _writers.Length; p++)
            if (_writers[p] is null)
                missing.Add(new PartitionId(p));
        return new IngestReadiness(_writers.Length - missing.Count, _writers.Length, missing);
    }

    private sealed class Retouch : INotInfluenceReceiveTimeout, INoSerializationVerificationNeeded
    {
        public static readonly Retouch Instance = new();
    }
}

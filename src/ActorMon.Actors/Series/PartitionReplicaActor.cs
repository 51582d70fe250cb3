using ActorMon.Model.Ingest;
using ActorMon.Protocol.Series;
using ActorMon.Tsdb;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Series;

/// <summary>
/// One copy of a partition: the single writer of its directory. States: Opening (recovery runs on the pool; writes wait in a bounded queue) -> Serving, or Failed
/// (waits out its back-off, then Opening again). Batches that wait in the mailbox are gathered into one WAL write; each is acknowledged after the view that shows it
/// was published. When the log fails, the store is closed and opened again, which cuts what was not written whole.
/// Lost on restart: nothing acknowledged; the log is replayed.
/// </summary>
public sealed class PartitionReplicaActor : ReceiveActor, IWithTimers
{
    private const string MaintainTimer = "maintain";
    private const string RetryTimer = "retry";

    /// <summary>Writes that may wait while the directory is being opened; the link sends the others again.</summary>
    private const int MaxWaiting = 1024;

    private readonly ReplicaId _id;
    private readonly PartitionReplicaSettings _settings;
    private readonly List<(SampleBatch Batch, IActorRef Sender)> _pending = [];
    private readonly HashSet<IActorRef> _callers = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private SampleBatch[] _batches = [];
    private AppendResult[] _results = [];
    private PartitionStore? _store;
    private bool _flushAsked;
    private int _failures;

    public PartitionReplicaActor(string id, PartitionReplicaSettings settings)
    {
        if (!ReplicaId.TryParse(id, out _id))
            throw new ArgumentException($"\"{id}\" is not a replica p/r", nameof(id));
        _settings = settings;
        Opening();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string id, PartitionReplicaSettings settings) =>
        Akka.Actor.Props.Create(() => new PartitionReplicaActor(id, settings)).WithDispatcher(settings.Dispatcher);

    protected override void PreStart()
    {
        _settings.Metrics.ReplicaStarts.Add();
        Open();
        Timers.StartPeriodicTimer(MaintainTimer, Maintain.Instance, _settings.MaintainInterval);
    }

    /// <summary>What was handed over before the stop is written: its flush would have come after it.</summary>
    protected override void PostStop()
    {
        if (_store is not null)
            OnFlush();
        Close();
    }

    // ----- behaviours

    private void Opening()
    {
        Receive<Touch>(_ => _callers.Add(Sender));
        Receive<Write>(OnEarlyWrite);
        Receive<Opened>(OnOpened);
        Receive<Status.Failure>(failure => OnOpenFailed(failure.Cause));
        Receive<Flush>(_ => { });
        Receive<Maintain>(_ => { });
        Receive<Retry>(_ => { });
    }

    private void Serving()
    {
        Receive<Write>(OnWrite);
        Receive<Flush>(_ => OnFlush());
        Receive<Touch>(_ => Sender.Tell(new ReplicaServing(_id, Self)));
        Receive<Maintain>(_ => _store!.Maintain());
        Receive<Retry>(_ => { });
    }

    private void Failed()
    {
        Receive<Touch>(_ => _callers.Add(Sender));
        Receive<Write>(OnEarlyWrite);
        Receive<Retry>(_ =>
        {
            Become(Opening);
            Open();
        });
        Receive<Flush>(_ => { });
        Receive<Maintain>(_ => { });
    }

    // ----- opening

    private void Open() =>
        OpenAsync(_settings.Options(_id.Partition), _settings).PipeTo(Self, success: store => new Opened(store));

    private static Task<PartitionStore> OpenAsync(PartitionOptions options, PartitionReplicaSettings settings) =>
        Task.Run(() => PartitionStore.Open(options, settings.Symbols, settings.Files, settings.Time));

    private void OnOpened(Opened opened)
    {
        _store = opened.Store;
        _failures = 0;
        var recovery = _store.Recovery;
        if (recovery.Batches > 0 || recovery.Damage.Count > 0)
            _log.Info(
                "Partition {Replica} recovered {Samples} samples from {Segments} WAL segments in {Duration} ({How})", _id, recovery.Samples, recovery.Segments,
                recovery.Duration, recovery.CleanShutdown ? "clean stop" : "not stopped cleanly");
        foreach (var damage in recovery.Damage)
            _log.Warning("Partition {Replica}: {Damage}", _id, damage);
        _settings.WalSync.Add(_store);
        _settings.Table.Serve(_store);
        Become(Serving);
        foreach (var caller in _callers)
            caller.Tell(new ReplicaServing(_id, Self));
        _callers.Clear();
        if (_pending.Count > 0)
            AskFlush();
    }

    private void OnOpenFailed(Exception cause)
    {
        var backoff = _settings.MinBackoff * Math.Pow(2, Math.Min(_failures++, 10));
        if (backoff > _settings.MaxBackoff)
            backoff = _settings.MaxBackoff;
        _log.Error(cause, "Partition {Replica} cannot be opened; next try in {Backoff}", _id, backoff);
        foreach (var caller in _callers)
            caller.Tell(new ReplicaFailed(_id, cause.Message));
        Become(Failed);
        Timers.StartSingleTimer(RetryTimer, Retry.Instance, backoff);
    }

    private void Close()
    {
        if (_store is not { } store)
            return;
        _store = null;
        _settings.Table.Withdraw(store);
        _settings.WalSync.Remove(store);
        store.Dispose();
    }

    // ----- writing

    private void OnEarlyWrite(Write write)
    {
        // Beyond the bound nothing is answered: the link keeps the batch and sends it again when the replica serves.
        if (_pending.Count < MaxWaiting)
            _pending.Add((write.Batch, Sender));
    }

    private void OnWrite(Write write)
    {
        _pending.Add((write.Batch, Sender));
        if (_pending.Count >= _settings.MaxBatchesPerWrite)
            OnFlush();
        else
            AskFlush();
    }

    /// <summary>The flush queues behind the writes that wait in the mailbox already, so it gathers them without waiting for anything.</summary>
    private void AskFlush()
    {
        if (_flushAsked)
            return;
        _flushAsked = true;
        Self.Tell(Flush.Instance);
    }

    private void OnFlush()
    {
        _flushAsked = false;
        var count = _pending.Count;
        if (count == 0)
            return;
        if (_batches.Length < count)
        {
            _batches = new SampleBatch[count];
            _results = new AppendResult[count];
        }
        for (var i = 0; i < count; i++)
            _batches[i] = _pending[i].Batch;
        _store!.Append(_batches.AsSpan(0, count), _results);
        string? walFailure = null;
        for (var i = 0; i < count; i++)
        {
            var (batch, sender) = _pending[i];
            var result = _results[i];
            if (result.Status == AppendStatus.WalFailed)
                walFailure = result.Text;
            sender.Tell(new Written(_id, batch.Writer, batch.Number, OutcomeOf(result.Status), result.Text));
        }
        Array.Clear(_batches, 0, count);
        _pending.Clear();
        if (walFailure is not null)
            OnWalFailed(walFailure);
    }

    private BatchOutcome OutcomeOf(AppendStatus status)
    {
        switch (status)
        {
            case AppendStatus.Accepted:
                _settings.Metrics.BatchesWritten.Add();
                return BatchOutcome.Accepted;
            case AppendStatus.Duplicate:
                return BatchOutcome.Accepted;
            case AppendStatus.UnknownLayout:
            case AppendStatus.HashMismatch:
                _settings.Metrics.LayoutsUnknown.Add();
                return BatchOutcome.UnknownLayout;
            case AppendStatus.WalFailed:
                _settings.Metrics.BatchesFailed.Add();
                return BatchOutcome.Failed;
            default:
                return BatchOutcome.Refused;
        }
    }

    private void OnWalFailed(string failure)
    {
        _log.Error("Partition {Replica} cannot write its log and is opened again: {Failure}", _id, failure);
        Close();
        Become(Failed);
        Timers.StartSingleTimer(RetryTimer, Retry.Instance, _settings.MinBackoff);
    }

    private sealed record Opened(PartitionStore Store) : INoSerializationVerificationNeeded;

    private sealed class Flush : INoSerializationVerificationNeeded
    {
        public static readonly Flush Instance = new();
    }

    private sealed class Maintain : INoSerializationVerificationNeeded
    {
        public static readonly Maintain Instance = new();
    }

    private sealed class Retry : INoSerializationVerificationNeeded
    {
        public static readonly Retry Instance = new();
    }
}

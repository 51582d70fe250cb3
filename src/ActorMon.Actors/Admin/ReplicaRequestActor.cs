using ActorMon.Protocol.Series;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Series.StorageAdminProtocol;

namespace ActorMon.Actors.Admin;

/// <summary>
/// One request to every partition of the node: sends it to all replicas at once, gathers their answers, answers the requester once and stops. Deadline of its one state:
/// then it answers with the partitions that have not.
/// </summary>
public sealed class ReplicaRequestActor : ReceiveActor, IWithTimers
{
    private const string DeadlineTimer = "deadline";
    private const int MaxErrors = 3;

    private readonly IReadOnlyList<ReplicaId> _targets;
    private readonly Func<ReplicaId, SeriesProtocol.IReplicaMessage> _message;
    private readonly IActorRef _replicas;
    private readonly TimeSpan _deadline;
    private readonly IActorRef _requester;
    private readonly SortedSet<int> _open;
    private readonly List<string> _errors = [];
    private int _changed;

    public ReplicaRequestActor(IReadOnlyList<ReplicaId> targets, Func<ReplicaId, SeriesProtocol.IReplicaMessage> message, IActorRef replicas, TimeSpan deadline, IActorRef requester)
    {
        _targets = targets;
        _message = message;
        _replicas = replicas;
        _deadline = deadline;
        _requester = requester;
        _open = [.. targets.Select(target => target.Partition.Value)];
        Receive<ReplicaDone>(OnDone);
        Receive<Expired>(_ =>
        {
            _errors.Add($"no answer from partition {string.Join(", ", _open)} within {deadline.TotalSeconds:0} s");
            Answer();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="message">The message to a replica; its ReplyTo is filled in here.</param>
    public static Props Props(IReadOnlyList<ReplicaId> targets, Func<ReplicaId, SeriesProtocol.IReplicaMessage> message, IActorRef replicas, TimeSpan deadline, IActorRef requester) =>
        Akka.Actor.Props.Create(() => new ReplicaRequestActor(targets, message, replicas, deadline, requester));

    protected override void PreStart()
    {
        Timers.StartSingleTimer(DeadlineTimer, Expired.Instance, _deadline);
        foreach (var target in _targets)
            _replicas.Tell(Addressed(_message(target)));
        if (_open.Count == 0)
            Answer();
    }

    private SeriesProtocol.IReplicaMessage Addressed(SeriesProtocol.IReplicaMessage message) => message switch
    {
        CleanReplica clean => clean with { ReplyTo = Self },
        _ => message,
    };

    private void OnDone(ReplicaDone done)
    {
        if (!_open.Remove(done.Replica.Partition.Value))
            return;
        if (done.Changed)
            _changed++;
        if (done.Error is { } error)
            _errors.Add($"partition {done.Replica.Partition}: {error}");
        if (_open.Count == 0)
            Answer();
    }

    private void Answer()
    {
        var error = _errors.Count == 0 ? null : string.Join("; ", _errors.Take(MaxErrors)) + (_errors.Count > MaxErrors ? $"; and {_errors.Count - MaxErrors} more partitions" : "");
        _requester.Tell(new AdminDone(_changed, error));
        Context.Stop(Self);
    }

    private sealed class Expired : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Expired Instance = new();
    }
}

using ActorMon.Model.Sharding;
using ActorMon.Protocol.Series;
using Akka.Actor;
using static ActorMon.Protocol.Series.StorageAdminProtocol;

namespace ActorMon.Actors.Admin;

/// <param name="Partitions">P.</param>
/// <param name="RewriteDeadline">How long rewriting everything, or a snapshot, may take.</param>
/// <param name="MaxRequests">Requests that run or wait; further ones are refused.</param>
/// <param name="Snapshot">Writes a snapshot of some copies and returns its name; runs on the pool.</param>
public sealed record StorageAdminSettings(
    int Partitions, TimeSpan RewriteDeadline, int MaxRequests, Func<TakeSnapshot, IReadOnlyList<ReplicaId>, CancellationToken, Task<string>> Snapshot)
{
    public IReplicaHolders Holders { get; init; } = LocalHolders.Instance;

    /// <summary>The copies of this node, those that are joining too.</summary>
    public IReadOnlyList<ReplicaId> Here()
    {
        var here = new List<ReplicaId>(Partitions);
        for (var p = 0; p < Partitions; p++)
            foreach (var holder in Holders.Of(new PartitionId(p)).Holders)
                if (holder.Peer is null)
                    here.Add(new ReplicaId(new PartitionId(p), holder.Slot));
        return here;
    }
}

/// <summary>
/// One per node: carries out requests that rewrite or copy what is stored. Each is a child that asks the partitions and answers once; they go one after the other.
/// Lost on restart: requests under way are not answered; what partitions have done stays done.
/// </summary>
public sealed class StorageAdminActor : ReceiveActor
{
    /// <summary>Name under /user.</summary>
    public const string Name = "storage-admin";

    private readonly StorageAdminSettings _settings;
    private readonly IActorRef _replicas;
    private readonly Queue<(IAdminRequest Request, IActorRef Requester)> _waiting = new();
    private IActorRef? _rewriting;
    private int _running;

    /// <param name="replicas">The region of the partition replicas.</param>
    public StorageAdminActor(StorageAdminSettings settings, IActorRef replicas)
    {
        _settings = settings;
        _replicas = replicas;
        Receive<CleanDeletions>(request => Admit(request, () => Rewrite(request)));
        Receive<TakeSnapshot>(request => Admit(request, () => Rewrite(request)));
        Receive<Terminated>(OnEnded);
    }

    public static Props Props(StorageAdminSettings settings, IActorRef replicas) => Akka.Actor.Props.Create(() => new StorageAdminActor(settings, replicas));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Admit(IAdminRequest request, Action start)
    {
        if (_running + _waiting.Count < _settings.MaxRequests)
            start();
        else
            Sender.Tell(new AdminDone(0, $"{_running} requests of {request.GetType().Name} and other kinds run and {_waiting.Count} wait, the limit is {_settings.MaxRequests}"));
    }

    private void Rewrite(IAdminRequest request)
    {
        if (_rewriting is null)
            Start(request, Sender);
        else
            _waiting.Enqueue((request, Sender));
    }

    private void Start(IAdminRequest request, IActorRef requester) => _rewriting = request is TakeSnapshot snapshot
        ? Watch(Context.ActorOf(SnapshotActor.Props(cancellation => _settings.Snapshot(snapshot, _settings.Here(), cancellation), _settings.RewriteDeadline, requester)))
        : Collect(p => new CleanReplica(p, ActorRefs.Nobody), _settings.RewriteDeadline, requester);

    private IActorRef Collect(Func<ReplicaId, SeriesProtocol.IReplicaMessage> message, TimeSpan deadline, IActorRef requester) =>
        Watch(Context.ActorOf(ReplicaRequestActor.Props(_settings.Here(), message, _replicas, deadline, requester)));

    private IActorRef Watch(IActorRef child)
    {
        _running++;
        return Context.Watch(child);
    }

    private void OnEnded(Terminated ended)
    {
        _running--;
        if (!ended.ActorRef.Equals(_rewriting))
            return;
        _rewriting = null;
        if (_waiting.TryDequeue(out var next))
            Start(next.Request, next.Requester);
    }
}

using ActorMon.Protocol.Replication;
using ActorMon.Replication.Map;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using static ActorMon.Protocol.Replication.MapProtocol;

namespace ActorMon.Actors.Control.Partitions;

/// <summary>
/// One per node (/user/map): takes maps from Control, writes each to disk and publishes it, announces the node, and asks the cluster's members once a second for their voice.
/// Lost on restart: nothing; the map is on disk, voices are asked for again.
/// </summary>
public sealed class MapKeeperActor : ReceiveActor, IWithTimers
{
    /// <summary>Name under /user.</summary>
    public const string Name = "map";

    private readonly MapKeeperSettings _settings;
    private readonly IActorRef _control;
    private readonly MapView _view;
    private readonly MemberVoices _voices;
    private readonly MapAssembly _assembly = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();

    // The newest that was received; the view's follows once it is on disk.
    private PartitionMap? _received;
    private bool _isWriting;

    public MapKeeperActor(MapKeeperSettings settings, IActorRef control)
    {
        _settings = settings;
        _control = control;
        _view = settings.View;
        _received = _view.Current;
        _voices = new MemberVoices(Cluster.Get(Context.System), _view.Self, settings.Standing, settings.MajorityTimeout);

        Receive<MapChanged>(OnChanged);
        Receive<WholeMap>(OnWhole);
        Receive<WhoAreYou>(_ => Announce());
        Receive<Written>(OnWritten);
        Receive<WriteFailed>(OnWriteFailed);
        Receive<WriteAgain>(_ => Write());
        Receive<Tick>(_ => OnTick());
        Receive<Ping>(ping =>
        {
            if (_voices.Answer(ping.From, Sender.Path.Address))
                Sender.Tell(new Pong(_view.Self, ping.Stamp, _settings.Standing.Clocks.UtcNow));
        });
        Receive<Pong>(OnPong);
        Receive<GetBarred>(m => Sender.Tell(new BarredFor(_view.Self, m.Removed, _voices.BarredFor(m.Removed))));
        Receive<ClusterEvent.IMemberEvent>(OnMember);
        Receive<ClusterEvent.UnreachableMember>(e =>
        {
            _log.Warning("The node at {Address} is not heard any more; when that lasts it is removed and its work is done by others", e.Member.Address);
            _voices.OnUnreachable(e.Member);
        });
        Receive<ClusterEvent.ReachableMember>(e => _voices.OnReachable(e.Member));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(MapKeeperSettings settings, IActorRef control) => Akka.Actor.Props.Create(() => new MapKeeperActor(settings, control));

    protected override void PreStart()
    {
        Cluster.Get(Context.System).Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        Announce();
        Timers.StartPeriodicTimer("tick", Tick.Instance, _settings.Interval);
    }

    protected override void PostStop() => Cluster.Get(Context.System).Unsubscribe(Self);

    private void Announce() => _control.Tell(new AnnounceNode(_settings.Describe(), [.. _settings.File.Held(_view.OnDisk, _view.Self.Node)]));

    private void OnTick()
    {
        _control.Tell(new KeeperState(_view.Self, _view.Version, _view.Current is { } map ? _settings.Deletions(map) : null));
        foreach (var member in _voices.Others)
            Ask(member);
        _voices.Update();
    }

    /// <summary>A new member is asked at once: until it has answered, or for a moment, it is not counted.</summary>
    private void OnMember(ClusterEvent.IMemberEvent e)
    {
        _voices.OnMember(e);
        if (e is not ClusterEvent.MemberRemoved && _voices.Others.Contains(e.Member.Address))
            Ask(e.Member.Address);
    }

    private void Ask(Address member) => Context.ActorSelection(new RootActorPath(member) / "user" / Name).Tell(new Ping(_view.Self, _settings.Standing.Now));

    private void OnPong(Pong pong)
    {
        _voices.Heard(pong.From, Sender.Path.Address, pong.Stamp);
        if (_settings.Standing.Clocks.Heard(pong.From.Node, pong.Utc, TimeSpan.FromMilliseconds(_settings.Standing.Now - pong.Stamp)) is { } ahead)
            _log.Warning("The clock of node {Node} is {Seconds:0} s {Direction} this node's: times of scrapes and of rules differ by as much", pong.From.Node, ahead.Duration().TotalSeconds, ahead > TimeSpan.Zero ? "ahead of" : "behind");
    }

    private void OnChanged(MapChanged changed)
    {
        if (_received?.Follow(changed.Diff) is { } map)
            Take(map);
        else
            _control.Tell(GetMap.Instance);
    }

    private void OnWhole(WholeMap piece)
    {
        if (_assembly.Add(piece) is { } map && map.Version > (_received?.Version ?? 0))
            Take(map);
    }

    private void Take(PartitionMap map)
    {
        if (ReferenceEquals(map, _received))
            return;
        _received = map;
        if (!_isWriting)
            Write();
    }

    /// <summary>On the pool: a disk that stalls must not delay the voices. What is received meanwhile is written as one.</summary>
    private void Write()
    {
        var (map, file, node) = (_received!, _settings.File, _view.Self.Node);
        _isWriting = true;
        Task.Run(() => file.Write(map, node)).PipeTo(Self, success: () => new Written(map), failure: cause => new WriteFailed(map, cause.GetBaseException().Message));
    }

    private void OnWritten(Written written)
    {
        _isWriting = false;
        _view.Publish(written.Map);
        if (!ReferenceEquals(written.Map, _received))
            Write();
    }

    private void OnWriteFailed(WriteFailed failed)
    {
        if (!ReferenceEquals(failed.Map, _view.Current))
        {
            _log.Error("Version {Version} of the partition map cannot be written to {File}: {Error}; the node goes on with it and tries again", failed.Map.Version, MapFile.Name, failed.Error);
            _view.Publish(failed.Map, onDisk: false);
        }
        Timers.StartSingleTimer("write", WriteAgain.Instance, _settings.Interval);
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private sealed record Written(PartitionMap Map) : INoSerializationVerificationNeeded;

    private sealed class WriteAgain : INoSerializationVerificationNeeded
    {
        public static readonly WriteAgain Instance = new();
    }

    private sealed record WriteFailed(PartitionMap Map, string Error) : INoSerializationVerificationNeeded;
}

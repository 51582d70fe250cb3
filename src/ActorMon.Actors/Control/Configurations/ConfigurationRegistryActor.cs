using System.Runtime.Serialization;
using ActorMon.Actors.Control.Partitions;
using ActorMon.Actors.Journal;
using ActorMon.Protocol.Control;
using ActorMon.Replication.Configurations;
using ActorMon.Replication.Map;
using Akka.Actor;
using Akka.Event;
using Google.Protobuf;
using static ActorMon.Protocol.Control.ConfigurationProtocol;
using static ActorMon.Protocol.Journal.JournalProtocol;
using static ActorMon.Protocol.Replication.MapProtocol;

namespace ActorMon.Actors.Control.Configurations;

/// <summary>
/// The cluster's configuration, a child of Control. A node proposes its files; every member says whether it can use them; then they become the next version in the journal and
/// are told to everybody, or nothing changes anywhere. States: Recovering (no version yet), Alone (a node by itself goes on from its own files and opens the journal later),
/// Working. Lost on restart: a round under way; its proposer proposes again.
/// </summary>
public sealed partial class ConfigurationRegistryActor : ReceiveActor, IWithTimers
{
    private readonly ConfigurationRegistrySettings _settings;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<NodeId, Keeper> _keepers = [];
    private IReadOnlyList<MapNode> _members = [];

    private IActorRef _journal = ActorRefs.Nobody;
    private JournalState _journalState = JournalState.Starting;
    private ConfigurationVersion? _recovered;
    private bool _isJournalled;
    private long _number;
    private string? _frozen;

    // In force; null while recovering.
    private ConfigurationVersion? _inForce;

    // Waits for the journal, with its number there.
    private (long Number, ConfigurationVersion Version)? _undurable;

    public ConfigurationRegistryActor(ConfigurationRegistrySettings settings)
    {
        _settings = settings;
        Receive<Propose>(OnPropose);
        Receive<Piece>(OnPiece);
        Receive<GetPiece>(m => Sender.Tell(ConfigurationPieces.Of(ContentOf(m.Hash), m)));
        Receive<Prepared>(OnPrepared);
        Receive<KeeperConfiguration>(OnKeeper);
        Receive<GetConfigurationStatus>(_ => Sender.Tell(Status()));
        Receive<MapApplied>(m => OnMembers([.. m.Map.UpNodes]));
        Receive<OpenJournal>(_ => StartJournal());
        Receive<Tick>(_ => OnTick());
        Receive<RecoveryStarted>(_ => _recovered = null);
        Receive<Recovered>(OnRecoveredRecord);
        Receive<RecoveryEnded>(_ => OnRecovered());
        Receive<Persisted>(OnPersisted);
        Receive<NotPersisted>(m => throw new ConfigurationJournalException(m.Error));
        Receive<JournalTaken>(m => throw new ConfigurationJournalException($"another Control has written to journal {m.PersistenceId}"));
        Receive<JournalState>(m => _journalState = m);
        Receive<GetState>(_ => _journal.Tell(new TakeState(_undurable is { } u ? u.Number - 1 : _number, ConfigurationJournal.RecordOf(_inForce!))));
    }

    /// <summary>A node's ConfigurationKeeper.</summary>
    private sealed record Keeper(IActorRef Ref, KeeperConfiguration State);

    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsAlone => _settings.Map.Current is { } map && FirstMap.IsAlone(map, _settings.Map.Self.Node);

    public static Props Props(ConfigurationRegistrySettings settings) => Akka.Actor.Props.Create(() => new ConfigurationRegistryActor(settings));

    protected override void PreStart()
    {
        _members = [.. _settings.Map.Current?.UpNodes ?? []];
        if (IsAlone && _settings.View.Current.Number > 0)
        {
            // Nobody else has a configuration, so this node's disk is as good as the journal until somebody has.
            _inForce = _settings.View.Current;
            Timers.StartSingleTimer("journal", OpenJournal.Instance, _settings.JournalDelay);
        }
        else
            StartJournal();
        Timers.StartPeriodicTimer("tick", Tick.Instance, _settings.Interval);
    }

    // ----- journal

    private void StartJournal()
    {
        if (_journal.IsNobody())
            _journal = Context.ActorOf(JournalActor.Props(ConfigurationJournal.PersistenceId(_settings.Cluster), _settings.Journal), "journal");
    }

    private void OnRecoveredRecord(Recovered recovered)
    {
        try
        {
            _recovered = ConfigurationJournal.VersionOf(recovered.Record);
        }
        catch (Exception e) when (e is SerializationException or InvalidProtocolBufferException)
        {
            Freeze(e.Message);
            Context.Stop(_journal);
        }
    }

    private void OnRecovered()
    {
        if (_frozen is not null)
            return;
        var journalled = _recovered;
        _recovered = null;
        _isJournalled = true;
        var own = _inForce ?? (_settings.View.Current is { Number: > 0 } used ? used : null) ?? First();
        if (own is null && journalled is null)
        {
            Freeze("the cluster has no configuration yet, and the files of this node cannot be used");
            return;
        }
        // A node by itself may have taken its file anew; what another Control has decided meanwhile counts otherwise.
        if (journalled is not null && own is not null && IsAlone && own.Hash != journalled.Hash && own.Number <= journalled.Number)
            own = own with { Number = journalled.Number + 1 };
        if (journalled is not null && (own is null || journalled.Number >= own.Number))
            Commit(journalled);
        else
            Accept(own!);
    }

    private ConfigurationVersion? First() =>
        _settings.Node.Own() is { } files ? ConfigurationVersion.None.Next(files.Hash, _settings.Map.Self.Node.ToString(), files.Bundle) : null;

    private void Freeze(string? why)
    {
        if (why is not null && why != _frozen)
            _log.Error("The configuration cannot change: {Reason}", why);
        _frozen = why;
    }

    /// <summary>Into the journal, then in force. A node alone need not wait for the journal.</summary>
    private void Accept(ConfigurationVersion version)
    {
        if (!_isJournalled)
        {
            Commit(version);
            return;
        }
        _undurable = (++_number, version);
        _journal.Tell(new Persist(_number, [ConfigurationJournal.RecordOf(version)]));
    }

    private void OnPersisted(Persisted persisted)
    {
        if (_undurable is not { } undurable || undurable.Number > persisted.Number)
            return;
        _undurable = null;
        Commit(undurable.Version);
    }

    private void Commit(ConfigurationVersion version)
    {
        Freeze(null);
        if (_inForce is null || version.Number != _inForce.Number)
            _log.Info("Version {Version} of the configuration is in force; its files are those of node {Origin}", version.Number, version.Origin);
        _inForce = version;
        foreach (var keeper in _keepers.Values)
            Tell(keeper);
        OnCommitted();
    }

    // ----- nodes

    private void OnMembers(IReadOnlyList<MapNode> members)
    {
        _members = members;
        if (members.Any(m => m.Id != _settings.Map.Self.Node))
            StartJournal();
        foreach (var gone in _keepers.Keys.Except(members.Select(m => m.Id)).ToList())
            _keepers.Remove(gone);
        OnMembersOfRound();
    }

    private void OnKeeper(KeeperConfiguration state)
    {
        var isNew = !_keepers.TryGetValue(state.Node.Node, out var known) || !known.Ref.Equals(Sender);
        _keepers[state.Node.Node] = new Keeper(Sender, state);
        if (isNew)
            AskToPrepare(state.Node.Node);
        if (_inForce is null)
            return;
        if (state.Number > _inForce.Number && _isJournalled && _undurable is null)
        {
            // The journal is not the one that the node's version was written to; the number must go beyond.
            _log.Warning("Node {Node} uses version {Version} of the configuration, the journal has {Known}", state.Node.Node, state.Number, _inForce.Number);
            Accept(_inForce with { Number = state.Number + 1 });
        }
        else
            Tell(_keepers[state.Node.Node]);
        FinishRound();
    }

    /// <summary>Nobody else is told a version before it is in the journal.</summary>
    private void Tell(Keeper keeper)
    {
        if (_inForce is { } version && (keeper.State.Number, keeper.State.Hash) != (version.Number, version.Hash)
            && (_isJournalled || keeper.State.Node.Node == _settings.Map.Self.Node))
            keeper.Ref.Tell(new InForce(version.Number, version.Origin, new ContentName(version.Hash, version.Bundle.Length)));
    }

    private ConfigurationStatus Status() => new(
        _inForce?.Number ?? 0, _inForce?.Hash ?? "", _inForce?.Origin ?? "", CannotChange(),
        [.. _keepers.Values.Select(k => k.State).OrderBy(k => k.Node.Node)]);

    private string? CannotChange() => _frozen ?? (_members.Count == 0 ? "the partition map is being recovered" : _inForce is null ? _journalState.Error ?? "it is being recovered" : _isJournalled ? _journalState.Error : null);

    private sealed class OpenJournal : INoSerializationVerificationNeeded
    {
        public static readonly OpenJournal Instance = new();
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}

/// <summary>The configuration's journal cannot be gone on with; the actor begins again from what the journal has.</summary>
public sealed class ConfigurationJournalException(string message) : Exception(message);

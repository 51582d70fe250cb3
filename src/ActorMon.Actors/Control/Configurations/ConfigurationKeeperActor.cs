using ActorMon.Protocol.Control;
using ActorMon.Replication.Configurations;
using ActorMon.Replication.Map;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Control.ConfigurationProtocol;

namespace ActorMon.Actors.Control.Configurations;

/// <param name="Self">This node in this life.</param>
/// <param name="Interval">Between reports to Control.</param>
/// <param name="OwnInterval">Between looks at the node's own files.</param>
public sealed record ConfigurationKeeperSettings(
    NodeIncarnation Self, ConfigurationView View, ConfigurationFile File, INodeConfiguration Node, TimeSpan Interval, TimeSpan OwnInterval);

/// <summary>
/// One per node (/user/configuration): proposes this node's files to the cluster, says whether the node can use what others propose, and puts the version in force into effect,
/// on disk first. Lost on restart: a proposal under way, whose asker is told by its own deadline; the version is on disk, and Control tells it again.
/// </summary>
public sealed class ConfigurationKeeperActor : ReceiveActor, IWithTimers
{
    /// <summary>Name under /user.</summary>
    public const string Name = "configuration";

    private readonly ConfigurationKeeperSettings _settings;
    private readonly IActorRef _control;
    private readonly ConfigurationView _view;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ConfigurationPieces _pieces = new();

    // The last one that was asked about.
    private (string Hash, ReadOnlyMemory<byte> Bundle)? _prepared;
    private Prepare? _asked;
    private InForce? _wanted;
    private bool _isInstalling;
    private string? _ownHash;
    private string? _problem;
    private Proposal? _proposal;
    private long _correlation;

    public ConfigurationKeeperActor(ConfigurationKeeperSettings settings, IActorRef control)
    {
        (_settings, _control, _view) = (settings, control, settings.View);
        Receive<ProposeOwn>(OnProposeOwn);
        Receive<ProposalDone>(OnDone);
        Receive<GetPiece>(m => Sender.Tell(ConfigurationPieces.Of(_proposal is { } p && p.Hash == m.Hash ? p.Bundle : default, m)));
        Receive<Prepare>(OnPrepare);
        Receive<InForce>(OnInForce);
        Receive<Piece>(OnPiece);
        Receive<Checked>(OnChecked);
        Receive<Installed>(OnInstalled);
        Receive<OwnFiles>(OnOwnFiles);
        Receive<Look>(_ => LookAtOwnFiles());
        Receive<Tick>(_ => OnTick());
    }

    /// <summary>In process: this node's files should be the next version. Answered with <see cref="ProposalDone"/>.</summary>
    public sealed record ProposeOwn(string Hash, ReadOnlyMemory<byte> Bundle) : INoSerializationVerificationNeeded;

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ConfigurationKeeperSettings settings, IActorRef control) => Akka.Actor.Props.Create(() => new ConfigurationKeeperActor(settings, control));

    protected override void PreStart()
    {
        Report();
        LookAtOwnFiles();
        Timers.StartPeriodicTimer("tick", Tick.Instance, _settings.Interval);
        Timers.StartPeriodicTimer("look", Look.Instance, _settings.OwnInterval);
    }

    // ----- proposing

    private void OnProposeOwn(ProposeOwn own)
    {
        // The Host proposes one at a time; an asker that gave up is answered all the same.
        _proposal?.Asker.Tell(new ProposalDone(_proposal.Correlation, "another reload of this node has begun"));
        _proposal = new Proposal(++_correlation, own.Hash, own.Bundle, Sender);
        _ownHash = own.Hash;
        SendProposal();
    }

    private void SendProposal()
    {
        if (_proposal is { } proposal)
            _control.Tell(new Propose(_settings.Self, proposal.Correlation, new ContentName(proposal.Hash, proposal.Bundle.Length)));
    }

    private void OnDone(ProposalDone done)
    {
        if (_proposal is not { } proposal || proposal.Correlation != done.Correlation)
            return;
        _proposal = null;
        proposal.Asker.Tell(done);
        LookAtOwnFiles();
    }

    // ----- following

    private void OnPrepare(Prepare asked)
    {
        _asked = asked;
        if (ContentOf(asked.Content.Hash) is { } content)
            Check(asked, content);
        else
            Gather(asked.Content);
    }

    private void Check(Prepare asked, ReadOnlyMemory<byte> content)
    {
        var node = _settings.Node;
        Task.Run(() => node.Prepare(asked.Content.Hash, content, asked.Strict)).PipeTo(
            Self, success: error => new Checked(asked.Content.Hash, error), failure: cause => new Checked(asked.Content.Hash, cause.GetBaseException().Message));
    }

    private void OnChecked(Checked result)
    {
        _asked = null;
        _control.Tell(new Prepared(_settings.Self, result.Hash, result.Error));
    }

    private void OnInForce(InForce force)
    {
        if (_isInstalling || !IsNewer(force))
            return;
        _wanted = force;
        if (ContentOf(force.Content.Hash) is { } content)
            Install(force, content);
        else
            Gather(force.Content);
    }

    private bool IsNewer(InForce force) =>
        force.Number > _view.Current.Number || (force.Number == _view.Current.Number && force.Content.Hash != _view.Current.Hash);

    private void Gather(ContentName content)
    {
        _pieces.Start(content);
        _control.Tell(_pieces.Wanted!);
    }

    private void OnPiece(Piece piece)
    {
        if (piece.Hash != _pieces.Hash)
            return;
        if (_pieces.Add(piece) is not { } content)
        {
            if (piece.Content.IsEmpty)
                _pieces.Stop();
            else
                _control.Tell(_pieces.Wanted!);
            return;
        }
        _prepared = (piece.Hash, content);
        if (_asked is { } asked && asked.Content.Hash == piece.Hash)
            Check(asked, content);
        if (_wanted is { } wanted && wanted.Content.Hash == piece.Hash && !_isInstalling)
            Install(wanted, content);
    }

    private ReadOnlyMemory<byte>? ContentOf(string hash) =>
        _prepared is { } prepared && prepared.Hash == hash ? prepared.Bundle
        : _proposal is { } proposal && proposal.Hash == hash ? proposal.Bundle
        : _view.Current.Number > 0 && _view.Current.Hash == hash ? _view.Current.Bundle
        : (ReadOnlyMemory<byte>?)null;

    private void Install(InForce force, ReadOnlyMemory<byte> content)
    {
        _wanted = null;
        _isInstalling = true;
        var version = new ConfigurationVersion(force.Number, force.Content.Hash, force.Origin, content);
        var (node, file) = (_settings.Node, _settings.File);
        Task.Run(() =>
        {
            // A disk that is full keeps no node from the version; it is told again after a restart.
            var kept = file.Write(version);
            return (Error: node.Install(version), Kept: kept);
        }).PipeTo(Self, success: done => new Installed(version, done.Error, done.Kept), failure: cause => new Installed(version, cause.GetBaseException().Message, null));
    }

    private void OnInstalled(Installed installed)
    {
        _isInstalling = false;
        var problem = installed.Error ?? installed.NotKept;
        if (problem is not null && problem != _problem)
            _log.Error("Version {Version} of the cluster's configuration: {Problem}", installed.Version.Number, problem);
        _problem = problem;
        if (installed.Error is null)
            _view.Publish(installed.Version);
        _prepared = null;
        LookAtOwnFiles();
        Report();
    }

    // ----- reporting

    private void LookAtOwnFiles()
    {
        var node = _settings.Node;
        Task.Run(node.OwnHash).PipeTo(Self, success: hash => new OwnFiles(hash), failure: _ => new OwnFiles(""));
    }

    private void OnOwnFiles(OwnFiles own)
    {
        var differed = _view.Differs;
        _ownHash = own.Hash;
        Report();
        if (_view.Differs && !differed)
            _log.Warning(
                "The configuration files of this node differ from version {Version} of the cluster's configuration, which came from node {Origin} and stays in effect; a reload at this node proposes its files to the cluster",
                _view.Current.Number, _view.Current.Origin);
        else if (differed && !_view.Differs)
            _log.Info("The configuration files of this node are those of version {Version} of the cluster's configuration", _view.Current.Number);
    }

    private void Report()
    {
        var current = _view.Current;
        _view.Report(current.Number > 0 && _ownHash is { } own && own != current.Hash, _problem);
        _control.Tell(new KeeperConfiguration(_settings.Self, current.Number, current.Hash, _view.Differs, _problem));
    }

    private void OnTick()
    {
        Report();
        SendProposal();
        // A piece that was lost on the way.
        if (_pieces.Wanted is { } piece)
            _control.Tell(piece);
    }

    private sealed record Proposal(long Correlation, string Hash, ReadOnlyMemory<byte> Bundle, IActorRef Asker);

    private sealed record Checked(string Hash, string? Error) : INoSerializationVerificationNeeded;

    private sealed record Installed(ConfigurationVersion Version, string? Error, string? NotKept) : INoSerializationVerificationNeeded;

    private sealed record OwnFiles(string Hash) : INoSerializationVerificationNeeded;

    private sealed class Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Instance = new();
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}

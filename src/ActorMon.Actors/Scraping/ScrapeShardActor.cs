using System.Globalization;
using ActorMon.Model.Labels;
using ActorMon.Protocol.Scraping;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Targets;
using Akka.Actor;
using static ActorMon.Protocol.Scraping.ScrapingProtocol;

namespace ActorMon.Actors.Scraping;

/// <summary>
/// One of a fixed number of scrape shards: supervises the actors of the targets assigned to it. Control always tells the full set; targets that are no longer in it
/// end their series. When the shard itself is moved or stopped, its targets stop without a trace: another shard's start goes on with their series.
/// A target actor that crashes is started again after a back-off that doubles. Lost on restart: nothing; Control sends the set again.
/// </summary>
public sealed class ScrapeShardActor : ReceiveActor, IWithTimers
{
    private const string ReportTimer = "report";

    private readonly int _shard;
    private readonly ScrapeShardSettings _settings;
    private readonly ScrapeRuntime _runtime;
    private readonly IActorRef _ingest;
    private readonly IActorRef _control;
    private readonly Dictionary<TargetKey, Child> _children = [];
    private readonly Dictionary<IActorRef, TargetKey> _keys = [];
    private readonly AssignmentAssembly _assembly = new();
    private AssignmentVersion _version = AssignmentVersion.None;
    private long _names;

    public ScrapeShardActor(string id, ScrapeShardSettings settings, ScrapeRuntime runtime, IActorRef ingest, IActorRef control)
    {
        _shard = int.Parse(id, CultureInfo.InvariantCulture);
        _settings = settings;
        _runtime = runtime;
        _ingest = ingest;
        _control = control;
        Receive<AssignTargets>(OnAssign);
        Receive<TouchShard>(_ => Sender.Tell(State()));
        Receive<Report>(_ => _control.Tell(State()));
        Receive<Restart>(OnRestart);
        Receive<Terminated>(OnTerminated);
    }

    /// <summary>What makes a target the same one when its interval or timeout changes: its series keep their labels and it is asked at the same place.</summary>
    private readonly record struct TargetKey(string Job, string Url, LabelSet Labels);

    /// <summary>One target of this shard. Ref is Nobody while its actor waits for its next start.</summary>
    private sealed class Child(ScrapeJob job, ScrapeTarget target, string forcedError)
    {
        public ScrapeJob Job { get; set; } = job;
        public ScrapeTarget Target { get; set; } = target;
        public string ForcedError { get; set; } = forcedError;
        public IActorRef Ref { get; set; } = ActorRefs.Nobody;
        public int Crashes { get; set; }
        public long Started { get; set; }
        public TargetTrail Trail { get; } = new();

        /// <summary>Its next actor scrapes soon instead of at the next slot.</summary>
        public bool IsTakenOver { get; set; }
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string id, ScrapeShardSettings settings, ScrapeRuntime runtime, IActorRef ingest, IActorRef control) =>
        Akka.Actor.Props.Create(() => new ScrapeShardActor(id, settings, runtime, ingest, control));

    protected override void PreStart()
    {
        _control.Tell(State());
        Timers.StartPeriodicTimer(ReportTimer, Report.Instance, _settings.ReportInterval);
    }

    protected override void PostStop()
    {
        foreach (var child in _children.Values)
            _runtime.Board.Remove(child);
    }

    /// <summary>A crashed target stops; its next start waits for the back-off, so a target that always crashes costs little. The strategy logs the cause.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void OnAssign(AssignTargets piece)
    {
        if (piece.Version == _version || _assembly.Add(piece) is not { } assignment)
            return;
        var configuration = _runtime.Configuration.Current;
        if (configuration.Version < assignment.ConfigurationVersion)
        {
            // This node has not installed that configuration yet. The version stays as it is, so Control sends the set again.
            return;
        }
        var errors = assignment.JobErrors.ToDictionary(e => e.Job, e => e.Error, StringComparer.Ordinal);
        var wanted = new HashSet<TargetKey>();
        foreach (var assigned in assignment.Targets)
        {
            if (configuration.Find(assigned.Job) is not { } job || TargetBuilder.Build(job.Job, assigned.Discovered).Target is not { } target)
                continue;
            var key = new TargetKey(assigned.Job, target.UrlText, target.Labels);
            if (!wanted.Add(key))
                continue;
            Ensure(key, job.Job, target, errors.GetValueOrDefault(assigned.Job, ""));
        }
        foreach (var key in _children.Keys.Where(key => !wanted.Contains(key)).ToList())
            End(key);
        _version = assignment.Version;
        _control.Tell(State());
    }

    private void Ensure(TargetKey key, ScrapeJob job, ScrapeTarget target, string forcedError)
    {
        if (!_children.TryGetValue(key, out var child))
        {
            _children[key] = child = new Child(job, target, forcedError) { IsTakenOver = IsTakenOver(target) };
            StartChild(key, child);
            return;
        }
        if (ReferenceEquals(child.Job, job) && child.ForcedError == forcedError && child.Target.Hash == target.Hash)
            return;
        child.Job = job;
        child.Target = target;
        child.ForcedError = forcedError;
        child.Ref.Tell(new TargetActor.Reconfigure(job, target, forcedError));
    }

    /// <summary>
    /// The first targets of a shard that begins on a node which has scraped for a while come from another node, most likely one that is gone: some of their slots have been missed.
    /// </summary>
    private bool IsTakenOver(ScrapeTarget target) => _version == AssignmentVersion.None && _runtime.Time.GetElapsedTime(_runtime.Began) > target.Interval;

    private void StartChild(TargetKey key, Child child)
    {
        child.Started = _runtime.Time.GetTimestamp();
        _runtime.Board.Remove(child);
        child.Ref = Context.Watch(NewActor(child));
        _keys[child.Ref] = key;
    }

    private IActorRef NewActor(Child child)
    {
        // A name is used once: the actor of a removed target may still be ending its series.
        var name = string.Create(CultureInfo.InvariantCulture, $"t{++_names}-{child.Target.Hash:x16}");
        var isTakenOver = child.IsTakenOver;
        child.IsTakenOver = false;
        return Context.ActorOf(TargetActor.Props(child.Job, child.Target, child.ForcedError, _runtime, _ingest, child.Trail, isTakenOver).WithDispatcher(_runtime.Dispatcher), name);
    }

    private void End(TargetKey key)
    {
        var child = _children[key];
        _children.Remove(key);
        _runtime.Board.Remove(child);
        if (child.Ref.IsNobody())
        {
            // Its actor crashed and waits for the next start; what it wrote ends all the same.
            if (child.Trail.Scraper is not null)
                NewActor(child).Tell(TargetActor.End.Instance);
            return;
        }
        _keys.Remove(child.Ref);
        Context.Unwatch(child.Ref);
        child.Ref.Tell(TargetActor.End.Instance);
    }

    private void OnTerminated(Terminated terminated)
    {
        if (!_keys.Remove(terminated.ActorRef, out var key) || !_children.TryGetValue(key, out var child) || !child.Ref.Equals(terminated.ActorRef))
            return;
        child.Ref = ActorRefs.Nobody;
        // One that ran for long has nothing to do with the crashes before.
        if (_runtime.Time.GetElapsedTime(child.Started) > _settings.MaxBackoff)
            child.Crashes = 0;
        var backoff = new Backoff(_settings.MinBackoff, _settings.MaxBackoff).After(child.Crashes++);
        _runtime.Metrics.TargetRestarts.Add();
        // The crashed actor's entry is gone; the target must not look as if it did not exist.
        _runtime.Board.Report(child, new TargetStatus(child.Job.Name, child.Target, false, $"the target's actor crashed; it starts again after {backoff.TotalSeconds:0.###} s", null, TimeSpan.Zero));
        Timers.StartSingleTimer(key, new Restart(key), backoff);
    }

    private void OnRestart(Restart restart)
    {
        if (_children.TryGetValue(restart.Key, out var child) && child.Ref.IsNobody())
            StartChild(restart.Key, child);
    }

    private ShardState State() => new(_shard, _version, _children.Count);

    private sealed class Report : INoSerializationVerificationNeeded
    {
        public static readonly Report Instance = new();
    }

    private sealed record Restart(TargetKey Key) : INoSerializationVerificationNeeded;
}

using System.Globalization;
using ActorMon.Actors.Control;
using ActorMon.Actors.Scraping;
using ActorMon.Discovery;
using ActorMon.Discovery.Merge;
using ActorMon.Protocol.Control;
using ActorMon.Protocol.Scraping;
using ActorMon.Scraping.Targets;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Actors.Discovery;

/// <summary>
/// Child of Control. Runs one DiscovererActor per mechanism and job of the configuration in effect, merges what they find, relabels it into targets and tells every
/// scrape shard its full set. Updates are gathered for SyncInterval; a shard that reports another version gets its set again.
/// Lost on restart: the found groups; the discoverers find them again, and until each has told its first answer no set is sent, so no target ends by that.
/// </summary>
public sealed class DiscoveryManagerActor : ReceiveActor, IWithTimers
{
    private const string SyncTimer = "sync";

    private readonly DiscoverySettings _settings;
    private readonly IActorRef _shardRegion;
    private readonly TargetAssignment _assignment;
    private readonly SortedDictionary<string, JobState> _jobs = new(StringComparer.Ordinal);
    private readonly Dictionary<IActorRef, Runner> _runners = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private long _configurationVersion;
    private long _generations;
    private long? _lastSync;

    public DiscoveryManagerActor(DiscoverySettings settings, IActorRef shardRegion)
    {
        _settings = settings;
        _shardRegion = shardRegion;
        _assignment = new TargetAssignment(settings.ScrapeShards, (ulong)Random.Shared.NextInt64(1, long.MaxValue));
        Receive<ControlProtocol.ConfigurationInstalled>(_ => Configure());
        Receive<DiscovererActor.Found>(OnFound);
        Receive<ScrapingProtocol.ShardState>(OnShardState);
        Receive<Sync>(_ => OnSync());
        Receive<Terminated>(OnTerminated);
        Receive<StartAgain>(OnStartAgain);
    }

    /// <summary>One job of the configuration in effect. Waiting: mechanisms that have not answered yet.</summary>
    private sealed class JobState(JobConfiguration configuration, long generation)
    {
        public JobConfiguration Configuration { get; set; } = configuration;
        public long Generation { get; } = generation;
        public DiscoveryMerge Merge { get; } = new();
        public HashSet<int> Waiting { get; } = [];
        public TargetSet? Targets { get; set; }
        public bool Dirty { get; set; } = true;
        public List<IActorRef> Runners { get; } = [];
    }

    private readonly record struct Runner(string Job, long Generation, int Mechanism, int Crashes);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(DiscoverySettings settings, IActorRef shardRegion) => Akka.Actor.Props.Create(() => new DiscoveryManagerActor(settings, shardRegion));

    protected override void PreStart() => Configure();

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <summary>Brings the running discoverers in line with the configuration in effect. Jobs whose configuration object is the same are left alone.</summary>
    private void Configure()
    {
        var configuration = _settings.Configuration.Current;
        if (configuration.Version == 0 || configuration.Version == _configurationVersion)
            return;
        _configurationVersion = configuration.Version;
        foreach (var gone in _jobs.Keys.Where(job => configuration.Find(job) is null).ToList())
        {
            StopRunners(_jobs[gone]);
            _jobs.Remove(gone);
            _settings.Board.ForgetJob(gone);
            _settings.Metrics.Forget(gone);
            _settings.ScrapeMetrics.PoolTargets.Remove(gone);
        }
        var notRun = 0;
        foreach (var job in configuration.Jobs)
        {
            if (_jobs.TryGetValue(job.Job.Name, out var state))
            {
                if (ReferenceEquals(state.Configuration, job))
                    continue;
                if (state.Configuration.Discovery.SequenceEqual(job.Discovery))
                {
                    state.Configuration = job;
                    state.Dirty = true;
                    continue;
                }
                StopRunners(state);
            }
            notRun += Start(job);
        }
        _settings.Metrics.NotRun(notRun);
        // A new version goes to the shards even when no target changed: their targets take over the new settings.
        ScheduleSync();
    }

    /// <returns>How many of the job's mechanisms this version does not run.</returns>
    private int Start(JobConfiguration job)
    {
        var state = new JobState(job, ++_generations);
        _jobs[job.Job.Name] = state;
        var notRun = 0;
        for (var i = 0; i < job.Discovery.Count; i++)
        {
            if (job.Discovery[i] is DeclaredSdConfig declared)
            {
                notRun++;
                _log.Warning("Job {Job}: {Mechanism}_sd_configs is checked but not run by this version", job.Job.Name, declared.Mechanism);
                continue;
            }
            state.Waiting.Add(i);
            Run(new Runner(job.Job.Name, state.Generation, i, 0));
        }
        return notRun;
    }

    private void Run(Runner runner)
    {
        var state = _jobs[runner.Job];
        var name = string.Create(CultureInfo.InvariantCulture, $"d{runner.Generation}-{runner.Mechanism}-{runner.Crashes}");
        var config = state.Configuration.Discovery[runner.Mechanism];
        var actor = Context.Watch(Context.ActorOf(DiscovererActor.Props(runner.Job, runner.Generation, runner.Mechanism, config, _settings.Context), name));
        _runners[actor] = runner;
        state.Runners.Add(actor);
    }

    private void StopRunners(JobState state)
    {
        foreach (var runner in state.Runners)
        {
            _runners.Remove(runner);
            Context.Unwatch(runner);
            Context.Stop(runner);
        }
    }

    private void OnFound(DiscovererActor.Found found)
    {
        if (!_jobs.TryGetValue(found.Job, out var state) || state.Generation != found.Generation)
            return;
        switch (found.Event)
        {
            case GroupsDiscovered groups:
                _settings.Metrics.Received();
                var answered = state.Waiting.Remove(found.Mechanism);
                if (state.Merge.Apply(found.Mechanism, groups.Groups))
                    state.Dirty = true;
                if (answered || state.Dirty)
                    ScheduleSync();
                break;
            case DiscoveryFailed failed:
                _settings.Metrics.Failed(failed, found.MechanismName, found.Job);
                _log.Warning("Discovery {Mechanism} of job {Job}: {Subject}: {Message}", found.MechanismName, found.Job, failed.Subject, failed.Message);
                break;
            case FilesScanned scan:
                _settings.Metrics.Scanned(scan);
                break;
        }
    }

    private void ScheduleSync()
    {
        if (Timers.IsTimerActive(SyncTimer))
            return;
        var delay = _settings.FirstSync;
        if (_lastSync is { } last && _settings.SyncInterval - _settings.Time.GetElapsedTime(last) is var rest && rest > delay)
            delay = rest;
        Timers.StartSingleTimer(SyncTimer, Sync.Instance, delay);
    }

    private void OnSync()
    {
        if (_jobs.Values.Any(job => job.Waiting.Count > 0))
        {
            // After a start every mechanism tells its first answer within a moment; until then a set would be incomplete and end the series of the rest.
            Timers.StartSingleTimer(SyncTimer, Sync.Instance, _settings.FirstSync);
            return;
        }
        _lastSync = _settings.Time.GetTimestamp();
        foreach (var (name, job) in _jobs)
            if (job.Dirty)
                Build(name, job);
        foreach (var changed in _assignment.Assign(_configurationVersion, _jobs.Select(job => (job.Key, job.Value.Targets!))))
            Send(changed);
        _settings.Metrics.Updated();
    }

    private void Build(string name, JobState state)
    {
        var started = _settings.Time.GetTimestamp();
        var job = state.Configuration.Job;
        var targets = TargetSet.Build(job, state.Merge.Current.Groups.Select(g => new DiscoveredGroup(g.Source, g.Labels, g.Targets)));
        state.Targets = targets;
        state.Dirty = false;
        var metrics = _settings.ScrapeMetrics;
        foreach (var error in targets.Errors)
        {
            metrics.SyncFailures.With(name).Add();
            _log.Error("Job {Job}: a target cannot be scraped: {Error}", name, error);
        }
        if (targets.LimitError.Length > 0)
            metrics.TargetLimitExceeded.Add();
        _settings.Board.SetDropped(name, new DroppedTargets(targets.Dropped, targets.DroppedCount));
        _settings.Metrics.Discovered(name, targets.Active.Count + targets.DroppedCount);
        metrics.PoolTargets.With(name).Set(targets.Active.Count);
        metrics.PoolTargetLimit.With(name).Set(job.TargetLimit);
        metrics.PoolSyncs.With(name).Add();
        metrics.SyncLength.With(name).Observe(_settings.Time.GetElapsedTime(started).TotalSeconds);
    }

    private void OnShardState(ScrapingProtocol.ShardState state)
    {
        if (_assignment.For(state.Shard) is { } wanted && wanted.Version != state.Version)
            Send(wanted);
    }

    private void Send(ScrapingProtocol.AssignTargets assignment)
    {
        foreach (var chunk in AssignmentChunks.Split(assignment))
            _shardRegion.Tell(chunk);
    }

    private void OnTerminated(Terminated terminated)
    {
        if (!_runners.Remove(terminated.ActorRef, out var runner) || !_jobs.TryGetValue(runner.Job, out var state) || state.Generation != runner.Generation)
            return;
        state.Runners.Remove(terminated.ActorRef);
        // A mechanism with a bug must not keep the targets of all others waiting for its first answer.
        if (state.Waiting.Remove(runner.Mechanism))
            ScheduleSync();
        var backoff = new Backoff(_settings.MinBackoff, _settings.MaxBackoff).After(runner.Crashes);
        Timers.StartSingleTimer(runner, new StartAgain(runner with { Crashes = runner.Crashes + 1 }), backoff);
    }

    private void OnStartAgain(StartAgain message)
    {
        if (_jobs.TryGetValue(message.Runner.Job, out var state) && state.Generation == message.Runner.Generation)
            Run(message.Runner);
    }

    private sealed class Sync : INoSerializationVerificationNeeded
    {
        public static readonly Sync Instance = new();
    }

    private sealed record StartAgain(Runner Runner) : INoSerializationVerificationNeeded;
}

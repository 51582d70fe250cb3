using ActorMon.Actors.Control;
using ActorMon.Actors.Scraping;
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
    private readonly SyncPace _pace;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private MechanismRunners _runners = null!;
    private long _configurationVersion;

    public DiscoveryManagerActor(DiscoverySettings settings, IActorRef shardRegion)
    {
        _settings = settings;
        _shardRegion = shardRegion;
        _pace = new SyncPace(settings.FirstSync, settings.SyncInterval, settings.Time);
        _assignment = new TargetAssignment(settings.ScrapeShards, (ulong)Random.Shared.NextInt64(1, long.MaxValue));
        Receive<ControlProtocol.ConfigurationInstalled>(_ => Configure());
        Receive<DiscovererActor.Found>(OnFound);
        Receive<ScrapingProtocol.ShardState>(OnShardState);
        Receive<Sync>(_ => OnSync());
        Receive<Terminated>(terminated =>
        {
            if (_runners.OnTerminated(terminated) is not null)
                ScheduleSync();
        });
        Receive<MechanismRunners.StartAgain>(m => _runners.OnStartAgain(m));
    }

    /// <summary>One job of the configuration in effect.</summary>
    private sealed class JobState(JobConfiguration configuration, FoundGroups found)
    {
        public JobConfiguration Configuration { get; set; } = configuration;
        public FoundGroups Found { get; } = found;
        public TargetSet? Targets { get; set; }
        public bool Dirty { get; set; } = true;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(DiscoverySettings settings, IActorRef shardRegion) => Akka.Actor.Props.Create(() => new DiscoveryManagerActor(settings, shardRegion));

    protected override void PreStart()
    {
        _runners = new MechanismRunners(
            Context, Timers, _settings.Context, new Backoff(_settings.MinBackoff, _settings.MaxBackoff), _settings.Metrics, "job");
        Configure();
    }

    /// <summary>Another node finds targets from now on, and tells of those it drops.</summary>
    protected override void PostStop()
    {
        foreach (var job in _jobs.Keys)
            _settings.Board.ForgetJob(job);
    }

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
            _runners.Stop(gone);
            _jobs.Remove(gone);
            _settings.Board.ForgetJob(gone);
            _settings.Metrics.Forget(gone);
            _settings.ScrapeMetrics.PoolTargets.Remove(gone);
        }
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
            }
            _jobs[job.Job.Name] = new JobState(job, _runners.Start(job.Job.Name, job.Discovery));
        }
        _settings.Metrics.NotRun(_runners.NotRun);
        // A new version goes to the shards even when no target changed: their targets take over the new settings.
        ScheduleSync();
    }

    private void OnFound(DiscovererActor.Found found)
    {
        if (_runners.OnFound(found) is not { } job)
            return;
        _jobs[job.Job].Dirty = true;
        ScheduleSync();
    }

    private void ScheduleSync()
    {
        if (!Timers.IsTimerActive(SyncTimer))
            Timers.StartSingleTimer(SyncTimer, Sync.Instance, _pace.Wait);
    }

    private void OnSync()
    {
        if (!_runners.IsComplete)
        {
            // After a start every mechanism tells its first answer within a moment; until then a set would be incomplete and end the series of the rest.
            Timers.StartSingleTimer(SyncTimer, Sync.Instance, _pace.First);
            return;
        }
        _pace.Synced();
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
        var targets = TargetSet.Build(job, state.Found.Merge.Current.Groups.Select(g => new DiscoveredGroup(g.Source, g.Labels, g.Targets)));
        state.Targets = targets;
        state.Dirty = false;
        var metrics = _settings.ScrapeMetrics;
        var failures = metrics.SyncFailures.With(name);
        foreach (var error in targets.Errors)
        {
            failures.Add();
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

    private sealed class Sync : INoSerializationVerificationNeeded
    {
        public static readonly Sync Instance = new();
    }
}

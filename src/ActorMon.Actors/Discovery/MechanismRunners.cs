using System.Globalization;
using ActorMon.Discovery;
using ActorMon.Discovery.Merge;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Actors.Discovery;

/// <summary>What the mechanisms of one job have found. Waiting: those that have not answered yet.</summary>
public sealed class FoundGroups(string job, IReadOnlyList<SdConfig> mechanisms, long generation)
{
    public string Job { get; } = job;
    public IReadOnlyList<SdConfig> Mechanisms { get; } = mechanisms;
    internal long Generation { get; } = generation;
    internal List<IActorRef> Runners { get; } = [];
    internal HashSet<int> Waiting { get; } = [];
    public DiscoveryMerge Merge { get; } = new();
    public bool IsComplete => Waiting.Count == 0;
}

/// <summary>
/// Runs a DiscovererActor for each mechanism of several jobs as children of its owner, starts a crashed one again after a back-off, and keeps what they find.
/// The owner hands it the messages <see cref="DiscovererActor.Found"/>, <see cref="Terminated"/> and <see cref="StartAgain"/>, stops children that fail, and uses it from
/// its own thread alone.
/// </summary>
/// <param name="consumer">What the jobs are, for the log: Job, Alertmanagers.</param>
public sealed class MechanismRunners(
    IUntypedActorContext context, ITimerScheduler timers, DiscoveryContext surroundings, Backoff backoff, DiscoveryMetrics metrics, string consumer)
{
    private readonly Dictionary<string, FoundGroups> _jobs = new(StringComparer.Ordinal);
    private readonly Dictionary<IActorRef, Runner> _runners = [];
    private readonly ILoggingAdapter _log = context.GetLogger();
    private long _generations;

    private readonly record struct Runner(string Job, long Generation, int Mechanism, int Crashes);

    public bool IsComplete => _jobs.Values.All(job => job.IsComplete);

    /// <summary>Mechanisms of all jobs that this version does not run.</summary>
    public int NotRun => _jobs.Values.Sum(job => job.Mechanisms.Count(m => m is DeclaredSdConfig));

    /// <summary>Runs the job's mechanisms; those of a job of that name that ran before are stopped.</summary>
    public FoundGroups Start(string name, IReadOnlyList<SdConfig> mechanisms)
    {
        Stop(name);
        var job = _jobs[name] = new FoundGroups(name, mechanisms, ++_generations);
        for (var i = 0; i < mechanisms.Count; i++)
        {
            if (mechanisms[i] is DeclaredSdConfig declared)
            {
                _log.Warning("{Consumer} {Job}: {Mechanism}_sd_configs is checked but not run by this version", consumer, name, declared.Mechanism);
                continue;
            }
            job.Waiting.Add(i);
            Run(job, new Runner(name, job.Generation, i, 0));
        }
        return job;
    }

    public void Stop(string name)
    {
        if (!_jobs.Remove(name, out var job))
            return;
        foreach (var runner in job.Runners)
        {
            _runners.Remove(runner);
            context.Unwatch(runner);
            context.Stop(runner);
        }
    }

    /// <returns>The job that has something new to tell, or has told its first answer; else null.</returns>
    public FoundGroups? OnFound(DiscovererActor.Found found)
    {
        if (!_jobs.TryGetValue(found.Job, out var job) || job.Generation != found.Generation)
            return null;
        switch (found.Event)
        {
            case GroupsDiscovered groups:
                metrics.Received();
                var answered = job.Waiting.Remove(found.Mechanism);
                return job.Merge.Apply(found.Mechanism, groups.Groups) || answered ? job : null;
            case DiscoveryFailed failed:
                metrics.Failed(failed, found.MechanismName, found.Job);
                _log.Warning("Discovery {Mechanism} of {Consumer} {Job}: {Subject}: {Message}", found.MechanismName, consumer, found.Job, failed.Subject, failed.Message);
                break;
            case FilesScanned scan:
                metrics.Scanned(scan);
                break;
        }
        return null;
    }

    /// <returns>The job that no longer waits for the crashed mechanism's first answer; null: none does.</returns>
    public FoundGroups? OnTerminated(Terminated terminated)
    {
        if (!_runners.Remove(terminated.ActorRef, out var runner) || Find(runner) is not { } job)
            return null;
        job.Runners.Remove(terminated.ActorRef);
        timers.StartSingleTimer(runner, new StartAgain(runner with { Crashes = runner.Crashes + 1 }), backoff.After(runner.Crashes));
        // A mechanism with a bug must not keep all others waiting for its first answer.
        return job.Waiting.Remove(runner.Mechanism) ? job : null;
    }

    public void OnStartAgain(StartAgain message)
    {
        if (message.Runner is Runner runner && Find(runner) is { } job)
            Run(job, runner);
    }

    private FoundGroups? Find(Runner runner) => _jobs.TryGetValue(runner.Job, out var job) && job.Generation == runner.Generation ? job : null;

    private void Run(FoundGroups job, Runner runner)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"d{runner.Generation}-{runner.Mechanism}-{runner.Crashes}");
        var actor = context.Watch(context.ActorOf(
            DiscovererActor.Props(runner.Job, runner.Generation, runner.Mechanism, job.Mechanisms[runner.Mechanism], surroundings), name));
        _runners[actor] = runner;
        job.Runners.Add(actor);
    }

    /// <summary>The back-off of a crashed mechanism is over.</summary>
    public sealed class StartAgain : INoSerializationVerificationNeeded
    {
        internal StartAgain(object runner) => Runner = runner;

        internal object Runner { get; }
    }
}

using ActorMon.Discovery;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Actors.Discovery;

/// <summary>
/// Runs one discovery mechanism of one job and tells its parent what it finds, tagged with the job's generation. When the mechanism faults (a bug), the actor
/// crashes with it and the parent starts a new one after a back-off; known groups stay in force meanwhile.
/// </summary>
public sealed class DiscovererActor : ReceiveActor
{
    private readonly SdConfig _config;
    private readonly DiscoveryContext _context;
    private readonly CancellationTokenSource _stopped = new();

    public DiscovererActor(string job, long generation, int mechanism, SdConfig config, DiscoveryContext context)
    {
        _config = config;
        _context = context;
        Receive<Heard>(heard => Context.Parent.Tell(new Found(job, generation, mechanism, config.Mechanism, heard.Event)));
        Receive<RunEnded>(_ => { });
        Receive<RunFailed>(failed => throw new DiscovererFailedException(config.Mechanism, job, failed.Cause));
    }

    public static Props Props(string job, long generation, int mechanism, SdConfig config, DiscoveryContext context) =>
        Akka.Actor.Props.Create(() => new DiscovererActor(job, generation, mechanism, config, context));

    protected override void PreStart()
    {
        var self = Self;
        RunAsync(Discoverers.Create(_config, _context)!, e => self.Tell(new Heard(e), ActorRefs.NoSender), _stopped.Token).PipeTo(Self, failure: cause => new RunFailed(cause));
    }

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
    }

    private static async Task<RunEnded> RunAsync(IDiscoverer discoverer, Action<DiscoveryEvent> publish, CancellationToken stopped)
    {
        try
        {
            await discoverer.RunAsync(publish, stopped);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            // The actor is stopping: that is how a mechanism ends.
        }
        return RunEnded.Instance;
    }

    /// <summary>Told to the parent: something a mechanism found or could not do.</summary>
    public sealed record Found(string Job, long Generation, int Mechanism, string MechanismName, DiscoveryEvent Event) : INoSerializationVerificationNeeded;

    private sealed record Heard(DiscoveryEvent Event) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed record RunFailed(Exception Cause) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed class RunEnded : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly RunEnded Instance = new();
    }
}

/// <summary>A discovery mechanism ended by a bug of its own.</summary>
public sealed class DiscovererFailedException(string mechanism, string job, Exception inner)
    : Exception($"discovery {mechanism} of job {job} failed unexpectedly: {inner.Message}", inner);

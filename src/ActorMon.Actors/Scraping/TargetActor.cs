using ActorMon.Actors.Dispatch;
using ActorMon.Model.Ingest;
using ActorMon.Model.Samples;
using ActorMon.Model.Time;
using ActorMon.Scraping;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Targets;
using ActorMon.Scraping.Timing;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Scraping;

/// <summary>
/// One scrape target. States: Waiting (for its slot) -> Scraping (the request runs; deadline: the scrape timeout, kept by the scraper) -> Storing (batches handed
/// over; deadline: <see cref="StoreTimeout"/>) -> Waiting. Ending: the target is gone, stale markers follow when they are due. Nothing is stashed: a slot that comes
/// while the actor is busy is skipped, a new configuration waits for the end of the scrape in a field.
/// Batches belong to this actor from the scrape until the link has settled them, then they are released; those that the link did not settle in time stay with the
/// link, which may still send them, and are left to the garbage collector.
/// Lost on restart: the scrape cache, so the next scrape registers a fresh layout.
/// Behaviours are methods, made delegates once: a receive actor would build its handlers anew at each of the three changes a scrape has, 7 % of a busy node's CPU.
/// </summary>
public sealed partial class TargetActor : UntypedActor
{
    /// <summary>How much before its time a timer may fire by the clock's own measure.</summary>
    private static readonly TimeSpan TimerTolerance = TimeSpan.FromMilliseconds(50);

    private readonly ScrapeRuntime _runtime;
    private readonly IActorRef _ingest;
    private readonly TargetScraper _scraper;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly UntypedReceive _waiting;
    private readonly UntypedReceive _scraping;
    private readonly UntypedReceive _whileStoring;
    private readonly UntypedReceive _whileEnding;
    private ScrapeTarget _target;
    private ScrapeJob _job;
    private readonly bool _isTakenOver;
    private ScrapeSchedule _schedule;
    private ITimer? _timer;
    private long _armedAt;
    private TimeSpan _armedFor;
    private TimestampMs _last = TimestampMs.Min;
    private bool _ending;
    private Reconfigure? _reconfigure;
    private readonly TargetTrail _trail;

    public TargetActor(ScrapeJob job, ScrapeTarget target, string forcedError, ScrapeRuntime runtime, IActorRef ingest, TargetTrail trail, bool isTakenOver)
    {
        (_trail, _isTakenOver) = (trail, isTakenOver);
        _job = job;
        _target = target;
        _runtime = runtime;
        _ingest = ingest;
        _scraper = new TargetScraper(target, job, runtime.Options, runtime.Clients.For(job, target.UnixSocket), runtime.Layouts, runtime.Time) { ForcedError = forcedError };
        _schedule = ScheduleOf();
        (_waiting, _scraping, _whileStoring, _whileEnding) = (Waiting, Scraping, Storing, Ending);
    }

    /// <param name="trail">What an actor of the same target left behind; null: there was none.</param>
    /// <param name="isTakenOver">It was another node's until now: it is scraped within <see cref="ScrapeSchedule.TakeoverSpread"/>, then at its slots.</param>
    public static Props Props(ScrapeJob job, ScrapeTarget target, string forcedError, ScrapeRuntime runtime, IActorRef ingest, TargetTrail? trail = null, bool isTakenOver = false)
    {
        trail ??= new TargetTrail();
        return Akka.Actor.Props.Create(() => new TargetActor(job, target, forcedError, runtime, ingest, trail, isTakenOver));
    }

    protected override void PreStart()
    {
        _runtime.Board.Report(Self, new TargetStatus(_job.Name, _target, null, "", null, TimeSpan.Zero));
        var self = Self;
        _timer = _runtime.Time.CreateTimer(
            static state => HandOnExecutor.TellLast((IActorRef)state!, Due.Instance), self, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm(_isTakenOver ? _schedule.DelayOfTakeover(Now()) : _schedule.DelayFrom(Now()));
    }

    protected override void PostStop()
    {
        _timer?.Dispose();
        _stopped.Cancel();
        _stopped.Dispose();
        _runtime.Board.Remove(Self);
    }

    // ----- behaviours

    protected override void OnReceive(object message) => Waiting(message);

    private void Waiting(object message)
    {
        switch (message)
        {
            case Due:
                if (IsDue())
                    Start();
                break;
            case Reconfigure reconfigure:
                Apply(reconfigure);
                break;
            case End:
                BeginEnding();
                break;
            case Ingested:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Scraping(object message)
    {
        switch (message)
        {
            case Scraped scraped:
                OnScraped(scraped.Outcome ?? throw new ScraperFailedException(_target.UrlText, scraped.Failure!));
                break;
            case Reconfigure reconfigure:
                _reconfigure = reconfigure;
                break;
            case End:
                _ending = true;
                break;
            case Due or Ingested:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Storing(object message)
    {
        switch (message)
        {
            case Ingested ingested:
                if (ingested.Correlation == _correlation)
                    OnIngested(ingested);
                break;
            case Due:
                if (IsDue())
                    OnStoreTimeout();
                break;
            case Reconfigure reconfigure:
                _reconfigure = reconfigure;
                break;
            case End:
                _ending = true;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Ending(object message)
    {
        switch (message)
        {
            case Due:
                if (IsDue())
                    WriteEnd();
                break;
            case Reconfigure or End or Ingested:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // ----- configuration and time

    private void Apply(Reconfigure message)
    {
        _job = message.Job;
        _target = message.Target;
        _scraper.ForcedError = message.ForcedError;
        _scraper.Configure(message.Target, message.Job, _runtime.Clients.For(message.Job, message.Target.UnixSocket));
        _schedule = ScheduleOf();
        WaitForNextSlot();
    }

    private void WaitForNextSlot()
    {
        var now = Now();
        Arm(TimeSpan.FromMilliseconds(Math.Max(1, _schedule.NextAfter(now, _last).Value - now.Value)));
    }

    private void Arm(TimeSpan delay)
    {
        (_armedAt, _armedFor) = (_runtime.Time.GetTimestamp(), delay);
        _timer!.Change(delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>False: the timer had fired already when it was armed anew, and the message of that firing comes only now. By the monotonic clock: the other may be set back.</summary>
    private bool IsDue() => _runtime.Time.GetElapsedTime(_armedAt) + TimerTolerance >= _armedFor;

    private ScrapeSchedule ScheduleOf() => new(_target.Interval, _target.Hash, _runtime.Configuration.Current.ScrapeSeed);

    private TimestampMs Now() => TimestampMs.From(_runtime.Time.GetUtcNow());

    // ----- messages of its own

    /// <summary>The timer has fired: the next slot, the store deadline or the time of the stale markers, by behaviour.</summary>
    private sealed class Due : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Due Instance = new();
    }

    /// <summary>Told by the shard: the job has another configuration, the target (same URL and labels) another interval, or there is another forced error. The cache is kept where it stays true.</summary>
    public sealed record Reconfigure(ScrapeJob Job, ScrapeTarget Target, string ForcedError) : INoSerializationVerificationNeeded;

    /// <summary>Told by the shard: the target is gone for good; its series end.</summary>
    public sealed class End : INoSerializationVerificationNeeded
    {
        public static readonly End Instance = new();
    }
}

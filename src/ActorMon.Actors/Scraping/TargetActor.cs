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
public sealed class TargetActor : UntypedActor
{
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How much before its time a timer may fire by the clock's own measure.</summary>
    private static readonly TimeSpan TimerTolerance = TimeSpan.FromMilliseconds(50);

    /// <summary>Samples about each scrape: up and its like.</summary>
    private const int ReportSamples = 5;

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
    private long _lastStarted;
    private IReadOnlyList<SampleBatch> _storing = [];
    private long _correlation;
    private bool _ending;
    private TimestampMs _staleAt;
    private Reconfigure? _reconfigure;
    private readonly TargetTrail _trail;
    private string _loggedError = "";
    private bool _refusing;

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

    // ----- handlers

    private void Start()
    {
        var now = Now();
        var time = _schedule.SampleTime(now, _last);
        if (_lastStarted != 0)
            _runtime.Metrics.ObserveInterval(PrometheusDuration.Format(_target.Interval), TimeSpan.FromMilliseconds(now.Value - _lastStarted));
        _lastStarted = now.Value;
        _last = time;
        Become(_scraping);
        _ = ScrapeAsync(_scraper, time, Self, _stopped.Token);
    }

    /// <summary>Scrapes and tells the actor how that ended, as PipeTo would, but on the thread that has just read the answer. Never fails.</summary>
    private static async Task ScrapeAsync(TargetScraper scraper, TimestampMs time, IActorRef self, CancellationToken stopped)
    {
        Scraped scraped;
        try
        {
            scraped = new Scraped(await scraper.ScrapeAsync(time, stopped).ConfigureAwait(false), null);
        }
        catch (Exception cause)
        {
            // Also when the actor has stopped, and with it the scrape; then nobody hears of it.
            scraped = new Scraped(null, cause);
        }
        HandOnExecutor.TellLast(self, scraped);
    }

    private void OnScraped(ScrapeOutcome outcome)
    {
        var started = DateTimeOffset.FromUnixTimeMilliseconds(_lastStarted);
        _trail.Scraped(_scraper, outcome.Timestamp);
        _runtime.Board.Report(Self, new TargetStatus(_job.Name, _target, outcome.Up, outcome.Error, started, outcome.Duration)
        {
            Families = _scraper.ListMetadata,
            FamilyCount = _scraper.MetadataCount,
            Samples = ReportSamples + (outcome.Up ? outcome.SamplesPostRelabelling - outcome.Counters.SeriesRefused : 0),
        });
        _runtime.Metrics.Observe(outcome.Counters);
        _runtime.Churn?.Ended(_job.Name, outcome.SeriesEnded);
        LogRefusals(outcome);
        if (!outcome.Up)
            _runtime.FailureLogs.Write(_job.FailureLogFile, _job.Name, _target.UrlText, outcome.Error);
        if (outcome.Error != _loggedError)
        {
            if (outcome.Up)
                _log.Info("Target {Url} of job {Job} is up again", _target.UrlText, _job.Name);
            else
                _log.Debug("Scrape of {Url} of job {Job} failed: {Error}", _target.UrlText, _job.Name, outcome.Error);
            _loggedError = outcome.Error;
        }
        Become(_whileStoring);
        Store(outcome.Batches);
    }

    /// <summary>Once when it begins and once when it has ended; the API lists what is refused meanwhile.</summary>
    private void LogRefusals(ScrapeOutcome outcome)
    {
        if (outcome.Refusal is { } refusal && !_refusing)
            _log.Warning("{Count} samples of {Url} were left out: {Refusal}", outcome.Counters.SeriesRefused, _target.UrlText, refusal.Text);
        else if (_refusing && outcome.Up && outcome.Counters.SeriesRefused == 0)
            _log.Info("No series of {Url} is refused any more", _target.UrlText);
        if (outcome.Up)
            _refusing = outcome.Counters.SeriesRefused > 0;
    }

    private void OnIngested(Ingested ingested)
    {
        string? setAside = null;
        List<SampleBatch>? again = null;
        for (var i = 0; i < ingested.Results.Count; i++)
        {
            var (batch, result) = (_storing[i], ingested.Results[i]);
            switch (result.Outcome)
            {
                case BatchOutcome.Accepted:
                    _scraper.Confirm(batch, true);
                    break;
                case BatchOutcome.UnknownLayout:
                    // The partition lost the layout (another copy, damaged files): the samples go again with their labels, the next scrape registers a new layout.
                    (again ??= []).Add(_scraper.ToLoose(batch));
                    _scraper.ResetLayout(batch.Partition);
                    break;
                case BatchOutcome.SetAside:
                    setAside = result.Error;
                    break;
                default:
                    _scraper.Confirm(batch, false);
                    _log.Warning("Samples of {Url} at {Time} were not stored: {Error}", _target.UrlText, _last, result.Error);
                    _runtime.Metrics.NotStored();
                    break;
            }
            batch.Release();
        }
        // What it scrapes crashes a partition: the back-off keeps that seldom, and the next scrape begins with a fresh layout.
        if (setAside is not null)
            throw new BatchSetAsideException(_target.UrlText, setAside);
        if (again is null)
            Settle();
        else
            Store(again);
    }

    private void Store(IReadOnlyList<SampleBatch> batches)
    {
        _storing = batches;
        Arm(StoreTimeout);
        _ingest.Tell(new Ingest(++_correlation, batches));
    }

    private void OnStoreTimeout()
    {
        // The batches stay with the link, which goes on trying; only their registrations count as unconfirmed, so the next scrape repeats them.
        _log.Warning("No acknowledgement for the samples of {Url} within {Timeout}", _target.UrlText, StoreTimeout);
        foreach (var batch in _storing)
            _scraper.Confirm(batch, false);
        _runtime.Metrics.NotStored();
        Settle();
    }

    private void Settle()
    {
        _storing = [];
        if (_ending)
        {
            BeginEnding();
            return;
        }
        Become(_waiting);
        if (_reconfigure is { } reconfigure)
        {
            _reconfigure = null;
            Apply(reconfigure);
        }
        else
        {
            WaitForNextSlot();
        }
    }

    private void BeginEnding()
    {
        _runtime.Board.Remove(Self);
        if (_trail.Scraper is null)
        {
            Context.Stop(Self);
            return;
        }
        var (staleAt, writeAt) = _schedule.EndOfTarget(_trail.Last);
        _staleAt = staleAt;
        Become(_whileEnding);
        Arm(TimeSpan.FromMilliseconds(Math.Max(1, writeAt.Value - Now().Value)));
    }

    /// <summary>The series end at the first slot that was missed. Nobody waits for these batches: if they are refused, the lookback delta ends the series.</summary>
    private void WriteEnd()
    {
        _ingest.Tell(new Ingest(0, _trail.Scraper!.EndOfTarget(_staleAt)), ActorRefs.NoSender);
        _runtime.Churn?.Ended(_job.Name, _trail.Scraper.EndedWithTarget);
        Context.Stop(Self);
    }

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

    /// <summary>How a scrape ended: with an outcome, or by what it should not have thrown.</summary>
    private sealed record Scraped(ScrapeOutcome? Outcome, Exception? Failure) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    /// <summary>Told by the shard: the job has another configuration, the target (same URL and labels) another interval, or there is another forced error. The cache is kept where it stays true.</summary>
    public sealed record Reconfigure(ScrapeJob Job, ScrapeTarget Target, string ForcedError) : INoSerializationVerificationNeeded;

    /// <summary>Told by the shard: the target is gone for good; its series end.</summary>
    public sealed class End : INoSerializationVerificationNeeded
    {
        public static readonly End Instance = new();
    }
}

/// <summary>The scraper of a target threw something it should not: a bug. The supervisor starts the target's actor anew.</summary>
public sealed class ScraperFailedException(string url, Exception inner) : Exception($"scraping {url} failed unexpectedly: {inner.Message}", inner);

/// <summary>A partition crashed at a batch of the target each time it was written. The supervisor starts the target's actor anew after a back-off.</summary>
public sealed class BatchSetAsideException(string url, string error) : Exception($"samples of {url} cannot be stored: {error}");

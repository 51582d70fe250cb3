using ActorMon.Actors.Dispatch;
using ActorMon.Model.Samples;
using ActorMon.Model.Time;
using ActorMon.Scraping;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Actors.Scraping;

/// <summary>A scrape, from the slot to what is noted of how it ended.</summary>
public sealed partial class TargetActor
{
    /// <summary>Samples about each scrape: up and its like.</summary>
    private const int ReportSamples = 5;

    // Milliseconds since 1970; 0: none was started yet.
    private long _lastStarted;
    private string _loggedError = "";
    private bool _refusing;

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

    /// <summary>How a scrape ended: with an outcome, or by what it should not have thrown.</summary>
    private sealed record Scraped(ScrapeOutcome? Outcome, Exception? Failure) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}

/// <summary>The scraper of a target threw something it should not: a bug. The supervisor starts the target's actor anew.</summary>
public sealed class ScraperFailedException(string url, Exception inner) : Exception($"scraping {url} failed unexpectedly: {inner.Message}", inner);

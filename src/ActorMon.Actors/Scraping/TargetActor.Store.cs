using ActorMon.Model.Ingest;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Scraping;

/// <summary>What a scrape brought, on its way into the storage.</summary>
public sealed partial class TargetActor
{
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(30);

    private IReadOnlyList<SampleBatch> _storing = [];
    private long _correlation;

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
}

/// <summary>A partition crashed at a batch of the target each time it was written. The supervisor starts the target's actor anew after a back-off.</summary>
public sealed class BatchSetAsideException(string url, string error) : Exception($"samples of {url} cannot be stored: {error}");

using ActorMon.Model.Samples;
using Akka.Actor;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Scraping;

/// <summary>How the series of a target that is gone end.</summary>
public sealed partial class TargetActor
{
    private TimestampMs _staleAt;

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
}

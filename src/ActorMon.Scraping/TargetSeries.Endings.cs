using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Scraping;

/// <summary>Stale markers of series that no layout can end: loose ones, those of a layout that was left, those of another owner.</summary>
internal sealed partial class TargetSeries
{
    private void EndMissing(TimestampMs time, bool failed)
    {
        if (_hasOrphans)
            EndOrphans(time, failed);
        for (var row = 0; row < Loose.Count; row++)
        {
            ref var loose = ref Loose[row];
            if (!loose.Live || (!failed && loose.LastScrape == Cache.Scrape))
                continue;
            loose.Live = false;
            End(loose.Output, loose.Labels, time);
        }
        if (_adopted is null)
            return;
        foreach (var (hash, labels) in _adopted)
            if (failed || !(Outputs[OutputFor(labels)].Layout.IsPresent(hash) || Loose.WasSeen(labels, Cache.Scrape)))
                End(OutputFor(labels), labels, time);
        _adopted = null;
    }

    private void EndOrphans(TimestampMs time, bool failed)
    {
        for (var entry = 0; entry < Cache.Count; entry++)
        {
            ref var cached = ref Cache[entry];
            if (!cached.Orphan)
                continue;
            cached.Orphan = false;
            if ((failed || cached.LastScrape != Cache.Scrape) && LabelsOfEntry(entry) is { } labels)
                End(cached.Output, labels, time);
        }
        _hasOrphans = false;
    }

    private void End(short output, LabelSet labels, TimestampMs time)
    {
        Ended++;
        Outputs[output].Loose.Add(new LooseSample(labels, time, SpecialValues.StaleNaN));
    }
}

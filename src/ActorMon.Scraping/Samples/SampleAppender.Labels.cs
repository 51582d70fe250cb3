using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Scraping.Caching;

namespace ActorMon.Scraping.Samples;

/// <summary>Labels of series that the cache does not know: rules and checks of the job.</summary>
internal sealed partial class SampleAppender
{
    private string Resolve(ref SeriesEntry entry)
    {
        var error = ReadLabels(out var kept);
        if (error.Length > 0)
            return error;
        entry.Type = _type;
        entry.Kind = kept ? EntryKind.Kept : EntryKind.Dropped;
        if (kept)
            entry.Output = _series.OutputFor(_labels!);
        return "";
    }

    /// <summary>Labels of the series at hand, read again if the cache had it.</summary>
    private LabelSet Labels()
    {
        if (_labels is not null)
            return _labels;
        _parser.ReadLabels(_builder);
        _rules.Apply(_builder, _parser.SeriesKey);
        return _labels = _builder.Build();
    }

    /// <summary>
    /// Whether limits of active series leave room for one that has no place yet. A refused sample counts as scraped, as left by relabelling and against sample_limit, and
    /// the scrape is up, as with the peer when its storage refuses a sample; it is not counted as a series added.
    /// </summary>
    private bool IsAdmitted(ref SeriesEntry entry)
    {
        if (!entry.IsRefused(_series.AdmissionGeneration))
        {
            if (_series.Admit(Labels()) is not { } refusal)
                return true;
            Refusal = refusal;
            entry.Refuse(_series.AdmissionGeneration);
        }
        _counters.SeriesRefused++;
        return false;
    }

    private string ReadLabels(out bool kept)
    {
        _parser.ReadLabels(_builder);
        kept = _rules.Apply(_builder, _parser.SeriesKey);
        if (!kept)
            return "";
        _labels = _builder.Build();
        if (!_labels.Has(LabelNames.MetricName))
            return "missing metric name (__name__ label)";
        if (!NameValidator.IsValid(_labels, _names))
            return $"invalid metric name or label names: {_labels}";
        var error = _labelLimits.Check(_labels);
        _counters.LabelLimitExceeded |= error.Length > 0;
        return error;
    }
}

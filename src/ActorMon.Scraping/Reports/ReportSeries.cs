using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;

namespace ActorMon.Scraping.Reports;

/// <summary>What every scrape reports of itself; the order is that of <see cref="ReportSeries.All"/>.</summary>
internal readonly record struct ReportValues(
    double Up, double DurationSeconds, double Scraped, double PostRelabelling, double SeriesAdded, double TimeoutSeconds, double SampleLimit, double BodyBytes)
{
    public double this[int index] => index switch
    {
        0 => Up,
        1 => DurationSeconds,
        2 => Scraped,
        3 => PostRelabelling,
        4 => SeriesAdded,
        5 => TimeoutSeconds,
        6 => SampleLimit,
        _ => BodyBytes,
    };
}

/// <summary>
/// The series that a scraper adds to those of its target: up, scrape_duration_seconds and so on. They carry the target's labels, pass no relabelling and count in no limit.
/// </summary>
public static class ReportSeries
{
    /// <summary>Without extra_scrape_metrics only the first five are written.</summary>
    public const int Ordinary = 5;

    public static readonly FamilyMetadata[] All =
    [
        Gauge("up", "1 when the last scrape of the target succeeded, 0 when it failed.", "targets"),
        Gauge("scrape_duration_seconds", "Time the last scrape took.", "seconds"),
        Gauge("scrape_samples_scraped", "Samples the target exposed at the last scrape.", "samples"),
        Gauge("scrape_samples_post_metric_relabeling", "Samples of the last scrape that metric relabelling left.", "samples"),
        Gauge("scrape_series_added", "Series of the last scrape that were not there before.", "series"),
        Gauge("scrape_timeout_seconds", "Timeout of the target's scrapes.", "seconds"),
        Gauge("scrape_sample_limit", "Sample limit of the target's scrapes, 0 when there is none.", "samples"),
        Gauge("scrape_body_size_bytes", "Uncompressed body of the last scrape; -1 when it was over the limit, 0 when the scrape failed otherwise.", "bytes"),
    ];

    /// <summary>True for what a scraper says of its own series; a target that exposes a family of the same name says something else of it.</summary>
    public static bool IsOwn(string family, MetricMetadata metadata)
    {
        foreach (var own in All)
            if (own.Family == family)
                return own.Metadata == metadata;
        return false;
    }

    /// <summary>Labels of one report series. A target label exported_x beside x is left out, as with the peer.</summary>
    public static LabelSet LabelsOf(int index, LabelSet target)
    {
        var labels = new LabelSetBuilder();
        labels.Set(LabelNames.MetricName, All[index].Family);
        foreach (ref readonly var label in target.AsSpan())
        {
            labels.Remove(LabelNames.ExportedPrefix + label.Name);
            labels.Set(label.Name, label.Value);
        }
        return labels.Build();
    }

    private static FamilyMetadata Gauge(string name, string help, string unit) => new(name, new MetricMetadata(MetricType.Gauge, help, unit));
}

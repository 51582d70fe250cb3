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
internal static class ReportSeries
{
    /// <summary>Without extra_scrape_metrics only the first five are written.</summary>
    public const int Ordinary = 5;

    public static readonly FamilyMetadata[] All =
    [
        Gauge("up", "Health of the scrape target. 1 means the target is healthy, 0 if the scrape failed.", "targets"),
        Gauge("scrape_duration_seconds", "Duration of the last scrape in seconds.", "seconds"),
        Gauge("scrape_samples_scraped", "Number of samples last scraped.", "samples"),
        Gauge("scrape_samples_post_metric_relabeling", "Number of samples remaining after metric relabeling was applied.", "samples"),
        Gauge("scrape_series_added", "Number of series in the last scrape.", "series"),
        Gauge("scrape_timeout_seconds", "The configured scrape timeout for a target.", "seconds"),
        Gauge("scrape_sample_limit", "The configured sample limit for a target. Returns zero if there is no limit configured.", "samples"),
        Gauge("scrape_body_size_bytes",
            "The uncompressed size of the last scrape response, if successful. Scrapes failing because body_size_limit is exceeded report -1, other scrape failures report 0.",
            "bytes"),
    ];

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

using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Telemetry;
using ActorMon.Scraping;

namespace ActorMon.Actors.Scraping;

/// <summary>Scrape metrics under the original's names, fed by the outcome of every scrape of this node.</summary>
public sealed class ScrapeMetrics(MetricRegistry registry, TimeProvider time)
{
    private static readonly double[] Quantiles = [0.01, 0.05, 0.5, 0.9, 0.99];

    private readonly Labelled<QuantileSummary> _intervals = registry.Summaries(
        "prometheus_target_interval_length_seconds", "Actual intervals between scrapes.", time, Quantiles, "interval");
    private readonly Counter _sampleLimit = registry.Counter(
        "prometheus_target_scrapes_exceeded_sample_limit_total", "Total number of scrapes that hit the sample limit and were rejected.");
    private readonly Counter _bodyLimit = registry.Counter(
        "prometheus_target_scrapes_exceeded_body_size_limit_total", "Total number of scrapes that hit the body size limit.");
    private readonly Counter _bucketLimit = ShownOnceUsed(
        registry, "prometheus_target_scrapes_exceeded_native_histogram_bucket_limit_total", "Total number of scrapes that hit the native histogram bucket limit.");
    private readonly Counter _labelLimits = registry.Counter(
        "prometheus_target_scrape_pool_exceeded_label_limits_total", "Total number of times scrape pools hit the label limits.");
    private readonly Counter _duplicates = registry.Counter(
        "prometheus_target_scrapes_sample_duplicate_timestamp_total", "Total number of samples rejected due to duplicate timestamps but different values.");
    private readonly Counter _outOfOrder = registry.Counter(
        "prometheus_target_scrapes_sample_out_of_order_total", "Total number of samples rejected due to not being out of the expected order.");
    private readonly Counter _outOfBounds = registry.Counter(
        "prometheus_target_scrapes_sample_out_of_bounds_total", "Total number of samples rejected due to timestamp falling outside of the time bounds.");
    private readonly Counter _exemplarsOutOfOrder = registry.Counter(
        "prometheus_target_scrapes_exemplar_out_of_order_total", "Total number of exemplar rejected due to not being out of the expected order.");
    private readonly Counter _cacheFlushes = registry.Counter(
        "prometheus_target_scrapes_cache_flush_forced_total", "How many times a scrape cache was flushed due to getting big while scrapes are failing.");
    private readonly Counter _seriesRefused = registry.Counter(
        "actormon_scrape_samples_refused_total", "Samples left out of scrapes because their series is new and a limit of active series is reached.");
    private readonly Counter _samplesLost = registry.Counter(
        "actormon_scrapes_not_stored_total", "Scrapes whose samples the storage did not take in time.");

    /// <summary>What the node counts of all its ways in; scrapes do not tell types apart.</summary>
    public RefusedSamples Refused { get; init; } = new(new MetricRegistry());

    public Labelled<Gauge> PoolTargets { get; } = registry.Gauges("prometheus_target_scrape_pool_targets", "Current number of targets in this scrape pool.", "scrape_job");

    public Labelled<Counter> PoolSyncs { get; } = registry.Counters(
        "prometheus_target_scrape_pool_sync_total", "Total number of syncs that were executed on a scrape pool.", "scrape_job");

    public Labelled<Counter> SyncFailures { get; } = registry.Counters(
        "prometheus_target_sync_failed_total", "Total number of target sync failures.", "scrape_job");

    public Labelled<QuantileSummary> SyncLength { get; } = registry.Summaries(
        "prometheus_target_sync_length_seconds", "Actual interval to sync the scrape pool.", time, Quantiles, "scrape_job");

    public Counter TargetLimitExceeded { get; } = registry.Counter(
        "prometheus_target_scrape_pool_exceeded_target_limit_total", "Total number of times scrape pools hit the target limit, during sync or config reload.");

    public Labelled<Gauge> PoolTargetLimit { get; } = registry.Gauges(
        "prometheus_target_scrape_pool_target_limit", "Maximum number of targets allowed in this scrape pool.", "scrape_job");

    public Counter TargetRestarts { get; } = registry.Counter("actormon_target_actor_restarts_total", "Times a target's actor crashed and was started again.");

    public void ObserveInterval(string interval, TimeSpan actual) => _intervals.With(interval).Observe(actual.TotalSeconds);

    public void NotStored() => _samplesLost.Add();

    public void Observe(ScrapeCounters counters)
    {
        // Nearly every scrape has nothing to count: one comparison for all.
        if (counters == default)
            return;
        Add(_duplicates, counters.Duplicates);
        Add(_outOfOrder, counters.OutOfOrder);
        Add(_outOfBounds, counters.OutOfBounds);
        Refused.OutOfOrder(isHistogram: false, counters.OutOfOrder);
        Refused.OutOfBound(isHistogram: false, counters.OutOfBounds);
        Add(_exemplarsOutOfOrder, counters.ExemplarsOutOfOrder);
        Add(_seriesRefused, counters.SeriesRefused);
        Add(_sampleLimit, counters.SampleLimitExceeded ? 1 : 0);
        Add(_labelLimits, counters.LabelLimitExceeded ? 1 : 0);
        Add(_bucketLimit, counters.BucketLimitExceeded ? 1 : 0);
        Add(_bodyLimit, counters.BodySizeLimitExceeded ? 1 : 0);
        Add(_cacheFlushes, counters.CacheFlushed ? 1 : 0);
    }

    /// <summary>The original's name holds the word of a metric type, which its own linter complains of; so the family is not on the page until it says something.</summary>
    private static Counter ShownOnceUsed(MetricRegistry registry, string name, string help)
    {
        var counter = new Counter();
        registry.Add(name, help, MetricType.Counter, () => counter.Value > 0 ? [new SelfMetric(LabelSet.Empty, counter.Value)] : []);
        return counter;
    }

    private static void Add(Counter counter, int count)
    {
        if (count > 0)
            counter.Add(count);
    }
}

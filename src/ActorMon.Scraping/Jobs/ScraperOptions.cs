using ActorMon.Model.Ingest;

namespace ActorMon.Scraping.Jobs;

/// <summary>What every scraper of a node shares: limits that protect the node and the feature switches of the peer.</summary>
public sealed record ScraperOptions
{
    /// <summary>P, the number of partitions of the cluster, a power of two.</summary>
    public required int Partitions { get; init; }

    /// <summary>Uncompressed bytes of one body that this node reads at most, whatever a job says (--scrape.max-body-size).</summary>
    public long MaxBodyBytes { get; init; } = 256L << 20;

    /// <summary>How far behind a series' newest sample an exposed timestamp may lie (storage.tsdb.out_of_order_time_window); 0: not at all.</summary>
    public TimeSpan OutOfOrderWindow { get; init; }

    /// <summary>How far ahead of now an exposed timestamp may lie.</summary>
    public TimeSpan MaxAhead { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A zero sample is written at a counter's start timestamp (created-timestamp-zero-ingestion).</summary>
    public bool StartTimestampZeroSamples { get; init; }

    /// <summary>__type__ and __unit__ become labels (type-and-unit-labels).</summary>
    public bool TypeAndUnitLabels { get; init; }

    /// <summary>The three extra report series for every job (extra-scrape-metrics).</summary>
    public bool ExtraScrapeMetrics { get; init; }

    /// <summary>Exemplars are read and handed on (exemplar-storage).</summary>
    public bool Exemplars { get; init; } = true;

    /// <summary>Asked for every series that the target's layouts do not have yet.</summary>
    public ISeriesAdmission Admission { get; init; } = OpenAdmission.Instance;

    /// <summary>The User-Agent header.</summary>
    public string UserAgent { get; init; } = "ActorMon/0.1.0";
}

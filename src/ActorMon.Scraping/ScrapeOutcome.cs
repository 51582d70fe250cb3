using ActorMon.Model.Ingest;
using ActorMon.Model.Samples;

namespace ActorMon.Scraping;

/// <summary>How often something was left out or refused in one scrape.</summary>
public record struct ScrapeCounters
{
    /// <summary>Samples of a series and time that was there already, with another value.</summary>
    public int Duplicates { get; set; }
    public int OutOfOrder { get; set; }

    /// <summary>Samples too far in the future.</summary>
    public int OutOfBounds { get; set; }
    public int ExemplarsOutOfOrder { get; set; }

    /// <summary>Samples of new series that a limit of active series keeps out.</summary>
    public int SeriesRefused { get; set; }
    public bool SampleLimitExceeded { get; set; }
    public bool LabelLimitExceeded { get; set; }
    public bool BucketLimitExceeded { get; set; }
    public bool BodySizeLimitExceeded { get; set; }
    public bool CacheFlushed { get; set; }
}

/// <summary>One finished scrape: what to store and what to show. Also a failed scrape has batches: the target's series end and up is 0.</summary>
public sealed class ScrapeOutcome
{
    /// <summary>Timestamp of every sample without its own.</summary>
    public required TimestampMs Timestamp { get; init; }

    /// <summary>"" on success, else why not, as the peer words it.</summary>
    public required string Error { get; init; }

    public bool Up => Error.Length == 0;

    /// <summary>From the request to the built batches.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Samples exposed.</summary>
    public required int SamplesScraped { get; init; }

    /// <summary>Samples left after metric relabelling.</summary>
    public required int SamplesPostRelabelling { get; init; }

    /// <summary>Series that the scrape before did not have.</summary>
    public required int SeriesAdded { get; init; }

    /// <summary>Series that the target no longer has; 0 for a failed scrape, whose series end only until the next one.</summary>
    public required int SeriesEnded { get; init; }

    /// <summary>Not null: why series were newly refused; those that <see cref="ScrapeCounters.SeriesRefused"/> counts may have been refused before.</summary>
    public SeriesRefusal? Refusal { get; init; }

    /// <summary>Uncompressed; -1: over the limit, 0: failed otherwise.</summary>
    public required long BodyBytes { get; init; }

    public required ScrapeCounters Counters { get; init; }

    /// <summary>A remark on a successful scrape (a fallback protocol was used), or "".</summary>
    public string Warning { get; init; } = "";

    /// <summary>One for each partition touched, normally one; the receiver owns them and calls Release on each.</summary>
    public required IReadOnlyList<SampleBatch> Batches { get; init; }
}

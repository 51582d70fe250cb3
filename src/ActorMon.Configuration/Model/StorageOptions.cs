using ActorMon.Http.Options;

namespace ActorMon.Configuration.Model;

/// <summary>The storage section; values a running server takes over at reload.</summary>
public sealed record StorageOptions
{
    public const long DefaultMaxExemplars = 100_000;

    /// <summary>How far behind the newest sample of its series a sample may lie; zero: not at all.</summary>
    public TimeSpan OutOfOrderTimeWindow { get; init; }

    /// <summary>Share of stale series in the head, 0 to 1, that starts their compaction; 0: off.</summary>
    public double StaleSeriesCompactionThreshold { get; init; }

    /// <summary>"xor", "xor2", or "" for the server's choice.</summary>
    public string FloatChunkEncoding { get; init; } = "";

    /// <summary>Null: not configured, the flag or 15 days decide. Zero: by time nothing is deleted.</summary>
    public TimeSpan? RetentionTime { get; init; }

    /// <summary>Bytes; 0: off.</summary>
    public long RetentionSize { get; init; }

    /// <summary>Of the disk, 0 to 100; 0: off.</summary>
    public double RetentionPercentage { get; init; }

    /// <summary>Exemplars kept in memory; 0 or less: none.</summary>
    public long MaxExemplars { get; init; } = DefaultMaxExemplars;
}

/// <summary>Where own traces are sent.</summary>
public sealed record TracingOptions
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    public required string Endpoint { get; init; }

    /// <summary>OTLP over HTTP, else over gRPC.</summary>
    public bool Http { get; init; }

    /// <summary>0 to 1.</summary>
    public double SamplingFraction { get; init; }
    public bool Insecure { get; init; }
    public TlsOptions Tls { get; init; } = TlsOptions.Default;
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
    public bool Gzip { get; init; }
    public TimeSpan Timeout { get; init; } = DefaultTimeout;
}

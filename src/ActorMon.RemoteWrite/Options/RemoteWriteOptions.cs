using ActorMon.Http.Options;
using ActorMon.Model.Relabelling;

namespace ActorMon.RemoteWrite.Options;

public enum RemoteWriteMessage : byte
{
    /// <summary>prometheus.WriteRequest, version 1.</summary>
    WriteRequest,

    /// <summary>io.prometheus.write.v2.Request, version 2.</summary>
    Request2,
}

/// <summary>One remote_write entry, validated, with its defaults.</summary>
public sealed record RemoteWriteOptions
{
    public required Uri Url { get; init; }

    /// <summary>Unique; "" when none was given.</summary>
    public string Name { get; init; } = "";
    public RemoteWriteMessage Message { get; init; } = RemoteWriteMessage.WriteRequest;
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Extra request headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Applied after external labels were added.</summary>
    public IReadOnlyList<RelabelRule> RelabelRules { get; init; } = [];
    public bool SendExemplars { get; init; }
    public bool SendNativeHistograms { get; init; }
    public bool RoundRobinDns { get; init; }
    public bool LogFailedRequests { get; init; }
    public HttpClientOptions Http { get; init; } = new() { EnableHttp2 = false };
    public RemoteQueueOptions Queue { get; init; } = new();
    public RemoteMetadataOptions Metadata { get; init; } = new();

    /// <summary>sigv4, azuread or google_iam: validated but not served by this version.</summary>
    public CloudAuthOptions? CloudAuth { get; init; }
}

/// <summary>The queue in front of one remote write endpoint.</summary>
public sealed record RemoteQueueOptions
{
    /// <summary>Samples buffered per shard.</summary>
    public int Capacity { get; init; } = 10_000;
    public int MaxShards { get; init; } = 50;
    public int MinShards { get; init; } = 1;
    public int MaxSamplesPerSend { get; init; } = 2_000;

    /// <summary>A batch that is not full is sent after this long.</summary>
    public TimeSpan BatchSendDeadline { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(30);
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(5);
    public bool RetryOnRateLimit { get; init; }

    /// <summary>Older samples are dropped; zero: never.</summary>
    public TimeSpan SampleAgeLimit { get; init; }
}

public sealed record RemoteMetadataOptions
{
    public bool Send { get; init; } = true;
    public TimeSpan SendInterval { get; init; } = TimeSpan.FromMinutes(1);
    public int MaxSamplesPerSend { get; init; } = 2_000;
}

/// <summary>An authentication scheme of a cloud, by the name of its key, and its validated keys.</summary>
public sealed record CloudAuthOptions(string Name, IReadOnlyDictionary<string, object?> Options);

/// <summary>One remote_read entry, validated, with its defaults.</summary>
public sealed record RemoteReadOptions
{
    public required Uri Url { get; init; }

    /// <summary>Unique; "" when none was given.</summary>
    public string Name { get; init; } = "";
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Largest frame of a streamed answer, in bytes.</summary>
    public long ChunkedReadLimit { get; init; } = 50_000_000;
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Ask the endpoint also for times that local storage holds completely.</summary>
    public bool ReadRecent { get; init; }

    /// <summary>Equality matchers a selector must have for the endpoint to be asked.</summary>
    public IReadOnlyDictionary<string, string> RequiredMatchers { get; init; } = new Dictionary<string, string>();
    public bool FilterExternalLabels { get; init; } = true;
    public HttpClientOptions Http { get; init; } = HttpClientOptions.Default;
}

public enum OtlpTranslation : byte
{
    UnderscoreEscapingWithSuffixes,
    NoUtf8EscapingWithSuffixes,
    UnderscoreEscapingWithoutSuffixes,
    NoTranslation,
}

/// <summary>How samples received by OTLP become series.</summary>
public sealed record OtlpOptions
{
    public IReadOnlyList<string> PromoteResourceAttributes { get; init; } = [];
    public bool PromoteAllResourceAttributes { get; init; }

    /// <summary>Left out when all are promoted.</summary>
    public IReadOnlyList<string> IgnoreResourceAttributes { get; init; } = [];
    public OtlpTranslation Translation { get; init; } = OtlpTranslation.UnderscoreEscapingWithSuffixes;
    public bool KeepIdentifyingResourceAttributes { get; init; }
    public bool ConvertHistogramsToNhcb { get; init; }
    public bool PromoteScopeMetadata { get; init; }
    public bool LabelNameUnderscoreSanitization { get; init; } = true;
    public bool LabelNamePreserveMultipleUnderscores { get; init; } = true;
}

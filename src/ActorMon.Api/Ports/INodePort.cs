using ActorMon.Model.Labels;

namespace ActorMon.Api.Ports;

/// <summary>What a running node says of itself and what may be asked of it.</summary>
public interface INodePort
{
    /// <summary>Every partition answers and scraping is set up.</summary>
    bool IsReady { get; }

    bool IsStopping { get; }

    /// <summary>Loads the configuration again, all or nothing. Null: done; else what is wrong.</summary>
    Task<string?> ReloadAsync(CancellationToken cancellation);

    /// <summary>Asks for a graceful stop. False: one is under way. Null: there is no such kind.</summary>
    /// <param name="how">What the node hands over first: hand-over, restart, or "" for its setting.</param>
    bool? RequestQuit(string how);

    /// <summary>The configuration as it is in effect, secrets hidden.</summary>
    string ConfigYaml { get; }

    /// <summary>The configuration of one scrape pool, or null when there is none of that name.</summary>
    string? PoolYaml(string pool);

    IEnumerable<KeyValuePair<string, string>> Flags { get; }

    RuntimeStatus Runtime();

    BuildStatus Build { get; }

    /// <summary>Partitions whose logs are read already, of all; asked before the node is ready.</summary>
    ReplayStatus Replay { get; }
}

/// <summary>Progress of reading the logs at start, in partitions.</summary>
public sealed record ReplayStatus(int Done, int All);

public sealed record RuntimeStatus(
    DateTimeOffset StartTime, string WorkingDirectory, string HostName, DateTimeOffset ServerTime, bool ReloadSuccessful, DateTimeOffset LastReload,
    long Corruptions, int Threads, int Processors, long MemoryLimit, string Retention);

public sealed record BuildStatus(string Version, string Revision, string Branch, string User, string Date, string Runtime);

/// <summary>Settings of the API that come from flags.</summary>
public sealed record ApiSettings
{
    /// <summary>Path prefix of every route, "" or like /prometheus; no trailing slash.</summary>
    public string RoutePrefix { get; init; } = "";
    public string PageTitle { get; init; } = "ActorMon";
    public bool EnableLifecycle { get; init; }

    /// <summary>The search endpoints answer.</summary>
    public bool EnableSearch { get; init; }

    /// <summary>A read that lacks data is an error unless the request says partial_response=warn; else it is an answer with warnings unless it says deny.</summary>
    public bool DenyPartial { get; init; }

    /// <summary>Largest limit of a search; 0: none.</summary>
    public int MaxSearchLimit { get; init; } = 10_000;

    /// <summary>Samples of one remote read that is not streamed; 0: no limit.</summary>
    public long ReadSampleLimit { get; init; } = 50_000_000;

    /// <summary>Remote reads at once; others wait.</summary>
    public int ReadConcurrency { get; init; } = 10;

    /// <summary>Bytes of a frame of a streamed remote read, about.</summary>
    public int ReadFrameBytes { get; init; } = 1 << 20;

    /// <summary>How far back a federated sample may lie.</summary>
    public TimeSpan LookbackDelta { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>global.external_labels of the configuration in effect.</summary>
    public Func<LabelSet> ExternalLabels { get; init; } = static () => LabelSet.Empty;

    /// <summary>Directory served under /user, or "".</summary>
    public string UserAssets { get; init; } = "";

    /// <summary>What /api/v1/features tells: category, feature, whether it is on.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>> FeatureList { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, bool>>();
    public bool EnableRemoteWrite { get; init; }

    /// <summary>Deleting, cleaning and snapshots over HTTP.</summary>
    public bool EnableAdmin { get; init; }

    /// <summary>storage.tsdb.out_of_order_time_window of the configuration in effect.</summary>
    public Func<TimeSpan> OutOfOrderWindow { get; init; } = () => TimeSpan.Zero;

    /// <summary>How long samples are kept, by the configuration in effect; older ones are not taken.</summary>
    public Func<TimeSpan> Retention { get; init; } = () => TimeSpan.MaxValue;

    /// <summary>GET requests to the Alertmanager's API at once; 0: the number of processors, at least 8.</summary>
    public int AlertmanagerGetConcurrency { get; init; }

    /// <summary>How long a request to the Alertmanager's API may take; zero: as long as it does.</summary>
    public TimeSpan AlertmanagerTimeout { get; init; }

    /// <summary>Longest body of a request to the Alertmanager's API, in bytes.</summary>
    public int AlertmanagerBodyLimit { get; init; } = 32 << 20;

    /// <summary>Anchored regex of allowed origins; ".*" allows all.</summary>
    public string CorsOrigin { get; init; } = ".*";

    /// <summary>Scheme, host and port under which this node is reached from outside.</summary>
    public required Uri ExternalUrl { get; init; }
    /// <summary>global.evaluation_interval of the configuration in effect: the step of subqueries that name none.</summary>
    public Func<TimeSpan> DefaultEvaluationInterval { get; init; } = () => TimeSpan.FromMinutes(1);
    public PromQL.Parsing.ParserOptions Parser { get; init; } = new();
    public PromQL.Results.QueryFeatures Features { get; init; } = PromQL.Results.QueryFeatures.Default;

    /// <summary>promql-per-step-stats: stats=all also counts samples by step.</summary>
    public bool PerStepStats { get; init; }
}

using ActorMon.Discovery;
using ActorMon.Http.Options;
using ActorMon.Model.Relabelling;
using ActorMon.RemoteWrite.Options;

namespace ActorMon.Configuration.Model;

/// <summary>Where alerts go.</summary>
public sealed record AlertingOptions
{
    /// <summary>Applied to every alert, after external labels were added.</summary>
    public IReadOnlyList<RelabelRule> AlertRelabelRules { get; init; } = [];
    public IReadOnlyList<AlertmanagerOptions> Alertmanagers { get; init; } = [];
}

/// <summary>One group of Alertmanagers, found by discovery; only the API version v2 exists.</summary>
public sealed record AlertmanagerOptions
{
    public string Scheme { get; init; } = "http";

    /// <summary>Goes before /api/v2/alerts.</summary>
    public string PathPrefix { get; init; } = "";
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
    public HttpClientOptions Http { get; init; } = HttpClientOptions.Default;
    public IReadOnlyList<SdConfig> Discovery { get; init; } = [];

    /// <summary>Of the discovered Alertmanagers.</summary>
    public IReadOnlyList<RelabelRule> RelabelRules { get; init; } = [];

    /// <summary>Of alerts on their way to this group.</summary>
    public IReadOnlyList<RelabelRule> AlertRelabelRules { get; init; } = [];
    public CloudAuthOptions? CloudAuth { get; init; }
}

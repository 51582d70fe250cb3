using ActorMon.Http.Options;
using ActorMon.Model.Relabelling;

namespace ActorMon.Notifying.Options;

/// <summary>How alerts go to one group of Alertmanagers; only the API version v2 exists.</summary>
public sealed record AlertmanagerOptions
{
    public string Scheme { get; init; } = "http";

    /// <summary>Goes before /api/v2/alerts.</summary>
    public string PathPrefix { get; init; } = "";

    /// <summary>Of one request, from connecting to the end of the answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
    public HttpClientOptions Http { get; init; } = HttpClientOptions.Default;

    /// <summary>Of the discovered Alertmanagers.</summary>
    public IReadOnlyList<RelabelRule> RelabelRules { get; init; } = [];

    /// <summary>Of alerts on their way to this group.</summary>
    public IReadOnlyList<RelabelRule> AlertRelabelRules { get; init; } = [];
}

using ActorMon.Discovery;
using ActorMon.Http.Options;
using ActorMon.Model.Relabelling;
using ActorMon.Notifying.Options;

namespace ActorMon.Configuration.Model;

/// <summary>Where alerts go.</summary>
public sealed record AlertingOptions
{
    /// <summary>Applied to every alert, after external labels were added.</summary>
    public IReadOnlyList<RelabelRule> AlertRelabelRules { get; init; } = [];
    public IReadOnlyList<ConfiguredAlertmanagers> Alertmanagers { get; init; } = [];
}

/// <summary>One entry of alertmanagers and how its Alertmanagers are found.</summary>
public sealed record ConfiguredAlertmanagers(AlertmanagerOptions Options, IReadOnlyList<SdConfig> Discovery)
{
    public HttpClientOptions Http => Options.Http;
}

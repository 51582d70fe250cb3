namespace ActorMon.Http.Options;

/// <summary>
/// Requests signed with AWS Signature Version 4 (prometheus/sigv4). Without keys they come from the environment (AWS_ACCESS_KEY_ID ...) or the profile's entry of the shared
/// credentials file; a role is assumed with them through the security token service.
/// </summary>
public sealed record SigV4Options
{
    public const string DefaultService = "aps";

    /// <summary>"": that of the environment (AWS_REGION, AWS_DEFAULT_REGION).</summary>
    public string Region { get; init; } = "";
    public string AccessKey { get; init; } = "";
    public string SecretKey { get; init; } = "";

    /// <summary>"": that of the environment (AWS_PROFILE), else "default".</summary>
    public string Profile { get; init; } = "";
    public string RoleArn { get; init; } = "";
    public string ExternalId { get; init; } = "";
    public bool UseFipsStsEndpoint { get; init; }

    /// <summary>The signed service; aps is the managed Prometheus.</summary>
    public string ServiceName { get; init; } = DefaultService;
}

using ActorMon.Http.Files;

namespace ActorMon.Http;

/// <summary>What a client takes from its surroundings: clock, files, environment, and where to dial.</summary>
public sealed record HttpClientContext
{
    public static readonly HttpClientContext Default = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;
    public IFileReader Files { get; init; } = DiskFileReader.Instance;

    /// <summary>Every connection goes to this unix domain socket, whatever host the URL names; no proxy is asked then.</summary>
    public string? UnixSocketPath { get; init; }

    /// <summary>Environment variable -> value or null; read once, when the client is made (proxy_from_environment).</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;
}

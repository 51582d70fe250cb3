using ActorMon.Discovery.Files;

namespace ActorMon.Discovery;

/// <summary>What mechanisms take from their surroundings.</summary>
public sealed record DiscoveryContext
{
    /// <summary>Reads the YAML form of target files; only the room Configuration knows YAML.</summary>
    public required FileSdParser Yaml { get; init; }
    public TimeProvider Time { get; init; } = TimeProvider.System;
    public IFileTree Files { get; init; } = DiskFileTree.Instance;
    public IDirectoryWatch Watch { get; init; } = DiskDirectoryWatch.Instance;
}

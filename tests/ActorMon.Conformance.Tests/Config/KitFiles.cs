using ActorMon.Configuration.Files;
using ActorMon.Configuration.Loading;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Config;

/// <summary>A folder of the kit under the name its files have in the expectations: testdata.</summary>
internal sealed class KitFiles(string folder) : IConfigFiles
{
    private const string Name = "testdata";
    private readonly DiskConfigFiles _disk = new();

    public bool TryRead(string path, out byte[] content, out string error) => _disk.TryRead(Real(path), out content, out error);

    public IReadOnlyList<string> Glob(string pattern) => [.. _disk.Glob(Real(pattern)).Select(p => Name + p[Root.Length..])];

    public bool Exists(string path) => _disk.Exists(Real(path));

    public static ConfigLoadResult Load(string folder, string file, bool agentMode = false, Dictionary<string, string>? environment = null) =>
        PrometheusConfigLoader.Load($"{Name}/{file}", new KitFiles(folder), name => environment?.GetValueOrDefault(name), agentMode);

    private string Root { get; } = ConformanceData.PathOf("config", folder);

    private string Real(string path) => path.StartsWith(Name, StringComparison.Ordinal) ? Root + path[Name.Length..] : path;
}

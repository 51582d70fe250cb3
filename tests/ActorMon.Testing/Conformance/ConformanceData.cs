using System.Text.Json;

namespace ActorMon.Testing.Conformance;

/// <summary>Where the peers' test data lies: the folder shared/conformance beside the project, found by walking up from the test's binaries.</summary>
public static partial class ConformanceData
{
    public static string? Root { get; } = Find();

    public static string PathOf(params string[] parts) => Path.Combine([Root ?? throw new DirectoryNotFoundException("../shared/conformance is absent"), .. parts]);

    public static JsonElement Json(params string[] parts)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(PathOf(parts)));
        return document.RootElement.Clone();
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "conformance");
            if (File.Exists(Path.Combine(candidate, "INDEX.json")))
                return candidate;
        }
        return null;
    }
}

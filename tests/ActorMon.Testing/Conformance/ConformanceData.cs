using System.Text.Json;

namespace ActorMon.Testing.Conformance;

/// <summary>Where the peers' test data lies: the folder shared/conformance beside the project, found by walking up from the test's binaries.</summary>
public static class ConformanceData
{
    public static string? Root { get; } = Find();

    public static string PathOf(params string[] parts) => Path.Combine([Root ?? throw new DirectoryNotFoundException("../shared/conformance is absent"), .. parts]);

    public static JsonElement Json(params string[] parts)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(PathOf(parts)));
        return document.RootElement.Clone();
    }

    /// <summary>A float as the kit writes it: a number, or "NaN", "+Inf", "-Inf".</summary>
    public static double Float(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? element.GetString() switch
        {
            "NaN" => double.NaN,
            "+Inf" or "Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            var text => double.Parse(text!, System.Globalization.CultureInfo.InvariantCulture),
        }
        : element.GetDouble();

    /// <summary>A string as the kit writes it: text, or {"bytes":[..]} when it is not valid UTF-8.</summary>
    public static string Text(JsonElement element) => element.ValueKind == JsonValueKind.Object
        ? Model.Text.ByteText.Decode(element.GetProperty("bytes").EnumerateArray().Select(b => b.GetByte()).ToArray())
        : element.GetString()!;

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

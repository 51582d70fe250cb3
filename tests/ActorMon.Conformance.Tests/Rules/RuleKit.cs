using System.Text;
using System.Text.Json;
using ActorMon.Testing.Conformance;
using ActorMon.Tool;

namespace ActorMon.Conformance.Tests.Rules;

/// <summary>The kit's expectations about rules, and the tool run on its files.</summary>
internal static class RuleKit
{
    public static readonly JsonElement Expected = ConformanceData.Root is null ? default : ConformanceData.Json("rules", "expected.json");

    public static string PathOf(string file) => ConformanceData.PathOf(["rules", .. file.Split('/')]);

    public static async Task<(int Code, string Output, string Errors)> ToolAsync(string input, params IEnumerable<string> arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var code = await ToolProgram.RunAsync([.. arguments], new MemoryStream(Encoding.UTF8.GetBytes(input)), output, errors, TimeProvider.System);
        return (code, output.ToString(), errors.ToString());
    }

    public static string Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString()! : "";

    public static bool Flag(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.GetBoolean();

    public static IEnumerable<string> Texts(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) ? value.EnumerateArray().Select(v => v.GetString()!) : [];
}

using System.Collections;
using System.Text;
using System.Text.Json;
using ActorMon.Configuration.Model;
using ActorMon.RemoteWrite.Options;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Config;

public sealed class ExpectedValuesTests
{
    /// <summary>Names the kit uses for constants of the peers.</summary>
    private static readonly Dictionary<string, object> Constants = new(StringComparer.Ordinal)
    {
        ["$DefaultChunkedReadLimit"] = 50_000_000L,
        ["$relabel.KeepEqual"] = "keepequal",
        ["$relabel.DropEqual"] = "dropequal",
        ["$tls.VersionTLS10"] = "TLS10",
        ["$consul.DefaultSDConfig.RefreshInterval"] = TimeSpan.FromSeconds(30),
        ["$consul.DefaultSDConfig.TagSeparator"] = ",",
        ["$linode.DefaultSDConfig.TagSeparator"] = ",",
        ["$kubernetes.RoleEndpoint"] = "endpoints",
        ["$TracingClientGRPC"] = "grpc",
        ["model.UTF8Validation"] = "utf8",
        ["model.AllowUTF8"] = "allow-utf-8",
    };

    /// <summary>Fields whose key is not their name in snake case.</summary>
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["ServiceTags"] = "tags",
        ["NamespaceDiscovery"] = "namespaces",
        ["APIURL"] = "api_url",
        ["APIServer"] = "api_server",
        ["URL"] = "url",
    };

    [ConformanceFact]
    public void The_large_example_loads_to_the_expected_values()
    {
        var result = KitFiles.Load("good", "conf.good.yml");
        Assert.True(result.IsLoaded, result.ErrorText);
        var view = ConfigView.Config(result.Config);
        var run = new ConformanceRun("config", "expectedValues");
        foreach (var field in ConformanceData.Json("config", "conf.good.expected.json").GetProperty("expected").EnumerateObject())
            if (field.Name == "ScrapeConfigs")
                Jobs(run, field.Value, (IList)view[field.Name]!);
            else
                run.Case(field.Name, () => Equal(field.Value, view[field.Name], field.Name));
        run.Finish();
    }

    [ConformanceFact]
    public void Scrape_configs_resolve_to_the_expected_values()
    {
        var run = new ConformanceRun("config", "resolvedScrapeConfigs");
        foreach (var test in ConformanceData.Json("config", "facts.json").GetProperty("resolvedScrapeConfigs").EnumerateArray())
            run.Case(test.GetProperty("name").GetString()!, () => Resolved(test));
        run.Finish(24);
    }

    [ConformanceFact]
    public void Defaults_are_the_peers()
    {
        var defaults = ConformanceData.Json("config", "defaults.json").GetProperty("defaults");
        var view = new Dictionary<string, object?>
        {
            ["DefaultRemoteWriteConfig"] = ConfigView.Write(new RemoteWriteOptions { Url = new Uri("http://x") }),
            ["DefaultRemoteReadConfig"] = ConfigView.Read(new RemoteReadOptions { Url = new Uri("http://x") }),
            ["DefaultQueueConfig"] = ConfigView.Queue(new RemoteQueueOptions()),
            ["DefaultMetadataConfig"] = ConfigView.Metadata(new RemoteMetadataOptions()),
            ["DefaultExemplarsConfig"] = new Dictionary<string, object?> { ["MaxExemplars"] = new StorageOptions().MaxExemplars },
        };
        foreach (var (name, actual) in view)
            Equal(defaults.GetProperty(name), actual, name);
    }

    private static void Jobs(ConformanceRun run, JsonElement expected, IList actual)
    {
        run.Case("number of jobs", () => Assert.Equal(expected.GetArrayLength(), actual.Count));
        for (var i = 0; i < Math.Min(expected.GetArrayLength(), actual.Count); i++)
        {
            var (want, have) = (expected[i], actual[i]);
            run.Case(want.GetProperty("JobName").GetString()!, () => Equal(want, have, want.GetProperty("JobName").GetString()!));
        }
    }

    private static void Resolved(JsonElement test)
    {
        var file = test.GetProperty("file").GetString()!;
        var result = KitFiles.Load(file.Contains(".bad.", StringComparison.Ordinal) ? "bad" : "good", file);
        if (test.TryGetProperty("errorContains", out var text))
        {
            Assert.Contains(result.Errors, e => e.PeerText.Contains(text.GetString()!, StringComparison.Ordinal));
            return;
        }
        Assert.True(result.IsLoaded, result.ErrorText);
        Equal(test.GetProperty("expectedResult"), result.Config.Jobs.Select(ConfigView.Job).ToList(), file);
    }

    private static void Equal(JsonElement expected, object? actual, string path)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object when expected.TryGetProperty("durationNs", out var nanoseconds):
                Assert.True(actual is TimeSpan span && span.Ticks == nanoseconds.GetInt64() / 100, $"{path}: {actual} instead of {nanoseconds} ns");
                break;
            case JsonValueKind.Object when expected.TryGetProperty("call", out _):
                Assert.Equal("https://localhost:1234", actual);
                break;
            case JsonValueKind.Object when expected.TryGetProperty("op", out _):
                // The only sum of the file: 30 minutes in milliseconds.
                Assert.Equal(30 * 60_000L, actual);
                break;
            case JsonValueKind.Object:
                Fields(expected, actual, path);
                break;
            case JsonValueKind.Array:
                var items = (actual as IEnumerable)?.Cast<object?>().ToList() ?? [];
                Assert.True(expected.GetArrayLength() == items.Count, $"{path}: {items.Count} items instead of {expected.GetArrayLength()}");
                for (var i = 0; i < items.Count; i++)
                    Equal(expected[i], items[i], $"{path}[{i}]");
                break;
            case JsonValueKind.String when expected.GetString()!.StartsWith("$Default", StringComparison.Ordinal) && !Constants.ContainsKey(expected.GetString()!):
                Equal(ConformanceData.Json("config", "defaults.json").GetProperty("defaults").GetProperty(expected.GetString()![1..]), actual, path);
                break;
            case JsonValueKind.String:
                var want = Constants.GetValueOrDefault(expected.GetString()!, expected.GetString()!);
                Assert.True(want.Equals(actual), $"{path}: '{actual}' instead of '{want}'");
                break;
            case JsonValueKind.Number:
                Assert.True(Convert.ToDouble(actual, System.Globalization.CultureInfo.InvariantCulture).Equals(expected.GetDouble()), $"{path}: {actual} instead of {expected}");
                break;
            case JsonValueKind.True or JsonValueKind.False:
                Assert.True(expected.GetBoolean().Equals(actual), $"{path}: {actual} instead of {expected}");
                break;
            case JsonValueKind.Null:
                Assert.True(actual is null, $"{path}: {actual} instead of null");
                break;
        }
    }

    private static void Fields(JsonElement expected, object? actual, string path)
    {
        // An empty section and none are the same in the kit.
        if (actual is null && !expected.EnumerateObject().Any())
            return;
        if (actual is IEnumerable<KeyValuePair<string, string>> texts)
            actual = texts.Select(t => KeyValuePair.Create(t.Key, (object?)t.Value));
        Assert.True(actual is IEnumerable<KeyValuePair<string, object?>>, $"{path}: missing");
        var map = ((IEnumerable<KeyValuePair<string, object?>>)actual!).ToDictionary(p => p.Key, p => p.Value);
        foreach (var field in expected.EnumerateObject())
        {
            if (field.Name == "kind")
            {
                Assert.Contains((string)map["mechanism"]!, field.Value.GetString()!, StringComparison.OrdinalIgnoreCase);
                continue;
            }
            var key = map.ContainsKey(field.Name) ? field.Name
                : Keys.TryGetValue(field.Name, out var irregular) ? irregular
                : field.Name == "Project" && !map.ContainsKey("project") ? "project_id" : Snake(field.Name);
            Assert.True(map.TryGetValue(key, out var value), $"{path}.{field.Name}: no {key}");
            Equal(field.Value, value, $"{path}.{field.Name}");
        }
    }

    private static string Snake(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var starts = i > 0 && char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            text.Append(starts ? "_" : "").Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }
}

using System.Text.Json;
using ActorMon.Host.CommandLine;
using ActorMon.Host.Node;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.HttpApi;

/// <summary>The features of a node started without flags against those of the original, one case for each.</summary>
public sealed class FeatureTests
{
    /// <summary>Categories whose subject is not built yet, and who will.</summary>
    private static readonly Dictionary<string, string> Later = new(StringComparer.Ordinal)
    {
        ["service_discovery_providers"] = "the issues of service discovery",
        ["ui"] = "the issue of the UI",
        ["tsdb"] = "an encoding of Prometheus' own chunks, which this storage does not have",
    };

    [ConformanceFact]
    public void Features_have_the_names_of_the_original_and_tell_what_is_there()
    {
        var run = new ConformanceRun("http-api", "features");
        var flags = ((CommandLineResult.Run)CommandLineParser.Parse([])).Flags;
        var ours = FeatureList.Of(flags, new HashSet<string>(), autoReload: false);
        var data = ConformanceData.Json("http-api", "features.json");
        var theirs = data.TryGetProperty("data", out var inner) ? inner : data;
        var count = 0;
        foreach (var category in theirs.EnumerateObject())
            foreach (var feature in category.Value.EnumerateObject())
            {
                count++;
                var name = $"{category.Name}.{feature.Name}";
                var on = ours.TryGetValue(category.Name, out var known) && known.TryGetValue(feature.Name, out var value) ? value : (bool?)null;
                if (on == false && feature.Value.ValueKind == JsonValueKind.True && Later.TryGetValue(category.Name, out var issue))
                    run.Skip($"{name}: {issue}");
                else
                    run.Case(name, () => Assert.Equal(feature.Value.GetBoolean(), on));
            }
        Assert.Equal(theirs.EnumerateObject().SelectMany(c => c.Value.EnumerateObject(), (c, f) => $"{c.Name}.{f.Name}").Order(StringComparer.Ordinal),
            ours.SelectMany(c => c.Value, (c, f) => $"{c.Key}.{f.Key}").Order(StringComparer.Ordinal));
        run.Finish(count);
    }
}

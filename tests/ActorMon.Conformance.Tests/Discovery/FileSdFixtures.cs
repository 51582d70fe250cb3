using ActorMon.Configuration.Discovery;
using ActorMon.Discovery.Files;
using ActorMon.Model.Labels;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Discovery;

/// <summary>The target files of the peer's own discovery tests.</summary>
public sealed class FileSdFixtures
{
    /// <summary>Target files and what is in them; null: refused.</summary>
    private static readonly Dictionary<string, string[]?> Expected = new()
    {
        ["valid.json"] = ["foo=bar | localhost:9090 example.org:443", " | my.domain"],
        ["valid.yml"] = ["foo=bar | localhost:9090 example.org:443", " | my.domain"],
        ["valid2.yml"] = [" | my.domain", "foo=bar fred=baz | localhost:9090", "scheme=https | example.org:443"],
        ["valid3.yml"] = ["foo=bar | localhost:9090 example.org:443", " | my.domain"],
        ["invalid_nil.json"] = null,
        ["invalid_nil.yml"] = null,
    };

    [ConformanceFact]
    public void Target_files_are_read_or_refused()
    {
        var run = new ConformanceRun("config", "sd/file");
        foreach (var path in Directory.EnumerateFiles(ConformanceData.PathOf("config", "sd", "file")).Order(StringComparer.Ordinal))
            run.Case(Path.GetFileName(path), () =>
            {
                var text = File.ReadAllBytes(path);
                var result = path.EndsWith(".json", StringComparison.Ordinal) ? FileSdJson.Parse(text, path) : FileSdYaml.Parse(text, path);
                if (Expected[Path.GetFileName(path)] is not { } groups)
                {
                    Assert.Equal("nil target group item found", result.Error?.Split(" (")[0]);
                    return;
                }
                Assert.Null(result.Error);
                Assert.Equal(groups, result.Groups.Select(group =>
                    $"{string.Join(' ', group.Labels.Select(label => $"{label.Name}={label.Value}"))} | {string.Join(' ', group.Targets.Select(target => target.Get(LabelNames.Address)))}"));
            });
        run.Finish(6);
    }
}

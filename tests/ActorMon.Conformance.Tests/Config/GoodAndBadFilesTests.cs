using System.Text.Json;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Targets;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Config;

public sealed class GoodAndBadFilesTests
{
    [ConformanceFact]
    public void Good_files_load()
    {
        var run = new ConformanceRun("config", "good");
        var root = ConformanceData.PathOf("config", "good");
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(root, file);
            if (Path.GetExtension(name) != ".yml")
                run.Skip("a rule file that another file names, not a configuration");
            else if (File.ReadAllText(file).Contains("api_version: v1", StringComparison.Ordinal))
                run.Skip("Prometheus refuses the Alertmanager API v1 since 3.0 and none of its tests loads this file");
            else
                run.Case(name, () =>
                {
                    var result = KitFiles.Load("good", name);
                    Assert.True(result.IsLoaded, result.ErrorText);
                });
        }
        run.Finish(69);
    }

    [ConformanceFact]
    public void Bad_files_fail_with_the_peers_texts()
    {
        var run = new ConformanceRun("config", "bad");
        foreach (var file in ConformanceData.Json("config", "expected-errors.json").GetProperty("files").EnumerateObject())
            run.Case(file.Name, () => Refused(file.Name, file.Value));
        run.Finish(149);
    }

    [ConformanceFact]
    public void Files_that_bad_ones_include_load_by_themselves()
    {
        foreach (var file in new[] { "scrape_config_files.good.yml", "scrape_configs/scrape_config_files1.good.yml", "scrape_configs/scrape_config_files2.good.yml" })
            Assert.True(KitFiles.Load("bad", file).IsLoaded, file);
    }

    [ConformanceFact]
    public void Agent_mode_refuses_what_an_agent_has_no_use_for()
    {
        var run = new ConformanceRun("config", "agentMode");
        foreach (var expected in ConformanceData.Json("config", "expected-errors.json").GetProperty("agentModeCasesInGoodFolder").EnumerateArray())
            run.Case(expected.GetProperty("file").GetString()!, () =>
            {
                var result = KitFiles.Load("good", expected.GetProperty("file").GetString()!, expected.GetProperty("agentMode").GetBoolean());
                if (expected.TryGetProperty("errorContains", out var text))
                {
                    Assert.Contains(text.GetString()!, result.ErrorText, StringComparison.Ordinal);
                    return;
                }
                Assert.True(result.IsLoaded, result.ErrorText);
                Assert.Equal(expected.GetProperty("remoteWriteCount").GetInt32(), result.Config.RemoteWrite.Count);
                if (expected.TryGetProperty("remoteWriteUrl", out var url))
                    Assert.Equal(url.GetString(), result.Config.RemoteWrite[0].Url.OriginalString);
            });
        run.Finish(6);
    }

    private static void Refused(string file, JsonElement expected)
    {
        var texts = expected.GetProperty("stage").GetString() == "target-group" ? GroupErrors(file) : LoadErrors(file);
        Assert.NotEmpty(texts);
        foreach (var wanted in expected.GetProperty("errorContains").EnumerateArray())
            Assert.True(texts.Exists(t => t.Contains(wanted.GetString()!, StringComparison.Ordinal)), $"no error has '{wanted}': {string.Join(" | ", texts)}");
    }

    private static List<string> LoadErrors(string file)
    {
        var result = KitFiles.Load("bad", file);
        Assert.False(result.IsLoaded);
        Assert.All(result.Errors, e => Assert.True(e.Line > 0 && e.File.Length > 0, e.ToString()));
        return [.. result.Errors.Select(e => e.PeerText)];
    }

    private static List<string> GroupErrors(string file)
    {
        Assert.True(new DiskConfigFiles().TryRead(ConformanceData.PathOf("config", "bad", file), out var content, out var problem), problem);
        return [.. TargetGroupFile.ReadGroup(file, content).Errors.Select(e => e.PeerText)];
    }
}

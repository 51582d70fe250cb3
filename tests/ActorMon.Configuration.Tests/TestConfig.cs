using ActorMon.Configuration.Files;
using ActorMon.Configuration.Loading;
using ActorMon.Configuration.Model;

namespace ActorMon.Configuration.Tests;

/// <summary>Loads configurations out of memory: the main file is /etc/p/prometheus.yml.</summary>
internal static class TestConfig
{
    public const string Main = "/etc/p/prometheus.yml";

    public static ConfigLoadResult Load(string text, Action<MemoryConfigFiles>? more = null, Dictionary<string, string>? environment = null, bool agent = false)
    {
        var files = new MemoryConfigFiles();
        files.Write(Main, text);
        more?.Invoke(files);
        return PrometheusConfigLoader.Load(Main, files, name => environment?.GetValueOrDefault(name), agent);
    }

    public static PrometheusConfig Good(string text, Action<MemoryConfigFiles>? more = null)
    {
        var result = Load(text, more);
        Assert.True(result.IsLoaded, result.ErrorText);
        return result.Config;
    }

    /// <summary>The errors as "line key: text".</summary>
    public static List<string> Errors(string text, bool agent = false)
    {
        var result = Load(text, agent: agent);
        Assert.False(result.IsLoaded, "it loaded");
        return [.. result.Errors.Select(e => $"{e.Line} {e.Key}: {e.Text}")];
    }

    /// <summary>The errors of one job with these lines added (indented by four).</summary>
    public static List<string> JobErrors(string lines) => Errors(Job(lines));

    public static ConfiguredJob GoodJob(string lines) => Good(Job(lines)).Jobs[0];

    private static string Job(string lines) => "scrape_configs:\n  - job_name: a\n" + string.Join('\n', lines.Split('\n').Select(l => "    " + l)) + "\n";
}

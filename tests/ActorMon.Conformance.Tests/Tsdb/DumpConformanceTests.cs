using System.Globalization;
using System.Text.Json;
using ActorMon.Conformance.Tests.PromQLEngine;
using ActorMon.Testing.Conformance;
using ActorMon.Testing.IO;
using ActorMon.Tool;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Transfer;

namespace ActorMon.Conformance.Tests.Tsdb;

/// <summary>The kit's dumps: samples are brought into a node's directory, the tool prints them.</summary>
public class DumpConformanceTests
{
    [ConformanceFact]
    public void Dumps_the_samples_and_series_that_promtool_dumps()
    {
        var run = new ConformanceRun("tsdb", "dump");
        var kit = ConformanceData.Json("tsdb", "expected.json");
        var dump = kit.GetProperty("dump");
        using var folder = new TempFolder();
        Load(dump.GetProperty("load").GetString()!, folder.File("dump"));
        foreach (var @case in dump.GetProperty("cases").EnumerateArray())
        {
            run.Case(@case.ToString(), () =>
            {
                var arguments = Arguments(@case);
                Assert.Equal(File(@case, "dump"), Tool(["tsdb", "dump", .. arguments, folder.File("dump")]));
                Assert.Equal(File(@case, "series"), Tool(["tsdb", "dump", "--format=seriesjson", .. arguments, folder.File("dump")]));
            });
        }
        run.Case("OpenMetrics", () =>
        {
            var expected = kit.GetProperty("dumpOpenMetrics");
            Load(expected.GetProperty("load").GetString()!, folder.File("openmetrics"));
            Assert.Equal(Lines(File(expected, "dump")), Lines(Tool(["tsdb", "dump-openmetrics", folder.File("openmetrics")])));
        });
        run.Finish(7);
    }

    [ConformanceFact]
    public void Text_that_was_dumped_imported_and_dumped_again_is_the_same()
    {
        var run = new ConformanceRun("tsdb", "roundtrip");
        var text = ConformanceData.PathOf("tsdb", "promtool-dump", "dump-openmetrics-roundtrip-test.prom");
        foreach (var command in (string[][])[["import", "openmetrics"], ["create-blocks-from", "openmetrics"]])
        {
            run.Case(command[0], () =>
            {
                using var folder = new TempFolder();
                Tool(["tsdb", .. command, "--quiet", text, folder.File("data")]);
                Assert.Equal(System.IO.File.ReadAllText(text), Tool(["tsdb", "dump-openmetrics", folder.File("data")]));
            });
        }
        run.Finish(2);
    }

    private static List<string> Arguments(JsonElement @case)
    {
        var arguments = @case.GetProperty("matchers").EnumerateArray().Select(m => "--match=" + m.GetString()).ToList();
        if (@case.TryGetProperty("minTimeMs", out var min))
            arguments.Add("--min-time=" + min.GetInt64().ToString(CultureInfo.InvariantCulture));
        if (@case.TryGetProperty("maxTimeMs", out var max))
            arguments.Add("--max-time=" + max.GetInt64().ToString(CultureInfo.InvariantCulture));
        return arguments;
    }

    private static void Load(string script, string directory)
    {
        using var target = ImportTarget.Open(DiskFiles.Instance, directory, partitions: 4).Target!;
        var collector = new SampleCollector(target, null, 1 << 20, static _ => { });
        foreach (var load in ScriptParser.Parse(script).Cast<LoadCommand>())
            foreach (var series in load.Series)
                for (var i = 0; i < series.Values.Count; i++)
                    if (series.Values[i] is { } value)
                        collector.Add(series.Labels, load.StepMs * i, value.Value);
        collector.Flush();
    }

    private static string File(JsonElement of, string name) => System.IO.File.ReadAllText(ConformanceData.PathOf("tsdb", of.GetProperty(name).GetString()!));

    private static string[] Lines(string text) => [.. text.Split('\n').Order(StringComparer.Ordinal)];

    private static string Tool(string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = ToolProgram.Run(arguments, Stream.Null, output, errors);
        Assert.Equal((0, ""), (code, errors.ToString()));
        return output.ToString();
    }
}

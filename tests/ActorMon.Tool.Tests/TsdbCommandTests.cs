using System.Text;
using ActorMon.Testing.IO;

namespace ActorMon.Tool.Tests;

public sealed class TsdbCommandTests
{
    private const string Page = """
        # TYPE jobs counter
        jobs_total{queue="a"} 1 1700000000
        jobs_total{queue="a"} 2.5 1700000060
        jobs_total{queue="b"} NaN 1700000000.5
        # TYPE size histogram
        size_bucket{le="1"} 3 1700000000
        # EOF

        """;

    private const string Dumped = """
        {__name__="jobs_total", queue="a"} 1 1700000000000
        {__name__="jobs_total", queue="a"} 2.5 1700000060000
        {__name__="jobs_total", queue="b"} NaN 1700000000500
        {__name__="size_bucket", le="1.0"} 3 1700000000000

        """;

    [Fact]
    public void OpenMetrics_text_comes_in_and_out_again()
    {
        using var folder = new TempFolder();
        var (code, output, errors) = Run("tsdb", "import", "openmetrics", folder.Write("page", Page), folder.File("data"));
        Assert.Equal((0, ""), (code, errors));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("PART             MIN TIME       MAX TIME       DURATION     NUM SAMPLES  NUM CHUNKS   NUM SERIES   SIZE", lines[0], StringComparison.Ordinal);
        Assert.Equal(4, lines.Skip(1).Sum(line => int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal((0, Dumped, ""), Run("tsdb", "dump", folder.File("data")));
        Assert.Equal((0, output, ""), Run("tsdb", "list", folder.File("data")));
    }

    [Fact]
    public void Text_longer_than_a_piece_keeps_the_types_of_its_families()
    {
        var text = new StringBuilder("# TYPE size histogram\n");
        for (var i = 0; i < 400; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"size_bucket{{le=\"{i}\"}} {i} {1700000000 + i}\n");
        text.Append("# EOF\n");
        foreach (var piece in new[] { 30, 64, 1000, 1 << 20 })
        {
            var labels = new List<string>();
            new Tsdb.OpenMetricsSamples(piece).Read(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), (series, _, _) => labels.Add(series.Get("le")));
            Assert.Equal(Enumerable.Range(0, 400).Select(i => $"{i}.0"), labels);
        }
    }

    [Theory]
    [InlineData("a 1 5\nb 2\n# EOF\n", "expected timestamp for series {__name__=\"b\"}, got none")]
    [InlineData("a 1 5\n", "parse: data does not end with # EOF")]
    public void Text_with_a_fault_is_refused_before_anything_is_written(string page, string error)
    {
        using var folder = new TempFolder();
        Assert.Equal((1, "", error + "\n"), Run("tsdb", "import", "openmetrics", folder.Write("page", page), folder.File("data")));
        Assert.False(Directory.Exists(folder.File("data")));
    }

    [Fact]
    public void Lines_of_json_come_in_with_labels_added()
    {
        using var folder = new TempFolder();
        var lines = folder.Write("lines", """
            {"metric":{"__name__":"up","job":"a"},"values":[1,null,"-Infinity"],"timestamps":[1000,2000,3000]}

            {"metric":{"__name__":"up","job":"a"},"values":[0.5],"timestamps":[4000]}
            """);
        Assert.Equal((0, "", ""), Run("tsdb", "import", "jsonl", "--quiet", "--label=site=x", "--label", "job=b", lines, folder.File("data")));
        const string Series = "{__name__=\"up\", job=\"b\", site=\"x\"}";
        Assert.Equal((0, $"{Series} 1 1000\n{Series} NaN 2000\n{Series} -Inf 3000\n{Series} 0.5 4000\n", ""), Run("tsdb", "dump", folder.File("data")));
        Assert.Equal((0, "{\"__name__\":\"up\",\"job\":\"b\",\"site\":\"x\"}\n", ""), Run("tsdb", "dump", "--format=seriesjson", "--match=up", folder.File("data")));
        Assert.Equal((0, "", ""), Run("tsdb", "dump", "--match=down", folder.File("data")));
    }

    [Theory]
    [InlineData("{\"metric\":{\"a\":\"b\"},\"values\":[1],\"timestamps\":[1,2]}", "line 1: 1 values and 2 timestamps\n")]
    [InlineData("{\"metric\":{\"a\":\"b\"},\"values\":[1]}", "line 1: it has no \"timestamps\"\n")]
    [InlineData("\n{\"metric\":{},\"values\":[],\"timestamps\":[]}", "line 2: \"metric\" has no labels\n")]
    public void Lines_of_json_with_a_fault_are_refused_with_their_number(string line, string error)
    {
        using var folder = new TempFolder();
        Assert.Equal((1, "", error), Run("tsdb", "import", "jsonl", folder.Write("lines", line), folder.File("data")));
    }

    [Fact]
    public void A_directory_in_which_nothing_is_wrong_is_verified_and_a_flipped_bit_is_found()
    {
        using var folder = new TempFolder();
        Run("tsdb", "import", "openmetrics", folder.Write("page", Page), folder.File("data"));
        var (code, output, _) = Run("tsdb", "verify", folder.File("data"));
        Assert.Equal(0, code);
        Assert.All(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains(": ok, ", line, StringComparison.Ordinal));
        var part = Directory.GetFiles(folder.File("data"), "*.part", SearchOption.AllDirectories)[0];
        var bytes = File.ReadAllBytes(part);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(part, bytes);
        (code, output, _) = Run("tsdb", "verify", folder.File("data"));
        Assert.Equal(1, code);
        Assert.Contains(": DAMAGED: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_analysis_has_the_headings_of_promtool()
    {
        using var folder = new TempFolder();
        Run("tsdb", "import", "openmetrics", folder.Write("page", Page), folder.File("data"));
        var (code, output, _) = Run("tsdb", "analyze", "--limit=1", "--match={queue=~\".+\"}", folder.File("data"));
        Assert.Equal(0, code);
        Assert.Equal(
            """
            Block ID: all parts and logs
            Duration: 1m0.001s
            Total Series: 3
            Matcher: {queue=~".+"}
            Label names: 2
            Matched series: 2
            Postings (unique label pairs): 3
            Postings entries (total label pairs): 4

            Label pairs most involved in churning:
            1 __name__=jobs_total

            Label names most involved in churning:
            1 __name__

            Most common label pairs:
            2 __name__=jobs_total

            Label names with highest cumulative label value length:
            10 __name__

            Highest cardinality labels:
            2 queue

            Highest cardinality metric names:
            2 jobs_total

            """, output);
    }

    [Fact]
    public void An_import_says_when_partitions_differ_and_a_directory_is_not_a_database()
    {
        using var folder = new TempFolder();
        var page = folder.Write("page", Page);
        Assert.Equal(0, Run("tsdb", "import", "openmetrics", "-q", "--partitions=8", page, folder.File("data")).Code);
        Assert.Equal(0, Run("tsdb", "import", "openmetrics", "-q", page, folder.File("data")).Code);
        Assert.Contains("has 8 partitions, 16 are asked for", Run("tsdb", "import", "openmetrics", "--partitions=16", page, folder.File("data")).Errors, StringComparison.Ordinal);
        Assert.Equal((1, "", $"{folder.Path} holds neither a node's data nor blocks or a log of Prometheus\n"), Run("tsdb", "dump", folder.Path));
        Assert.Equal((0, Dumped, ""), Run("tsdb", "dump", folder.File("data")));
    }

    [Theory]
    [InlineData("a tsdb command is missing", "tsdb")]
    [InlineData("unknown command \"tsdb frobnicate\"", "tsdb", "frobnicate")]
    [InlineData("unknown long flag '--bogus'", "tsdb", "list", "--bogus")]
    [InlineData("unknown short flag '-x'", "tsdb", "list", "-x")]
    [InlineData("expected argument for flag '--match'", "tsdb", "dump", "--match")]
    [InlineData("unexpected c", "tsdb", "list", "b", "c")]
    [InlineData("required argument 'input file' not provided", "tsdb", "import", "jsonl")]
    [InlineData("enum value must be one of prom,seriesjson, got 'x'", "tsdb", "dump", "--format=x")]
    public void A_wrong_call_is_named(string error, params string[] arguments) =>
        Assert.Equal((1, "", $"actormon-tool: error: {error}, try --help\n"), Run(arguments));

    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        return (ToolProgram.Run(arguments, Stream.Null, output, errors), output.ToString(), errors.ToString());
    }
}

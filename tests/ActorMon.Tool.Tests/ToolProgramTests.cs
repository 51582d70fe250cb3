using System.Text;
using ActorMon.Testing.IO;

namespace ActorMon.Tool.Tests;

public sealed class ToolProgramTests
{
    private const string GoodText = "# HELP jobs_total Jobs.\n# TYPE jobs_total counter\njobs_total 1\n";
    private const string GoodOpenMetrics = "# TYPE jobs counter\n# HELP jobs Jobs.\njobs_total 1\n# EOF\n";

    [Theory]
    [InlineData(GoodText)]
    [InlineData(GoodOpenMetrics)]
    [InlineData("")]
    public void A_fine_page_of_either_format_ends_with_code_0_and_no_word(string page) => Assert.Equal((0, "", ""), Run(page, "check", "metrics"));

    [Fact]
    public void A_text_page_that_cannot_be_read_ends_with_code_1() =>
        Assert.Equal((1, "", "error while linting: text format parsing error in line 1: invalid label name for metric \"a\"\n"), Run("a{ 1\n", "check", "metrics"));

    [Fact]
    public void Broken_conventions_of_a_text_page_end_with_code_3_as_in_promtool()
    {
        var (code, _, errors) = Run("# TYPE a counter\na 1\nhttp_time_milliseconds 3\n", "check", "metrics");
        Assert.Equal(3, code);
        Assert.Equal(
            "a counter metrics should have \"_total\" suffix\na no help text\nhttp_time_milliseconds no help text\nhttp_time_milliseconds use base unit \"seconds\" instead of \"milliseconds\"\n",
            errors);
        Assert.Equal((0, "", ""), Run("# TYPE a counter\na 1\n", "check", "metrics", "--lint=none"));
    }

    [Fact]
    public void An_openmetrics_page_is_held_to_its_specification()
    {
        var (code, _, errors) = Run("# TYPE jobs counter\njobs 1\n# EOF\n", "check", "metrics");
        Assert.Equal(1, code);
        Assert.StartsWith("line 3: family \"jobs\" clashes ", errors, StringComparison.Ordinal);
        Assert.Equal(1, Run(GoodText, "check", "metrics", "--format=openmetrics").Code);
        Assert.Equal(1, Run("# TYPE a_seconds gauge\n# UNIT a_seconds seconds\na_seconds 1\n", "check", "metrics").Code);
    }

    [Fact]
    public void The_extended_check_counts_series()
    {
        var (code, output, _) = Run("# HELP a x\n# TYPE a gauge\na{b=\"1\"} 1\na{b=\"2\"} 1\n# HELP c x\nc 1\n", "check", "metrics", "--extended");
        Assert.Equal(0, code);
        Assert.Equal(["Metric", "a", "c"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]));
        Assert.Contains("66.67", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_is_checked_with_the_files_it_names()
    {
        using var folder = new TempFolder();
        var good = folder.Write("good.yml", "scrape_configs: [{job_name: a}]\n");
        var missing = folder.Write("missing.yml", "rule_files: [rules.yml]\n");
        var bad = folder.Write("bad.yml", "global:\n  bogus: 1\n  scrape_interval: soon\n");
        Assert.Equal(0, Run("", "check", "config", good).Code);
        var (code, _, errors) = Run("", "check", "config", good, missing);
        Assert.Equal(1, code);
        Assert.Contains("rules.yml\" does not point to an existing file", errors, StringComparison.Ordinal);
        Assert.Equal(0, Run("", "check", "config", "--syntax-only", missing).Code);
        Assert.Equal(1, Run("", "check", "config", "--syntax-only", "--agent", missing).Code);
        (code, _, errors) = Run("", "check", "config", bad);
        Assert.Equal(1, code);
        Assert.Contains($"{bad}:2: global.bogus: ", errors, StringComparison.Ordinal);
        Assert.Contains($"{bad}:3: global.scrape_interval: ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a command is missing")]
    [InlineData("unknown command \"check nothing\"", "check", "nothing")]
    [InlineData("unexpected --loud", "check", "metrics", "--loud")]
    [InlineData("a configuration file is missing", "check", "config")]
    [InlineData("unknown flag --loud", "check", "config", "--loud")]
    public void Wrong_usage_ends_with_code_1_as_in_promtool(string problem, params string[] arguments) =>
        Assert.Equal((1, "", $"actormon-tool: error: {problem}, try --help\n"), Run("", arguments));

    [Fact]
    public void Version_and_help_end_with_code_0()
    {
        Assert.StartsWith("actormon-tool, version 0.1.0", Run("", "--version").Output, StringComparison.Ordinal);
        Assert.StartsWith("usage: actormon-tool", Run("", "check", "metrics", "--help").Output, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Errors) Run(string input, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var code = ToolProgram.Run(arguments, new MemoryStream(Encoding.UTF8.GetBytes(input)), output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}

using ActorMon.Testing.IO;
using static ActorMon.Tool.Tests.ToolRun;

namespace ActorMon.Tool.Tests;

public sealed class RuleCommandTests : IDisposable
{
    private const string Rules = """
        groups:
          - name: g
            rules:
              - {alert: Down, expr: up == 0, for: 2m, labels: {severity: page}, annotations: {summary: "{{ $labels.instance }} is down since {{ $value | humanize }}"}}
              - {record: "ups", expr: count(up)}
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Good_rules_are_counted_and_bad_ones_named_with_their_place()
    {
        var good = _folder.Write("good.yml", Rules);
        Assert.Equal((0, $"Checking {good}\n  SUCCESS: 2 rules found\n\n", ""), await RunAsync("", "check", "rules", good));
        var bad = _folder.Write("bad.yml", Rules.Replace("$labels.instance", "$label", StringComparison.Ordinal));
        Assert.Equal(
            (1, $"Checking {bad}\n\n", $"  FAILED:\n{bad}: group \"g\", rule 1, \"Down\": annotation \"summary\": template: __alert_Down:1: undefined variable \"$label\"\n"),
            await RunAsync("", "check", "rules", bad));
        Assert.Equal((0, "Checking standard input\n  SUCCESS: 2 rules found\n\n", ""), await RunAsync(Rules, "check", "rules"));
    }

    [Fact]
    public async Task A_rule_that_is_there_twice_is_a_lint_and_fatal_when_asked_for()
    {
        var twice = _folder.Write("r.yml", "groups: [{name: g, rules: [{record: a, expr: 1, labels: {b: c}}, {record: a, expr: 2, labels: {b: c}}]}]\n");
        var errors = "  FAILED:\nlint error 1 duplicate rule(s) found.\nMetric: a\nLabel(s):\n\tb: c\nMight cause inconsistency while recording expressions\n";
        Assert.Equal((0, $"Checking {twice}\n\n", errors), await RunAsync("", "check", "rules", twice));
        Assert.Equal(3, (await RunAsync("", "check", "rules", "--lint-fatal", twice)).Code);
        Assert.Equal(0, (await RunAsync("", "check", "rules", "--lint-fatal", "--lint=none", twice)).Code);
    }

    [Fact]
    public async Task Checking_a_configuration_checks_its_rules()
    {
        _folder.Write("r.yml", "groups: [{name: g, rules: [{record: a, expr: +}]}]\n");
        var config = _folder.Write("p.yml", "rule_files: [r.yml]\n");
        var (code, output, errors) = await RunAsync("", "check", "config", config);
        Assert.Equal(1, code);
        Assert.Contains("  SUCCESS: 1 rule files found\n", output, StringComparison.Ordinal);
        Assert.Contains("r.yml: 1:46: group \"g\", rule 1, \"a\": could not parse expression: ", errors, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("", "check", "config", "--syntax-only", config)).Code);
    }

    [Fact]
    public async Task Unit_tests_pass_or_show_what_was_expected_and_what_came()
    {
        _folder.Write("r.yml", Rules);
        var test = Test("web is down since 0");
        Assert.Equal((0, "  SUCCESS\n\n", ""), await RunAsync("", "test", "rules", test));
        test = Test("web is up");
        Assert.Equal((1, "\n\n", """
              FAILED:
                name: t,
                alertname: Down, time: 3m, 
                    exp:[
                        0:
                          Labels:{alertname="Down", instance="web", severity="page"}
                          Annotations:{summary="web is up"}
                        ], 
                    got:[
                        0:
                          Labels:{alertname="Down", instance="web", severity="page"}
                          Annotations:{summary="web is down since 0"}
                        ]

            """), await RunAsync("", "test", "rules", test));
        var difference = (await RunAsync("", "test", "rules", "--diff", test)).Errors;
        Assert.Contains("\"summary\": \u001b[0;33m\"web is up\" => \"web is down since 0\"\u001b[0m", difference, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("", "test", "rules", "--run=other", test)).Code);
    }

    [Fact]
    public async Task A_report_counts_tests_and_failures()
    {
        _folder.Write("r.yml", Rules);
        var report = _folder.File("j.xml");
        await RunAsync("", "test", "--junit=" + report, "rules", Test("web is up"));
        var text = await File.ReadAllTextAsync(report);
        Assert.Contains("tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\"", text, StringComparison.Ordinal);
        Assert.Contains("<testcase name=\"t\"><failure>    name: t,\n", text, StringComparison.Ordinal);
        var broken = _folder.Write("broken.yml", "tests: 5\n");
        Assert.Equal(1, (await RunAsync("", "test", "--junit=" + report, "rules", broken)).Code);
        Assert.Contains("errors=\"1\"", await File.ReadAllTextAsync(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_debug_all_series_are_shown()
    {
        _folder.Write("r.yml", Rules);
        var errors = (await RunAsync("", "test", "rules", "--debug", Test("web is down since 0"))).Errors;
        Assert.Contains("{__name__=\"ups\"} =>\n1 @[0]\n1 @[60000]\n", errors, StringComparison.Ordinal);
        Assert.StartsWith("DEBUG: Starting test t\n", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("required argument 'test-rule-file' not provided", "test", "rules")]
    [InlineData("unknown command \"test config\"", "test", "config")]
    [InlineData("path '/none.yml' does not exist", "check", "rules", "/none.yml")]
    [InlineData("unknown feature \"x\"", "--enable-feature=x", "check", "rules")]
    public async Task Wrong_usage_ends_with_code_1(string problem, params string[] arguments) =>
        Assert.Equal((1, "", $"actormon-tool: error: {problem}, try --help\n"), await RunAsync("", arguments));

    private string Test(string summary) => _folder.Write("t.yml", $$$"""
        rule_files: [r.yml]
        tests:
          - name: t
            input_series: [{series: 'up{instance="web"}', values: 0x5}]
            alert_rule_test:
              - {eval_time: 3m, alertname: Down, exp_alerts: [{exp_labels: {severity: page, instance: web}, exp_annotations: {summary: "{{{summary}}}"}}]}
            promql_expr_test:
              - {expr: ups, eval_time: 1m, exp_samples: [{labels: ups, value: 1}]}
        """);
}

using ActorMon.Configuration.Files;
using ActorMon.Configuration.Rules;
using ActorMon.Configuration.Tests.Loading;

namespace ActorMon.Configuration.Tests.Rules;

public sealed class UnitTestFileReaderTests
{
    private const string Whole = """
        rule_files: [r/*.yml, /abs.yml]
        evaluation_interval: 2m
        group_eval_order: [b, a]
        fuzzy_compare: true
        tests:
          - name: first
            interval: 30s
            start_timestamp: "2024-01-01T00:00:00Z"
            external_labels: {dc: x}
            external_url: http://x
            input_series:
              - {series: 'up{i="1"}', values: '0 1x3'}
            alert_rule_test:
              - {eval_time: 5m, alertname: A, exp_alerts: [{exp_labels: {i: 1}, exp_annotations: {s: t}}, {}]}
            promql_expr_test:
              - {expr: up, eval_time: 1m, exp_samples: [{labels: up, value: 1e3}, {value: .inf}, {labels: h, histogram: '{{sum:1}}'}]}
          - {start_timestamp: 1609459200}
        """;

    [Fact]
    public void A_file_has_every_key()
    {
        var file = Read(Whole).File!;
        Assert.Equal(["/d/r/*.yml", "/abs.yml"], file.RuleFiles);
        Assert.Equal((TimeSpan.FromMinutes(2), true), (file.EvaluationInterval, file.FuzzyCompare));
        Assert.Equal(["b", "a"], file.GroupOrder);
        var test = file.Tests[0];
        Assert.Equal(("first", TimeSpan.FromSeconds(30), 1704067200000, "http://x", "x"), (test.Name, test.Interval, test.Start.Value, test.ExternalUrl, test.ExternalLabels.Get("dc")));
        Assert.Equal("0 1x3", Assert.Single(test.Input).Values);
        Assert.Equal("1", test.Alerts[0].Expected[0].Labels["i"]);
        Assert.Empty(test.Alerts[0].Expected[1].Labels);
        Assert.Equal([(1000, ""), (double.PositiveInfinity, ""), (0, "{{sum:1}}")], test.Expressions[0].Expected.Select(s => (s.Value, s.Histogram)));
        Assert.Equal((1609459200000, TimeSpan.FromMinutes(2)), (file.Tests[1].Start.Value, file.Tests[1].Interval));
        Assert.Equal(TimeSpan.FromMinutes(5), test.Length);
    }

    [Theory]
    [InlineData("group_eval_order: [a, a]", "group name repeated in evaluation order: a")]
    [InlineData("test: []", "yaml: unmarshal errors:\n  line 1: field test not found in type main.unitTestFile")]
    [InlineData("tests: [{start_timestamp: soon}]", "line 1: tests[0].start_timestamp: cannot parse \"soon\" to a valid timestamp")]
    public void What_is_wrong_is_said(string text, string error) => Assert.Equal([error], Read(text).Errors);

    [Fact]
    public void Mutated_files_are_read_or_refused()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var content = FuzzTests.Mutate(random, Whole);
            var files = new MemoryConfigFiles();
            files.Write("/d/t.yml", content);
            var result = FuzzTests.Try(() => UnitTestFileReader.Read("/d/t.yml", files), content);
            Assert.Equal(result.File is null, result.Errors.Count > 0);
        }
    }

    private static UnitTestFileResult Read(string text)
    {
        var files = new MemoryConfigFiles();
        files.Write("/d/t.yml", text);
        return UnitTestFileReader.Read("/d/t.yml", files);
    }
}

using System.Globalization;
using ActorMon.Configuration.Schema;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.Rules.UnitTests;

namespace ActorMon.Configuration.Rules;

/// <summary>The keys of rule unit tests.</summary>
internal static class UnitTestSchema
{
    private static readonly SectionSchema Series = new("main.series", Key.Text("series"), Key.Text("values"));

    private static readonly SectionSchema ExpectedAlert = new("main.alert", Key.TextMap("exp_labels"), Key.TextMap("exp_annotations"));

    private static readonly SectionSchema AlertTest = new("main.alertTestCase",
        Key.Duration("eval_time"), Key.Text("alertname"), Key.SectionList("exp_alerts", ExpectedAlert, "empty or null alert"));

    private static readonly SectionSchema ExpectedSample = new("main.sample",
        Key.Text("labels"), new KeySpec("value", KeyKind.Text) { Default = "0", TypeName = "float64", Check = NotANumber }, Key.Text("histogram"));

    private static readonly SectionSchema ExpressionTest = new("main.promqlTestCase",
        Key.Text("expr"), Key.Duration("eval_time"), Key.SectionList("exp_samples", ExpectedSample, "empty or null sample"));

    private static readonly SectionSchema Test = new("main.testGroup",
        Key.Duration("interval"), Key.SectionList("input_series", Series, "empty or null series"), Key.SectionList("alert_rule_test", AlertTest, "empty or null test"),
        Key.SectionList("promql_expr_test", ExpressionTest, "empty or null test"), Key.TextMap("external_labels"), Key.Text("external_url"), Key.Text("name"),
        new KeySpec("start_timestamp", KeyKind.Text) { Default = "0", Check = text => Time(text) is null ? $"cannot parse {GoQuote.Quote(text)} to a valid timestamp" : null });

    public static readonly SectionSchema File = new("main.unitTestFile",
        Key.PathList("rule_files"), Key.Duration("evaluation_interval"), Key.TextList("group_eval_order"), Key.SectionList("tests", Test, "empty or null test"),
        Key.Bool("fuzzy_compare"));

    public static UnitTestFile Build(ConfigSection file)
    {
        var interval = OrElse(file.Duration("evaluation_interval"), UnitTestFile.DefaultInterval);
        return new UnitTestFile(
            file.List("rule_files"), interval, file.List("group_eval_order"), file.Bool("fuzzy_compare"), [.. file.Sections("tests").Select(test => Build(test, interval))]);
    }

    private static UnitTest Build(ConfigSection test, TimeSpan interval) => new()
    {
        Name = test.Text("name"),
        Interval = OrElse(test.Duration("interval"), interval),
        Start = Time(test.Text("start_timestamp")) ?? default,
        Input = [.. test.Sections("input_series").Select(s => new InputSeries(s.Text("series"), s.Text("values")))],
        Alerts = [.. test.Sections("alert_rule_test").Select(a => new AlertTest(a.Duration("eval_time"), a.Text("alertname"),
            [.. a.Sections("exp_alerts").Select(e => new ExpectedAlert(e.Map("exp_labels"), e.Map("exp_annotations")))]))],
        Expressions = [.. test.Sections("promql_expr_test").Select(p => new ExpressionTest(p.Text("expr"), p.Duration("eval_time"),
            [.. p.Sections("exp_samples").Select(s => new ExpectedSample(s.Text("labels"), Number(s.Text("value")) ?? 0, s.Text("histogram")))]))],
        ExternalLabels = LabelSet.From(test.Map("external_labels")),
        ExternalUrl = test.Text("external_url"),
    };

    private static TimeSpan OrElse(TimeSpan given, TimeSpan otherwise) => given == TimeSpan.Zero ? otherwise : given;

    private static string? NotANumber(string text) => Number(text) is null ? $"cannot unmarshal !!str `{text}` into float64" : null;

    /// <summary>YAML's numbers and the names PromQL has for those that are none.</summary>
    private static double? Number(string text) => Yaml.ScalarTypes.TryInteger(text, out var whole) ? (double)whole
        : Yaml.ScalarTypes.TryFloat(text, out var value) ? value
        : null;

    /// <summary>Seconds since the epoch, or RFC 3339.</summary>
    private static TimestampMs? Time(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
            return Math.Abs(seconds) < 9e15 ? new TimestampMs((long)Math.Floor(seconds * 1000)) : null;
        return text.Contains('T', StringComparison.OrdinalIgnoreCase)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? TimestampMs.From(time) : null;
    }
}

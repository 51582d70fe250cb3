using System.Text.Json;
using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Model.Text;
using ActorMon.Model.Time;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Names;

public sealed class NameConformanceTests
{
    [ConformanceFact]
    public void Metric_names_are_judged_by_both_schemes()
    {
        var run = new ConformanceRun("openmetrics", "names.isMetricNameValid");
        foreach (var @case in Names("isMetricNameValid"))
        {
            var name = ConformanceData.Text(@case.GetProperty("mn"));
            run.Case($"'{name}'", () =>
            {
                Assert.Equal(@case.GetProperty("legacyValid").GetBoolean(), NameValidator.IsValidMetricName(name, NameValidation.Legacy));
                Assert.Equal(@case.GetProperty("utf8Valid").GetBoolean(), NameValidator.IsValidMetricName(name, NameValidation.Utf8));
            });
        }
        run.Finish(11);
    }

    [ConformanceFact]
    public void Label_names_are_judged_by_both_schemes()
    {
        var run = new ConformanceRun("openmetrics", "names.isLabelNameValid");
        foreach (var @case in Names("isLabelNameValid"))
        {
            var name = ConformanceData.Text(@case.GetProperty("ln"));
            run.Case($"'{name}'", () =>
            {
                Assert.Equal(@case.GetProperty("legacyValid").GetBoolean(), NameValidator.IsValidLabelName(name, NameValidation.Legacy));
                Assert.Equal(@case.GetProperty("utf8Valid").GetBoolean(), NameValidator.IsValidLabelName(name, NameValidation.Utf8));
            });
        }
        run.Finish(11);
    }

    [ConformanceFact]
    public void Names_are_escaped_and_unescaped_by_every_scheme()
    {
        var run = new ConformanceRun("openmetrics", "names.escapeName");
        foreach (var @case in Names("escapeName"))
            run.Case(@case.GetProperty("name").GetString()!, () =>
            {
                var input = Optional(@case, "input");
                Assert.Equal(Optional(@case, "expectedUnderscores"), NameEscaping.Escape(input, EscapingScheme.Underscores));
                Assert.Equal(Optional(@case, "expectedUnderscores"), NameEscaping.Unescape(Optional(@case, "expectedUnderscores"), EscapingScheme.Underscores));
                Assert.Equal(Optional(@case, "expectedDots"), NameEscaping.Escape(input, EscapingScheme.Dots));
                Assert.Equal(Optional(@case, "expectedUnescapedDots"), NameEscaping.Unescape(Optional(@case, "expectedDots"), EscapingScheme.Dots));
                Assert.Equal(Optional(@case, "expectedValue"), NameEscaping.Escape(input, EscapingScheme.Values));
                Assert.Equal(input, NameEscaping.Unescape(Optional(@case, "expectedValue"), EscapingScheme.Values));
            });
        run.Finish(8);
    }

    [ConformanceFact]
    public void Text_that_is_no_escaped_name_comes_back_as_it_is()
    {
        var run = new ConformanceRun("openmetrics", "names.valueUnescapeErrors");
        foreach (var @case in Names("valueUnescapeErrors"))
            run.Case(@case.GetProperty("name").GetString()!, () =>
                Assert.Equal(Optional(@case, "expected"), NameEscaping.Unescape(Optional(@case, "input"), EscapingScheme.Values)));
        run.Finish(10);
    }

    [ConformanceFact]
    public void Metrics_are_written_as_text()
    {
        var run = new ConformanceRun("openmetrics", "names.metricToString");
        foreach (var @case in Names("metricToString"))
            run.Case(@case.GetProperty("name").GetString()!, () =>
            {
                var labels = LabelSet.From(@case.GetProperty("input").EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString()!)));
                Assert.Equal(@case.GetProperty("expected").GetString(), MetricText.Of(labels));
            });
        run.Finish(4);
    }

    [ConformanceFact]
    public void Durations_are_read_and_written()
    {
        foreach (var (group, count) in new[] { ("parse", 13), ("parseNegativeAllowed", 7), ("unmarshalText", 13), ("unmarshalJson", 14) })
        {
            var run = new ConformanceRun("openmetrics", "durations." + group);
            foreach (var @case in Durations(group))
            {
                var input = @case.GetProperty("in").GetString()!;
                run.Case(input, () => CheckDuration(@case, group, input));
            }
            run.Finish(count);
        }
    }

    [ConformanceFact]
    public void Bad_durations_are_refused()
    {
        var run = new ConformanceRun("openmetrics", "durations.bad");
        foreach (var input in Durations("bad").Select(b => b.GetString()!))
            run.Case($"'{input}'", () =>
            {
                Assert.False(PrometheusDuration.TryParse(input, out _, out var error));
                Assert.NotEqual("", error);
            });
        run.Finish(9);
    }

    [ConformanceFact]
    public void Times_are_written_in_seconds()
    {
        var run = new ConformanceRun("openmetrics", "durations.timeJson");
        foreach (var @case in Durations("timeJson"))
        {
            var milliseconds = @case.GetProperty("in").GetInt64();
            run.Case(milliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture), () =>
                Assert.Equal(@case.GetProperty("out").GetString(), SecondsText.Of(new Model.Samples.TimestampMs(milliseconds))));
        }
        run.Finish(7);
    }

    private static void CheckDuration(JsonElement @case, string group, string input)
    {
        var isJson = group == "unmarshalJson";
        var text = isJson ? JsonSerializer.Deserialize<string>(input)! : input;
        Assert.True(PrometheusDuration.TryParseAllowNegative(text, out var value, out var error), error);
        Assert.Equal(Nanoseconds(@case.GetProperty("out")), value.Ticks * 100);
        var expected = Optional(@case, "expectedString");
        var written = PrometheusDuration.Format(value);
        Assert.Equal(expected.Length == 0 ? input : expected, isJson ? JsonSerializer.Serialize(written) : written);
    }

    private static long Nanoseconds(JsonElement element) => element.ValueKind == JsonValueKind.Number
        ? element.GetInt64()
        : element.TryGetProperty("durationNs", out var ns) ? ns.GetInt64() : -Nanoseconds(element.GetProperty("x"));

    private static string Optional(JsonElement @case, string name) => @case.TryGetProperty(name, out var value) ? value.GetString()! : "";

    private static IEnumerable<JsonElement> Names(string group) => ConformanceData.Json("openmetrics", "names", "metric-names.json").GetProperty(group).EnumerateArray();

    private static IEnumerable<JsonElement> Durations(string group) => ConformanceData.Json("openmetrics", "names", "durations.json").GetProperty(group).EnumerateArray();
}

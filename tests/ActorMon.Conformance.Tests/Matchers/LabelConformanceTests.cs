using System.Text.Json;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Names;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Matchers;

public sealed class LabelConformanceTests
{
    private static readonly string[] GroupSource =
        ["__name__", "ALERTS", "alertname", "HTTPRequestRateLow", "alertstate", "pending", "instance", "0", "job", "app-server", "severity", "critical"];

    [ConformanceFact]
    public void Matchers_match()
    {
        var run = new ConformanceRun("parser", "labels.matcher");
        foreach (var @case in Kit("matcher"))
        {
            var matcher = @case.GetProperty("matcher").EnumerateArray().Select(p => p.GetString()!).ToArray();
            var value = @case.GetProperty("value").GetString()!;
            run.Case($"{matcher[0]} {matcher[1]} on {value}", () =>
            {
                var op = matcher[0] switch { "=" => MatchOperator.Equal, "!=" => MatchOperator.NotEqual, "=~" => MatchOperator.Regex, _ => MatchOperator.NotRegex };
                Assert.Equal(@case.GetProperty("match").GetBoolean(), new Matcher(op, "foo", matcher[1]).Matches(value));
            });
        }
        run.Finish(13);
    }

    [ConformanceFact]
    public void Label_sets_are_valid_by_the_chosen_names()
    {
        var run = new ConformanceRun("parser", "labels.validationModes");
        foreach (var @case in Kit("validationModes"))
        {
            var scheme = @case.GetProperty("callMode").GetString() == "utf8" ? NameValidation.Utf8 : NameValidation.Legacy;
            run.Case(@case.GetProperty("input").ToString(), () =>
                Assert.Equal(@case.GetProperty("expected").GetBoolean(), NameValidator.IsValid(Labels(@case.GetProperty("input")), scheme)));
        }
        run.Finish(5);
    }

    [ConformanceFact]
    public void Label_sets_are_valid_by_legacy_names()
    {
        var run = new ConformanceRun("parser", "labels.isValid");
        foreach (var @case in Kit("isValid"))
            run.Case(@case.GetProperty("input").ToString(), () =>
                Assert.Equal(@case.GetProperty("expected").GetBoolean(), NameValidator.IsValid(Labels(@case.GetProperty("input")), NameValidation.Legacy)));
        run.Finish(9);
    }

    [ConformanceFact]
    public void Labels_are_grouped_by_names()
    {
        var run = new ConformanceRun("parser", "labels.matchLabels");
        foreach (var @case in Kit("matchLabels"))
        {
            var names = @case.GetProperty("providedNames").EnumerateArray().Select(n => n.GetString()!).ToArray();
            run.Case(@case.GetProperty("note").GetString()!, () =>
            {
                var source = LabelSet.Of(GroupSource);
                // Grouping "without" always takes the metric name away too.
                var grouped = @case.GetProperty("on").GetBoolean() ? source.Keep(names) : source.Without([.. names, LabelNames.MetricName]);
                Assert.Equal(Labels(@case.GetProperty("expected")), grouped);
            });
        }
        run.Finish(4);
    }

    private static IEnumerable<JsonElement> Kit(string group) => ConformanceData.Json("parser", "label-cases.json").GetProperty(group).EnumerateArray();

    private static LabelSet Labels(JsonElement call) => LabelSet.Of([.. call.GetProperty("args").EnumerateArray().Select(ConformanceData.Text)]);
}

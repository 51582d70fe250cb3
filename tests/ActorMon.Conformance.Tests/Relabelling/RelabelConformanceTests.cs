using System.Text;
using System.Text.Json;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Names;
using ActorMon.Model.Relabelling;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Relabelling;

public sealed class RelabelConformanceTests
{
    [ConformanceFact]
    public void Rules_change_labels_as_the_peer_does()
    {
        var run = new ConformanceRun("relabel", "cases");
        var number = 0;
        foreach (var @case in Kit("cases"))
            run.Case($"case {number++}", () =>
            {
                var rules = @case.GetProperty("configs").EnumerateArray().Select(c => Rule(c, emptyMeansDefault: true)).ToArray();
                foreach (var rule in rules)
                    Assert.Null(RelabelRuleValidation.Check(rule, NameValidation.Utf8));
                var result = Relabeller.Apply(Labels(@case.GetProperty("input")), rules);
                if (@case.TryGetProperty("drop", out var drop) && drop.GetBoolean())
                    Assert.Null(result);
                else
                    Assert.Equal(Labels(@case.GetProperty("output")), result);
            });
        run.Finish(34);
    }

    [ConformanceFact]
    public void Rules_are_checked_before_use()
    {
        var run = new ConformanceRun("relabel", "validation");
        foreach (var @case in Kit("validation"))
        {
            var config = @case.GetProperty("config");
            run.Case(config.ToString(), () =>
            {
                var names = config.GetProperty("nameValidation").GetString() == "legacy" ? NameValidation.Legacy : NameValidation.Utf8;
                var error = RelabelRuleValidation.Check(Rule(config, emptyMeansDefault: false), names);
                if (@case.TryGetProperty("errorContains", out var text))
                    Assert.Contains(text.GetString()!, error, StringComparison.Ordinal);
                else
                    Assert.Null(error);
            });
        }
        run.Finish(10);
    }

    [ConformanceFact]
    public void Legacy_targets_may_hold_references()
    {
        var run = new ConformanceRun("relabel", "legacyTargetLabel");
        foreach (var @case in Kit("legacyTargetLabel"))
        {
            var target = @case.GetProperty("targetLabel").GetString()!;
            run.Case(target, () => Assert.Equal(@case.GetProperty("validUnderLegacyScheme").GetBoolean(), RelabelRuleValidation.IsLegacyTarget(target)));
        }
        run.Finish(16);
    }

    [ConformanceFact]
    public void A_rule_keeps_what_was_written_and_what_was_left_out()
    {
        var run = new ConformanceRun("relabel", "yamlRoundTrip");
        foreach (var @case in Kit("yamlRoundTrip"))
            run.Case(@case.GetProperty("name").GetString()!, () =>
            {
                var yaml = @case.GetProperty("yaml").GetString()!;
                Assert.Equal(yaml, Write(Read(yaml)));
            });
        run.Finish(4);
    }

    /// <summary>The kit's YAML is flat, one field a line: enough to fill the record.</summary>
    private static RelabelRule Read(string yaml)
    {
        var rule = new RelabelRule();
        foreach (var line in yaml.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = (line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Trim());
            value = value == "\"\"" ? "" : value;
            rule = key switch
            {
                "source_labels" => rule with { SourceLabels = value.Trim('[', ']').Split(", ") },
                "separator" => rule with { Separator = value },
                "regex" => rule with { Regex = AnchoredRegex.ParseWithAnchors(value) },
                "target_label" => rule with { TargetLabel = value },
                "replacement" => rule with { Replacement = value },
                _ => rule with { Action = RelabelRuleValidation.TryParseAction(value, out var action, out var error) ? action : throw new FormatException(error) },
            };
        }
        return rule;
    }

    private static string Write(RelabelRule rule)
    {
        var text = new StringBuilder();
        text.Append("source_labels: [").AppendJoin(", ", rule.SourceLabels).Append("]\n").Append("separator: ").Append(Scalar(rule.Separator)).Append('\n');
        if (!ReferenceEquals(rule.Regex, RelabelRule.DefaultRegex))
            text.Append("regex: ").Append(Scalar(rule.Regex.Pattern)).Append('\n');
        return text.Append("target_label: ").Append(rule.TargetLabel).Append("\nreplacement: ").Append(Scalar(rule.Replacement))
            .Append("\naction: ").Append(RelabelRuleValidation.ActionName(rule.Action)).Append('\n').ToString();
    }

    private static string Scalar(string value) => value.Length == 0 ? "\"\"" : value;

    private static RelabelRule Rule(JsonElement config, bool emptyMeansDefault)
    {
        var rule = new RelabelRule();
        if (Text("action") is { Length: > 0 } name)
            rule = rule with { Action = RelabelRuleValidation.TryParseAction(name, out var action, out var error) ? action : throw new FormatException(error) };
        else if (!emptyMeansDefault)
            rule = rule with { Action = (RelabelAction)byte.MaxValue };
        if (config.TryGetProperty("source_labels", out var sources))
            rule = rule with { SourceLabels = [.. sources.EnumerateArray().Select(s => s.GetString()!)] };
        if (Text("separator") is { Length: > 0 } separator)
            rule = rule with { Separator = separator };
        if (Text("regex") is { Length: > 0 } regex)
            rule = rule with { Regex = AnchoredRegex.ParseWithAnchors(regex) };
        if (Text("replacement") is { Length: > 0 } replacement)
            rule = rule with { Replacement = replacement };
        if (Text("target_label") is { } target)
            rule = rule with { TargetLabel = target };
        if (config.TryGetProperty("modulus", out var modulus))
            rule = rule with { Modulus = modulus.GetUInt64() };
        return rule;

        string? Text(string key) => config.TryGetProperty(key, out var value) ? value.GetString() : null;
    }

    private static LabelSet Labels(JsonElement labels) => LabelSet.From(labels.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString()!)));

    private static IEnumerable<JsonElement> Kit(string group) => ConformanceData.Json("relabel", "relabel-cases.json").GetProperty(group).EnumerateArray();
}

using ActorMon.Model.Names;
using ActorMon.Rules.Files;
using ActorMon.Rules.Tests.Support;

namespace ActorMon.Rules.Tests.Files;

public sealed class RuleFileCheckerTests
{
    [Fact]
    public void Every_error_names_file_place_group_and_rule()
    {
        var bad = new RuleSection { Record = "r", Alert = "A", Expression = "rate(x)", RecordPlace = new(4, 17), AlertPlace = new(5, 16), ExpressionPlace = new(6, 15) };
        Assert.Equal(
        [
            "f.yml: 4:17: 5:16: group \"g\", rule 1, \"A\": only one of 'record' and 'alert' must be set",
            "f.yml: 6:15: group \"g\", rule 1, \"A\": could not parse expression: 1:6: parse error: expected type range vector in call to function \"rate\", got instant vector",
        ], Errors(RuleBench.Section(bad)));
    }

    [Fact]
    public void A_recording_rule_has_nothing_that_is_for_alerts()
    {
        var rule = new RuleSection
        {
            Record = "a{b=\"c\"}",
            Expression = "1",
            For = TimeSpan.FromMinutes(1),
            KeepFiringFor = TimeSpan.FromMinutes(1),
            RecordPlace = new(2, 3),
            Annotations = new Dictionary<string, string> { ["a"] = "{{ broken }}" },
            Labels = new Dictionary<string, string> { ["__name__"] = "x" },
        };
        var head = "f.yml: 2:3: group \"g\", rule 1, \"a{b=\\\"c\\\"}\": ";
        Assert.Equal(
        [
            head + "invalid field 'annotations' in recording rule", head + "invalid field 'for' in recording rule", head + "invalid field 'keep_firing_for' in recording rule",
            head + "braces present in the recording rule name; should it be in expr?: a{b=\"c\"}", "f.yml: group \"g\", rule 1, \"a{b=\\\"c\\\"}\": invalid label name: __name__",
        ], Errors(RuleBench.Section(rule)));
    }

    [Fact]
    public void Names_follow_the_scheme_and_templates_must_compile()
    {
        var rule = RuleBench.Alert("A", "1", labels: ["a-b", "{{ broken }}"], annotations: ["c-d", "{{ broken }}"]);
        Assert.Equal(
        [
            "f.yml: group \"g\", rule 1, \"A\": label \"a-b\": template: __alert_A:1: function \"broken\" not defined", "f.yml: group \"g\", rule 1, \"A\": annotation \"c-d\": template: __alert_A:1: function \"broken\" not defined",
        ], Errors(RuleBench.Section(rule)));
        Assert.Equal(
            ["invalid label name: a-b", "invalid annotation name: c-d"],
            Errors(RuleBench.Section(rule), NameValidation.Legacy).Take(2).Select(e => e[(e.LastIndexOf("\"A\": ", StringComparison.Ordinal) + 5)..]));
    }

    [Fact]
    public void Groups_have_a_name_of_their_own()
    {
        var file = new RuleFile("f.yml", [RuleBench.Section() with { Name = "", Place = new(2, 5) }, RuleBench.Section() with { Place = new(3, 5) }, RuleBench.Section() with { Place = new(4, 5) }]);
        Assert.Equal(
            ["f.yml: 2:5: Groupname must not be empty", "f.yml: 4:5: groupname: \"g\" is repeated in the same file"],
            RuleFileChecker.Check(file, RuleBench.Checks).Select(e => e.ToString()));
    }

    [Fact]
    public void Duplicates_are_found_once_with_the_labels_of_their_group()
    {
        var group = RuleBench.Section(RuleBench.Record("a", "1", "l", "1"), RuleBench.Record("a", "2"), RuleBench.Record("a", "3"), RuleBench.Record("a", "4", "l", "2"));
        var file = new RuleFile("f.yml", [group with { Labels = new Dictionary<string, string> { ["l"] = "1" } }, RuleBench.Section(RuleBench.Record("b", "1"))]);
        Assert.Equal(["a {l=\"1\"}"], DuplicateRules.Find(file).Select(d => $"{d.Metric} {d.Labels}"));
    }

    private static IEnumerable<string> Errors(RuleGroupSection group, NameValidation names = NameValidation.Utf8) =>
        RuleFileChecker.Check(new RuleFile("f.yml", [group]), RuleBench.Checks with { Names = names }).Select(e => e.ToString());
}

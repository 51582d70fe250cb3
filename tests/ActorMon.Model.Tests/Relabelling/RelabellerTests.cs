using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Names;
using ActorMon.Model.Relabelling;

namespace ActorMon.Model.Tests.Relabelling;

public sealed class RelabellerTests
{
    [Fact]
    public void Nothing_changed_gives_the_same_instance()
    {
        var labels = LabelSet.Of("a", "1");
        Assert.Same(labels, Relabeller.Apply(labels, [new RelabelRule { Action = RelabelAction.Keep, SourceLabels = ["a"] }]));
    }

    [Fact]
    public void A_fixed_replacement_needs_no_source() =>
        Assert.Equal(LabelSet.Of("a", "1", "env", "prod"), Relabeller.Apply(LabelSet.Of("a", "1"), [new RelabelRule { TargetLabel = "env", Replacement = "prod" }]));

    [Fact]
    public void A_target_that_expands_to_no_valid_name_changes_nothing()
    {
        var rule = new RelabelRule { SourceLabels = ["a"], Regex = AnchoredRegex.Parse("(.*)x"), TargetLabel = "$1", Replacement = "v" };
        Assert.Equal(LabelSet.Of("a", "1-x"), Relabeller.Apply(LabelSet.Of("a", "1-x"), [rule], NameValidation.Legacy));
        Assert.Equal(LabelSet.Of("a", "1-x", "1-", "v"), Relabeller.Apply(LabelSet.Of("a", "1-x"), [rule], NameValidation.Utf8));
    }

    [Fact]
    public void Letters_change_case_as_in_Go()
    {
        RelabelRule[] rules =
        [
            new() { Action = RelabelAction.Uppercase, SourceLabels = ["a"], TargetLabel = "u" },
            new() { Action = RelabelAction.Lowercase, SourceLabels = ["a"], TargetLabel = "l" },
        ];
        var result = Relabeller.Apply(LabelSet.Of("a", "aZéıſİ\u212A"), rules)!;
        Assert.Equal("AZÉISİ\u212A", result.Get("u"));
        Assert.Equal("azéıſik", result.Get("l"));
    }

    [Fact]
    public void Values_are_joined_by_the_separator_also_missing_ones() =>
        Assert.Equal("1//3", Relabeller.Apply(
            LabelSet.Of("a", "1", "c", "3"),
            [new RelabelRule { SourceLabels = ["a", "b", "c"], Separator = "/", TargetLabel = "t" }])!.Get("t"));

    [Theory]
    [InlineData(RelabelAction.HashMod, "relabel configuration for hashmod requires non-zero modulus")]
    [InlineData(RelabelAction.LabelDrop, "labeldrop action requires only 'regex', and no other fields")]
    [InlineData(RelabelAction.KeepEqual, "keepequal action requires only 'source_labels' and `target_label`, and no other fields")]
    public void Fields_that_an_action_does_not_take_are_refused(RelabelAction action, string error)
    {
        var rule = new RelabelRule { Action = action, TargetLabel = "t", Separator = action == RelabelAction.HashMod ? ";" : "-" };
        Assert.Equal(error, RelabelRuleValidation.Check(rule, NameValidation.Utf8));
    }

    [Fact]
    public void An_unknown_action_is_refused()
    {
        Assert.False(RelabelRuleValidation.TryParseAction("explode", out _, out var error));
        Assert.Equal("unknown relabel action \"explode\"", error);
        Assert.True(RelabelRuleValidation.TryParseAction("KeepEqual", out var action, out _));
        Assert.Equal(RelabelAction.KeepEqual, action);
    }
}

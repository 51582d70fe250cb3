using ActorMon.Model.Matchers;
using ActorMon.Model.Names;
using ActorMon.Model.Text;

namespace ActorMon.Model.Relabelling;

/// <summary>Something wrong with a relabelling rule.</summary>
/// <param name="Field">The key of the configuration file it is about.</param>
/// <param name="Text">The peer's error text.</param>
public readonly record struct RelabelProblem(string Field, string Text);

/// <summary>What a relabelling rule must fulfil before it is used (Prometheus' relabel.Config.Validate).</summary>
public static class RelabelRuleValidation
{
    private static readonly RelabelRule Defaults = new();

    // Label name parts and $1, ${1} or $name references in any order, not starting with a digit.
    private static readonly AnchoredRegex LegacyTarget = AnchoredRegex.Parse(@"(?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+");

    /// <summary>The peer's error text, or null when the rule is good.</summary>
    public static string? Check(RelabelRule rule, NameValidation names) => Problems(rule, names).Select(problem => problem.Text).FirstOrDefault();

    /// <summary>All that is wrong with a rule, in the order the peer looks (it stops at the first).</summary>
    public static IEnumerable<RelabelProblem> Problems(RelabelRule rule, NameValidation names)
    {
        if (!Enum.IsDefined(rule.Action))
        {
            yield return new RelabelProblem("action", "relabel action cannot be empty");
            yield break;
        }
        var action = ActionName(rule.Action);
        if (rule.Action == RelabelAction.HashMod && rule.Modulus == 0)
            yield return new RelabelProblem("modulus", "relabel configuration for hashmod requires non-zero modulus");
        var isCase = rule.Action is RelabelAction.Lowercase or RelabelAction.Uppercase;
        var isEqual = rule.Action is RelabelAction.KeepEqual or RelabelAction.DropEqual;
        if (isCase || isEqual || rule.Action is RelabelAction.Replace or RelabelAction.HashMod)
        {
            var isTemplate = rule.Action == RelabelAction.Replace && rule.TargetLabel.Contains('$', StringComparison.Ordinal);
            if (rule.TargetLabel.Length == 0)
                yield return new RelabelProblem("target_label", $"relabel configuration for {action} action requires 'target_label' value");
            else if (!(isTemplate ? IsValidTemplate(rule.TargetLabel, names) : NameValidator.IsValidLabelName(rule.TargetLabel, names)))
                yield return new RelabelProblem("target_label", $"{GoQuote.Quote(rule.TargetLabel)} is invalid 'target_label' for {action} action");
        }
        var isReplaced = rule.Replacement != Defaults.Replacement;
        if ((isCase || isEqual) && isReplaced)
            yield return new RelabelProblem("replacement", $"'replacement' can not be set for {action} action");
        if (rule.Action == RelabelAction.LabelMap && !IsValidTemplate(rule.Replacement, names))
            yield return new RelabelProblem("replacement", $"{GoQuote.Quote(rule.Replacement)} is invalid 'replacement' for {action} action");
        var others = rule.Modulus != 0 || rule.Separator != Defaults.Separator || isReplaced;
        if (isEqual && (others || !ReferenceEquals(rule.Regex, RelabelRule.DefaultRegex)))
            yield return new RelabelProblem("action", $"{action} action requires only 'source_labels' and `target_label`, and no other fields");
        if (rule.Action is RelabelAction.LabelDrop or RelabelAction.LabelKeep && (others || rule.SourceLabels.Length > 0 || rule.TargetLabel.Length > 0))
            yield return new RelabelProblem("action", $"{action} action requires only 'regex', and no other fields");
    }

    /// <summary>True for a template that can become a legacy label name: names and $1, ${1}, $name references.</summary>
    public static bool IsLegacyTarget(string template) => LegacyTarget.IsMatch(template);

    /// <summary>The action's name in configuration files.</summary>
    public static string ActionName(RelabelAction action) => action.ToString().ToLowerInvariant();

    /// <summary>The action of a name, in any case; false with the peer's error text when there is none.</summary>
    public static bool TryParseAction(string name, out RelabelAction action, out string error)
    {
        foreach (var candidate in Enum.GetValues<RelabelAction>())
            if (string.Equals(candidate.ToString(), name, StringComparison.OrdinalIgnoreCase))
            {
                action = candidate;
                error = "";
                return true;
            }
        action = default;
        error = $"unknown relabel action {GoQuote.Quote(name)}";
        return false;
    }

    private static bool IsValidTemplate(string template, NameValidation names) => names == NameValidation.Legacy
        ? IsLegacyTarget(template)
        : NameValidator.IsValidLabelName(template, names);
}

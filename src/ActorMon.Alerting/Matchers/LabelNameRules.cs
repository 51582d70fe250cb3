using ActorMon.Model.Names;

namespace ActorMon.Alerting.Matchers;

/// <summary>Which label names the Alertmanager takes: any UTF-8, or the classic letters, digits and underscores.</summary>
public static class LabelNameRules
{
    public static bool IsValid(string name, MatcherSyntax syntax) =>
        NameValidator.IsValidLabelName(name, syntax == MatcherSyntax.Classic ? NameValidation.Legacy : NameValidation.Utf8);
}

using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Units;
using ActorMon.Model.Matchers;
using ActorMon.Model.Names;
using ActorMon.Model.Relabelling;
using ActorMon.Model.Text;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Configuration.Sections;

/// <summary>Relabelling rules: keys, rules about them by name validation scheme, and the resulting <see cref="RelabelRule"/>.</summary>
internal static class RelabelSection
{
    private const string DefaultRegex = "(.*)";
    private const string DefaultSeparator = ";";
    private const string DefaultReplacement = "$1";

    private static readonly Dictionary<string, RelabelAction> Actions = new(StringComparer.Ordinal)
    {
        ["replace"] = RelabelAction.Replace,
        ["keep"] = RelabelAction.Keep,
        ["drop"] = RelabelAction.Drop,
        ["keepequal"] = RelabelAction.KeepEqual,
        ["dropequal"] = RelabelAction.DropEqual,
        ["hashmod"] = RelabelAction.HashMod,
        ["labelmap"] = RelabelAction.LabelMap,
        ["labeldrop"] = RelabelAction.LabelDrop,
        ["labelkeep"] = RelabelAction.LabelKeep,
        ["lowercase"] = RelabelAction.Lowercase,
        ["uppercase"] = RelabelAction.Uppercase,
    };

    public static readonly SectionSchema Schema = new("relabel.plain",
        new KeySpec("source_labels", KeyKind.TextList)
        {
            Flow = true,
            TypeName = "model.LabelNames",
            Check = name => ScalarReader.IsLabelName(name) ? null : $"{GoQuote.Quote(name)} is not a valid label name",
        },
        Key.Text("separator", DefaultSeparator, always: true),
        new KeySpec("regex", KeyKind.Text) { Default = DefaultRegex, Check = RegexProblem },
        Key.Unsigned64("modulus"),
        Key.Text("target_label"),
        Key.Text("replacement", DefaultReplacement, always: true),
        new KeySpec("action", KeyKind.Text) { Default = "replace", Check = a => Actions.ContainsKey(a.ToLowerInvariant()) ? null : $"unknown relabel action {GoQuote.Quote(a)}" })
    {
        Check = (s, _) => s["action"] = s.Text("action").ToLowerInvariant(),
    };

    public static KeySpec ListKey(string name, string nullItem) => Key.SectionList(name, Schema, nullItem);

    public static void Check(ConfigSection s, NameValidation scheme, ReadContext context)
    {
        if (ReadContext.HasErrors(s, "action"))
            return;
        var name = s.Text("action");
        if (!Actions.TryGetValue(name, out var action))
        {
            if (name.Length == 0)
                context.Error(s, "action", "relabel action cannot be empty");
            return;
        }
        var target = s.Text("target_label");
        var needsTarget = action is RelabelAction.Replace or RelabelAction.HashMod or RelabelAction.Lowercase or RelabelAction.Uppercase
            or RelabelAction.KeepEqual or RelabelAction.DropEqual;
        if (action == RelabelAction.HashMod && (ulong)s["modulus"]! == 0)
            context.Error(s, "modulus", "relabel configuration for hashmod requires non-zero modulus");
        if (needsTarget && target.Length == 0)
            context.Error(s, "target_label", $"relabel configuration for {name} action requires 'target_label' value");
        else if (needsTarget && !IsTarget(target, scheme, template: action == RelabelAction.Replace))
            context.Error(s, "target_label", $"{GoQuote.Quote(target)} is invalid 'target_label' for {name} action");
        var replaced = s.Text("replacement") != DefaultReplacement;
        if (action is RelabelAction.Lowercase or RelabelAction.Uppercase or RelabelAction.KeepEqual or RelabelAction.DropEqual && replaced)
            context.Error(s, "replacement", $"'replacement' can not be set for {name} action");
        if (action == RelabelAction.LabelMap && !IsTarget(s.Text("replacement"), scheme, template: true))
            context.Error(s, "replacement", $"{GoQuote.Quote(s.Text("replacement"))} is invalid 'replacement' for {name} action");
        var others = (ulong)s["modulus"]! != 0 || s.Text("separator") != DefaultSeparator || replaced;
        if (action is RelabelAction.KeepEqual or RelabelAction.DropEqual && (others || s.Text("regex") != DefaultRegex))
            context.Error(s, "action", $"{name} action requires only 'source_labels' and `target_label`, and no other fields");
        if (action is RelabelAction.LabelDrop or RelabelAction.LabelKeep && (others || s["source_labels"] is not null || target.Length > 0))
            context.Error(s, "action", $"{name} action requires only 'regex', and no other fields");
    }

    public static void CheckAll(ConfigSection owner, string key, NameValidation scheme, ReadContext context)
    {
        foreach (var rule in owner.Sections(key))
            Check(rule, scheme, context);
    }

    public static IReadOnlyList<RelabelRule> Build(ConfigSection owner, string key) => [.. owner.Sections(key).Select(Build)];

    private static RelabelRule Build(ConfigSection s) => new()
    {
        SourceLabels = [.. s.List("source_labels")],
        Separator = s.Text("separator"),
        Regex = s.Text("regex") == DefaultRegex ? RelabelRule.DefaultRegex : AnchoredRegex.Parse(s.Text("regex")),
        Modulus = (ulong)s["modulus"]!,
        TargetLabel = s.Text("target_label"),
        Replacement = s.Text("replacement"),
        Action = Actions[s.Text("action")],
    };

    private static bool IsTarget(string text, NameValidation scheme, bool template) => template && scheme == NameValidation.Legacy
        ? RelabelRuleValidation.IsLegacyTarget(text)
        : NameValidator.IsValidLabelName(text, scheme);

    private static string? RegexProblem(string pattern)
    {
        if (!ByteText.IsValid(pattern))
            return $"error parsing regexp: invalid UTF-8: `{pattern}`";
        try
        {
            AnchoredRegex.Parse(pattern);
            return null;
        }
        // The engine behind the regex reports what it cannot take in these three ways.
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException)
        {
            return e.Message.StartsWith("error parsing regexp", StringComparison.Ordinal) ? e.Message : "error parsing regexp: " + e.Message;
        }
    }
}

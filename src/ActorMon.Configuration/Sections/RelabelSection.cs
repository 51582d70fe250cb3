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
        new KeySpec("action", KeyKind.Text) { Default = "replace", Check = a => RelabelRuleValidation.TryParseAction(a, out _, out var error) ? null : error })
    {
        Check = (s, _) => s["action"] = s.Text("action").ToLowerInvariant(),
    };

    public static KeySpec ListKey(string name, string nullItem) => Key.SectionList(name, Schema, nullItem);

    public static void Check(ConfigSection s, NameValidation scheme, ReadContext context)
    {
        if (ReadContext.HasErrors(s, "action"))
            return;
        if (s.Text("action").Length == 0)
        {
            context.Error(s, "action", "relabel action cannot be empty");
            return;
        }
        var rule = Build(s, withRegex: !ReadContext.HasErrors(s, "regex"));
        var found = false;
        foreach (var (field, text) in RelabelRuleValidation.Problems(rule, scheme))
        {
            context.Error(s, field, text);
            found = true;
        }
        // An empty list of source labels counts as written, which a rule cannot tell.
        if (!found && rule is { Action: RelabelAction.LabelDrop or RelabelAction.LabelKeep } && s["source_labels"] is not null)
            context.Error(s, "action", $"{s.Text("action")} action requires only 'regex', and no other fields");
    }

    public static void CheckAll(ConfigSection owner, string key, NameValidation scheme, ReadContext context)
    {
        foreach (var rule in owner.Sections(key))
            Check(rule, scheme, context);
    }

    public static IReadOnlyList<RelabelRule> Build(ConfigSection owner, string key) => [.. owner.Sections(key).Select(rule => Build(rule, withRegex: true))];

    private static RelabelRule Build(ConfigSection s, bool withRegex) => new()
    {
        SourceLabels = [.. s.List("source_labels")],
        Separator = s.Text("separator"),
        Regex = !withRegex || s.Text("regex") == DefaultRegex ? RelabelRule.DefaultRegex : AnchoredRegex.Parse(s.Text("regex")),
        Modulus = (ulong)s["modulus"]!,
        TargetLabel = s.Text("target_label"),
        Replacement = s.Text("replacement"),
        Action = RelabelRuleValidation.TryParseAction(s.Text("action"), out var action, out _) ? action : default,
    };

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

using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Yaml;
using ActorMon.Rules.Files;

namespace ActorMon.Configuration.Rules;

/// <summary>The keys of rule files.</summary>
internal static class RuleFileSchema
{
    private static readonly SectionSchema Rule = new("rulefmt.Rule",
        Key.Text("record"), Key.Text("alert"), Key.Text("expr"), Key.Duration("for"), Key.Duration("keep_firing_for"), Key.TextMap("labels"), Key.TextMap("annotations"));

    private static readonly SectionSchema Group = new("rulefmt.RuleGroup",
        Key.Text("name"), Key.Duration("interval"), Key.Duration("query_offset"), Key.Integer("limit"), Key.SectionList("rules", Rule, "empty or null rule"),
        Key.TextMap("labels"));

    public static readonly SectionSchema File = new("rulefmt.RuleGroups", Key.SectionList("groups", Group, "empty or null group"));

    public static RuleFile Build(string path, ConfigSection file) => new(path, [.. file.Sections("groups").Select(BuildGroup)]);

    private static RuleGroupSection BuildGroup(ConfigSection group) => new(
        group.Text("name"), group.Duration("interval"), group.IsWritten("query_offset") ? group.Duration("query_offset") : null, group.Integer("limit"), group.Map("labels"),
        [.. group.Sections("rules").Select(BuildRule)], Place(group.Node));

    private static RuleSection BuildRule(ConfigSection rule) => new()
    {
        Record = rule.Text("record"),
        Alert = rule.Text("alert"),
        Expression = rule.Text("expr"),
        For = rule.Duration("for"),
        KeepFiringFor = rule.Duration("keep_firing_for"),
        Labels = rule.Map("labels"),
        Annotations = rule.Map("annotations"),
        RecordPlace = Place(rule, "record"),
        AlertPlace = Place(rule, "alert"),
        ExpressionPlace = Place(rule, "expr"),
    };

    private static FilePlace Place(ConfigSection section, string key) => Place(section.NodeOf(section.Schema.IndexOf(key)));

    private static FilePlace Place(YamlNode? node) => node is null ? default : new FilePlace(node.Line, node.Column);
}

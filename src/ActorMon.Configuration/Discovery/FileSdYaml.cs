using System.Text;
using ActorMon.Discovery;
using ActorMon.Discovery.Files;
using ActorMon.Model.Labels;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace ActorMon.Configuration.Discovery;

/// <summary>
/// The YAML form of a target file, a list of <c>targets</c> and <c>labels</c>; the parser that the room Discovery is given. Strict as the peer is: unknown and
/// double keys, null groups and values of another shape refuse the file. Any scalar is a string; null is an empty one, an empty list or an empty map.
/// </summary>
public static class FileSdYaml
{
    /// <summary>A target file nests three levels; text that nests deeper is refused before anything walks it recursively.</summary>
    private const int MaxDepth = 16;

    /// <summary>Aliases let a small file name many targets.</summary>
    private const int MaxTargets = 1_000_000;

    public static FileSdParseResult Parse(ReadOnlyMemory<byte> text, string fileName)
    {
        try
        {
            var characters = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text.Span);
            if (TooDeep(characters) is { } error)
                return FileSdParseResult.Failed(error);
            var stream = new YamlStream();
            stream.Load(new StringReader(characters));
            return stream.Documents.Count == 0 ? FileSdParseResult.Of([]) : Groups(stream.Documents[0].RootNode);
        }
        catch (DecoderFallbackException)
        {
            return FileSdParseResult.Failed("yaml: invalid UTF-8");
        }
        catch (YamlException e)
        {
            return FileSdParseResult.Failed($"yaml: line {e.Start.Line}: {e.Message}");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException)
        {
            // The YAML library throws these, too, for some malformed texts.
            return FileSdParseResult.Failed($"yaml: malformed text: {e.Message}");
        }
    }

    private static string? TooDeep(string text)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth + 2)
                return $"yaml: line {parser.Current.Start.Line}: nested deeper than {MaxDepth} levels";
        }
        return null;
    }

    private static FileSdParseResult Groups(YamlNode root)
    {
        if (IsNull(root))
            return FileSdParseResult.Of([]);
        if (root is not YamlSequenceNode list)
            return Failed(root, "a list of groups is wanted");
        var groups = new List<TargetGroup>(list.Children.Count);
        var targets = 0;
        foreach (var item in list.Children)
        {
            if (IsNull(item))
                return FileSdParseResult.Failed(FileSdJson.NullGroup);
            var (group, failure) = Group(item);
            if (failure is not null)
                return failure;
            groups.Add(group!);
            targets += group!.Targets.Count;
            if (targets > MaxTargets)
                return Failed(item, $"more than {MaxTargets} targets in one file");
        }
        return FileSdParseResult.Of(groups);
    }

    private static (TargetGroup? Group, FileSdParseResult? Failure) Group(YamlNode node)
    {
        if (node is not YamlMappingNode map)
            return (null, Failed(node, "a group is wanted"));
        List<LabelSet> targets = [];
        var labels = new LabelSetBuilder();
        foreach (var (key, value) in map.Children)
        {
            var failure = key is not YamlScalarNode field ? Failed(key, "a key must be a string") : field.Value switch
            {
                "targets" => Targets(value, targets),
                "labels" => Labels(value, labels),
                var other => Failed(key, $"field {other} not found in a target group"),
            };
            if (failure is not null)
                return (null, failure);
        }
        return (new TargetGroup("", labels.Build(), targets), null);
    }

    private static FileSdParseResult? Targets(YamlNode node, List<LabelSet> targets)
    {
        if (IsNull(node))
            return null;
        if (node is not YamlSequenceNode list)
            return Failed(node, "the list of targets is wanted");
        if (list.Children.Count > MaxTargets)
            return Failed(node, $"more than {MaxTargets} targets in one file");
        foreach (var item in list.Children)
        {
            if (item is not YamlScalarNode address)
                return Failed(item, "a target is wanted");
            targets.Add(LabelSet.Of(LabelNames.Address, Text(address)));
        }
        return null;
    }

    private static FileSdParseResult? Labels(YamlNode node, LabelSetBuilder labels)
    {
        if (IsNull(node))
            return null;
        if (node is not YamlMappingNode map)
            return Failed(node, "labels are wanted");
        foreach (var (key, value) in map.Children)
        {
            if (key is not YamlScalarNode name || Text(name).Length == 0)
                return Failed(key, "\"\" is not a valid label name");
            if (value is not YamlScalarNode text)
                return Failed(value, $"the value of label {name.Value} must be a string");
            labels.Set(Text(name), Text(text));
        }
        return null;
    }

    private static string Text(YamlScalarNode node) => IsNull(node) ? "" : node.Value ?? "";

    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };

    private static FileSdParseResult Failed(YamlNode node, string text) => FileSdParseResult.Failed($"yaml: line {node.Start.Line}: {text}");
}

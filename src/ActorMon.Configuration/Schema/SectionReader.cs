using ActorMon.Configuration.Files;
using ActorMon.Configuration.Units;
using ActorMon.Configuration.Yaml;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Schema;

/// <summary>Reads a mapping by its schema, reporting every unknown or repeated key and every value that does not fit.</summary>
internal static class SectionReader
{
    public static ConfigSection Read(SectionSchema schema, YamlNode? node, string path, ReadContext context)
    {
        var section = new ConfigSection(schema, path, node);
        if (node is YamlMapping mapping)
            ReadKeys(section, mapping, context);
        else if (node is not null && !ScalarTypes.IsNull(node))
        {
            ScalarReader.Misfit(schema.TypeName, node, path, context);
            return section;
        }
        schema.Check?.Invoke(section, context);
        return section;
    }

    private static void ReadKeys(ConfigSection section, YamlMapping mapping, ReadContext context)
    {
        var schema = section.Schema;
        foreach (var (keyNode, value) in mapping.Entries)
        {
            if (keyNode is not YamlScalar key)
            {
                context.Mismatch(keyNode, section.Path, "a key must be text");
                continue;
            }
            if (!schema.TryIndex(key.Text, out var index))
            {
                if (!context.IgnoreUnknownKeys)
                    context.Mismatch(keyNode, section.Child(key.Text), $"field {key.Text} not found in type {schema.TypeName}");
                continue;
            }
            if (section.NodeOf(index) is not null)
            {
                context.Mismatch(keyNode, section.Child(key.Text), $"field {key.Text} already set in type {schema.TypeName}");
                continue;
            }
            // The key's own line is where an editor should go, except for values that are on lines of their own anyway.
            section.Written(index, value is YamlScalar { Text.Length: > 0 } ? value : keyNode);
            var errors = context.Errors.Count;
            section[index] = Value(schema.Keys[index], value, section.Child(key.Text), context) ?? section[index];
            if (context.Errors.Count > errors)
                section.Break(index);
        }
    }

    private static object? Value(KeySpec spec, YamlNode node, string path, ReadContext context)
    {
        switch (spec.Kind)
        {
            case KeyKind.TextList or KeyKind.SecretList or KeyKind.PathList:
                return List(spec, node, path, context);
            case KeyKind.TextMap or KeyKind.SecretMap or KeyKind.LabelMap:
                return Map(spec, node, path, context);
            case KeyKind.ListMap or KeyKind.SecretListMap:
                return ListMap(spec, node, path, context);
            case KeyKind.Any:
                return AnyMap(node, path, context);
            case KeyKind.AnyValue:
                return Any(node, path, context);
            case KeyKind.Section when spec.ScalarKey is { } key && node is YamlScalar { Text.Length: > 0 } scalar:
                return Read(spec.Schema!, new YamlMapping([new YamlEntry(new YamlScalar(key, true, "", node.Line, node.Column), scalar)], node.Line, node.Column), path, context);
            case KeyKind.Section:
                return ScalarTypes.IsNull(node) ? null : Read(spec.Schema!, node, path, context);
            case KeyKind.SectionList:
                return Sections(spec, node, path, context);
            case KeyKind.SectionMap:
                return SectionMap(spec, node, path, context);
            default:
                return ScalarReader.Read(spec, node, path, context);
        }
    }

    private static List<string>? List(KeySpec spec, YamlNode node, string path, ReadContext context)
    {
        if (ScalarTypes.IsNull(node))
            return null;
        if (node is not YamlSequence { Items: var items })
        {
            ScalarReader.Misfit(spec.TypeName, node, path, context);
            return null;
        }
        var list = new List<string>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            var itemPath = $"{path}[{i}]";
            if (ScalarReader.Text(items[i], "string", itemPath, context) is not { } text)
                continue;
            if (spec.Check?.Invoke(text) is { } problem)
                context.Error(items[i], itemPath, problem);
            list.Add(spec.Kind == KeyKind.PathList ? ConfigPaths.Join(context.Directory, text) : text);
        }
        return list;
    }

    private static SortedDictionary<string, string>? Map(KeySpec spec, YamlNode node, string path, ReadContext context)
    {
        if (Entries(spec.TypeName, node, path, context) is not { } entries)
            return null;
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, keyNode, value) in entries)
        {
            if (spec.Kind == KeyKind.LabelMap && !ScalarReader.IsLabelName(name))
                context.Error(keyNode, path, $"{GoQuote.Quote(name)} is not a valid label name");
            if (ScalarReader.Text(value, "string", $"{path}.{name}", context) is { } text)
                map[name] = text;
        }
        return map;
    }

    private static SortedDictionary<string, List<string>>? ListMap(KeySpec spec, YamlNode node, string path, ReadContext context)
    {
        if (Entries(spec.TypeName, node, path, context) is not { } entries)
            return null;
        var map = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (name, _, value) in entries)
            map[name] = List(spec with { Kind = KeyKind.TextList, TypeName = "[]string" }, value, $"{path}.{name}", context) ?? [];
        return map;
    }

    private static List<ConfigSection>? Sections(KeySpec spec, YamlNode node, string path, ReadContext context)
    {
        if (ScalarTypes.IsNull(node))
            return null;
        if (node is not YamlSequence sequence)
        {
            ScalarReader.Misfit("[]" + spec.Schema!.TypeName, node, path, context);
            return null;
        }
        var sections = new List<ConfigSection>(sequence.Items.Count);
        for (var i = 0; i < sequence.Items.Count; i++)
        {
            var item = sequence.Items[i];
            if (ScalarTypes.IsNull(item))
                context.Error(item, $"{path}[{i}]", spec.NullItem);
            else
                sections.Add(Read(spec.Schema!, item, $"{path}[{i}]", context));
        }
        return sections;
    }

    private static SortedDictionary<string, ConfigSection>? SectionMap(KeySpec spec, YamlNode node, string path, ReadContext context)
    {
        if (Entries("map[string]" + spec.Schema!.TypeName, node, path, context) is not { } entries)
            return null;
        var map = new SortedDictionary<string, ConfigSection>(StringComparer.Ordinal);
        foreach (var (name, _, value) in entries)
            map[name] = Read(spec.Schema, value, $"{path}.{name}", context);
        return map;
    }

    private static List<(string Name, YamlNode Key, YamlNode Value)>? Entries(string typeName, YamlNode node, string path, ReadContext context)
    {
        if (ScalarTypes.IsNull(node))
            return null;
        if (node is not YamlMapping mapping)
        {
            ScalarReader.Misfit(typeName, node, path, context);
            return null;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var entries = new List<(string, YamlNode, YamlNode)>(mapping.Entries.Count);
        foreach (var (key, value) in mapping.Entries)
        {
            if (ScalarReader.Text(key, "string", path, context) is not { } name)
                continue;
            if (seen.Add(name))
                entries.Add((name, key, value));
            else
                context.Mismatch(key, $"{path}.{name}", $"key {GoQuote.Quote(name)} already set in map");
        }
        return entries;
    }

    private static SortedDictionary<string, object?>? AnyMap(YamlNode node, string path, ReadContext context)
    {
        if (Entries("map[string]interface {}", node, path, context) is not { } entries)
            return null;
        var map = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, _, value) in entries)
            map[name] = Any(value, $"{path}.{name}", context);
        return map;
    }

    internal static object? Any(YamlNode node, string path, ReadContext context)
    {
        switch (node)
        {
            case YamlSequence sequence:
                return sequence.Items.Select((item, i) => Any(item, $"{path}[{i}]", context)).ToList();
            case YamlMapping:
                return AnyMap(node, path, context);
            case YamlScalar scalar:
                var tag = ScalarTypes.TagOf(scalar);
                if (tag == "!!null")
                    return null;
                if (tag == "!!bool" && ScalarTypes.TryBool(scalar.Text, out var flag))
                    return flag;
                if (tag == "!!int" && ScalarTypes.TryInteger(scalar.Text, out var integer) && integer >= long.MinValue && integer <= long.MaxValue)
                    return (long)integer;
                if (tag is "!!float" or "!!int" && ScalarTypes.TryFloat(scalar.Text, out var number))
                    return number;
                return ScalarReader.Text(scalar, "interface {}", path, context);
            default:
                return null;
        }
    }
}

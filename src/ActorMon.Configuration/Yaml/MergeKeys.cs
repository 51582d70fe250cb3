namespace ActorMon.Configuration.Yaml;

/// <summary>The YAML 1.1 merge key: <c>&lt;&lt;: *defaults</c> adds the entries of another mapping; entries written in the mapping itself win.</summary>
internal static class MergeKeys
{
    public static IReadOnlyList<YamlEntry> Apply(List<YamlEntry> entries)
    {
        if (!entries.Exists(IsMerge))
            return entries;
        var own = entries.Where(e => !IsMerge(e)).ToList();
        var taken = own.Select(e => e.Key).OfType<YamlScalar>().Select(k => k.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var merge in entries.Where(IsMerge))
            foreach (var source in Sources(merge.Value))
                foreach (var entry in source.Entries)
                    if (entry.Key is not YamlScalar key || taken.Add(key.Text))
                        own.Add(entry);
        return own;
    }

    // A merge of anything but mappings stays in place as the unknown key it then is.
    private static bool IsMerge(YamlEntry entry) => entry.Key is YamlScalar { Plain: true, Text: "<<" }
        && (entry.Value is YamlMapping || (entry.Value is YamlSequence list && list.Items.All(i => i is YamlMapping)));

    private static IEnumerable<YamlMapping> Sources(YamlNode value) => value is YamlMapping one ? [one] : ((YamlSequence)value).Items.Cast<YamlMapping>();
}

using ActorMon.Configuration.Schema;

namespace ActorMon.Configuration.Sections;

/// <summary>A section as plain values: string, bool, long, double, TimeSpan, lists and dictionaries of these.</summary>
internal static class SectionValues
{
    public static IReadOnlyDictionary<string, object?> ToDictionary(ConfigSection s, IReadOnlySet<string>? without = null)
    {
        var values = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        for (var i = 0; i < s.Schema.Keys.Count; i++)
            if (without is null || !without.Contains(s.Schema.Keys[i].Name))
                values[s.Schema.Keys[i].Name] = Plain(s[i]);
        return values;
    }

    private static object? Plain(object? value) => value switch
    {
        ConfigSection section => ToDictionary(section),
        List<ConfigSection> sections => sections.Select(x => (object?)ToDictionary(x)).ToList(),
        SortedDictionary<string, ConfigSection> map => map.ToDictionary(p => p.Key, p => (object?)ToDictionary(p.Value)),
        ulong number => (long)Math.Min(number, long.MaxValue),
        _ => value,
    };
}

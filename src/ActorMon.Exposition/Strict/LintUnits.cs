namespace ActorMon.Exposition.Strict;

/// <summary>Units that metric names are made of, and the base unit each should be given in.</summary>
internal static class LintUnits
{
    public static readonly string[] Abbreviations = ["s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d"];

    private static readonly string[] Prefixes =
    [
        "pico", "nano", "micro", "milli", "centi", "deci", "deca", "hecto", "kilo", "kibi", "mega", "mibi", "giga", "gibi", "tera", "tebi", "peta", "pebi",
    ];

    private static readonly Dictionary<string, string> BaseUnits = new(StringComparer.Ordinal)
    {
        ["amperes"] = "amperes", ["bytes"] = "bytes", ["celsius"] = "celsius", ["grams"] = "grams", ["joules"] = "joules", ["kelvin"] = "kelvin",
        ["meters"] = "meters", ["metres"] = "metres", ["seconds"] = "seconds", ["volts"] = "volts",
        ["minutes"] = "seconds", ["hours"] = "seconds", ["days"] = "seconds", ["weeks"] = "seconds",
        ["kelvins"] = "kelvin", ["fahrenheit"] = "celsius", ["rankine"] = "celsius",
        ["inches"] = "meters", ["yards"] = "meters", ["miles"] = "meters",
        ["bits"] = "bytes", ["calories"] = "joules", ["pounds"] = "grams", ["ounces"] = "grams",
    };

    /// <summary>The first unit among the words of the name, with its prefix, and its base unit.</summary>
    public static (string Found, string Base)? Find(string name)
    {
        foreach (var word in name.Split('_'))
        {
            if (BaseUnits.TryGetValue(word, out var unit))
                return (word, unit);
            foreach (var prefix in Prefixes)
                if (word.StartsWith(prefix, StringComparison.Ordinal) && BaseUnits.TryGetValue(word[prefix.Length..], out unit))
                    return (word, unit);
        }
        return null;
    }
}

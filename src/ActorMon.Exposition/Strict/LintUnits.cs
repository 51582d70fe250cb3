namespace ActorMon.Exposition.Strict;

/// <summary>Units that metric names are made of, and the base unit each should be given in.</summary>
internal static class LintUnits
{
    public static readonly string[] Abbreviations = ["s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d"];

    private static readonly string[] Prefixes =
    [
        "pico", "nano", "micro", "milli", "centi", "deci", "deca", "hecto", "kilo", "kibi", "mega", "mibi", "giga", "gibi", "tera", "tebi", "peta", "pebi",
    ];

    private static readonly Dictionary<string, string[]> UnitsByBase = new(StringComparer.Ordinal)
    {
        ["amperes"] = ["amperes"],
        ["bytes"] = ["bytes", "bits"],
        ["celsius"] = ["celsius", "fahrenheit", "rankine"],
        ["grams"] = ["grams", "pounds", "ounces"],
        ["joules"] = ["joules", "calories"],
        ["kelvin"] = ["kelvin", "kelvins"],
        ["meters"] = ["meters", "inches", "yards", "miles"],
        ["metres"] = ["metres"],
        ["seconds"] = ["seconds", "minutes", "hours", "days", "weeks"],
        ["volts"] = ["volts"],
    };

    private static readonly Dictionary<string, string> BaseUnits =
        UnitsByBase.SelectMany(b => b.Value.Select(unit => (unit, b.Key))).ToDictionary(p => p.unit, p => p.Key, StringComparer.Ordinal);

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

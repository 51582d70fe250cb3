using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace ActorMon.Model.Matchers.Re2;

/// <summary>The classes that have a name: \d \s \w, [:alpha:] and its like (all ASCII), and Unicode's general categories and scripts.</summary>
internal static class NamedClasses
{
    private const string Digits = "09";
    private const string Word = "09AZ__az";

    // Bounded: only names that exist are kept.
    private static readonly ConcurrentDictionary<string, RuneClass> UnicodeByName = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, UnicodeCategory[]> Categories = BuildCategories();

    /// <summary>The class of \d, \s or \w by its letter, or null.</summary>
    public static RuneClass? Perl(char letter) => letter switch
    {
        'd' => Of(Digits),
        's' => Of("\t\n\f\r  "),
        'w' => Of(Word),
        _ => null,
    };

    /// <summary>The class of a POSIX name without brackets and colons, or null.</summary>
    public static RuneClass? Posix(ReadOnlySpan<char> name) => name switch
    {
        "alnum" => Of("09AZaz"),
        "alpha" => Of("AZaz"),
        "ascii" => Of("\0\x7F"),
        "blank" => Of("\t\t  "),
        "cntrl" => Of("\0\x1F\x7F\x7F"),
        "digit" => Of(Digits),
        "graph" => Of("!~"),
        "lower" => Of("az"),
        "print" => Of(" ~"),
        "punct" => Of("!/:@[`{~"),
        "space" => Of("\t\r  "),
        "upper" => Of("AZ"),
        "word" => Of(Word),
        "xdigit" => Of("09AFaf"),
        _ => null,
    };

    /// <summary>The class of a Unicode category or script, or null. Case, spaces, hyphens and underscores in the name do not matter.</summary>
    public static RuneClass? Unicode(ReadOnlySpan<char> name)
    {
        var canonical = Canonical(name);
        if (UnicodeByName.TryGetValue(canonical, out var known))
            return known;
        var built = canonical switch
        {
            "any" => Of("\0\0").Negated().Merge(Of("\0\0")),
            "ascii" => Of("\0\x7F"),
            "assigned" => OfCategories([UnicodeCategory.OtherNotAssigned]).Negated(),
            _ when Categories.TryGetValue(canonical, out var categories) => OfCategories(categories),
            _ => UnicodeScripts.Find(canonical),
        };
        if (built is not null)
            UnicodeByName.TryAdd(canonical, built);
        return built;
    }

    /// <summary>A class from pairs of range ends.</summary>
    private static RuneClass Of(string pairs)
    {
        var set = new RuneClass();
        for (var i = 0; i < pairs.Length; i += 2)
            set.Add(pairs[i], pairs[i + 1]);
        return set.Seal();
    }

    private static RuneClass Merge(this RuneClass a, RuneClass b)
    {
        a.AddGroup(b, negated: false, folded: false);
        return a.Seal();
    }

    private static string Canonical(ReadOnlySpan<char> name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name)
            if (c is not ('_' or '-' or ' '))
                text.Append(char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c);
        return text.ToString();
    }

    private static RuneClass OfCategories(ReadOnlySpan<UnicodeCategory> categories)
    {
        var set = new RuneClass();
        var start = -1;
        for (var rune = 0; rune <= RuneClass.MaxRune + 1; rune++)
        {
            var member = rune <= RuneClass.MaxRune && categories.Contains(CharUnicodeInfo.GetUnicodeCategory(rune));
            if (member && start < 0)
                start = rune;
            if (!member && start >= 0)
            {
                set.Add(start, rune - 1);
                start = -1;
            }
        }
        return set;
    }

    private static Dictionary<string, UnicodeCategory[]> BuildCategories()
    {
        // Short code, long name, number in .NET's enumeration; the first letter of the code names the whole group.
        (string Code, string Name, UnicodeCategory Category)[] all =
        [
            ("lu", "uppercaseletter", UnicodeCategory.UppercaseLetter), ("ll", "lowercaseletter", UnicodeCategory.LowercaseLetter),
            ("lt", "titlecaseletter", UnicodeCategory.TitlecaseLetter), ("lm", "modifierletter", UnicodeCategory.ModifierLetter),
            ("lo", "otherletter", UnicodeCategory.OtherLetter), ("mn", "nonspacingmark", UnicodeCategory.NonSpacingMark),
            ("mc", "spacingmark", UnicodeCategory.SpacingCombiningMark), ("me", "enclosingmark", UnicodeCategory.EnclosingMark),
            ("nd", "decimalnumber", UnicodeCategory.DecimalDigitNumber), ("nl", "letternumber", UnicodeCategory.LetterNumber),
            ("no", "othernumber", UnicodeCategory.OtherNumber), ("zs", "spaceseparator", UnicodeCategory.SpaceSeparator),
            ("zl", "lineseparator", UnicodeCategory.LineSeparator), ("zp", "paragraphseparator", UnicodeCategory.ParagraphSeparator),
            ("cc", "control", UnicodeCategory.Control), ("cf", "format", UnicodeCategory.Format), ("cs", "surrogate", UnicodeCategory.Surrogate),
            ("co", "privateuse", UnicodeCategory.PrivateUse), ("cn", "unassigned", UnicodeCategory.OtherNotAssigned),
            ("pc", "connectorpunctuation", UnicodeCategory.ConnectorPunctuation), ("pd", "dashpunctuation", UnicodeCategory.DashPunctuation),
            ("ps", "openpunctuation", UnicodeCategory.OpenPunctuation), ("pe", "closepunctuation", UnicodeCategory.ClosePunctuation),
            ("pi", "initialpunctuation", UnicodeCategory.InitialQuotePunctuation), ("pf", "finalpunctuation", UnicodeCategory.FinalQuotePunctuation),
            ("po", "otherpunctuation", UnicodeCategory.OtherPunctuation), ("sm", "mathsymbol", UnicodeCategory.MathSymbol),
            ("sc", "currencysymbol", UnicodeCategory.CurrencySymbol), ("sk", "modifiersymbol", UnicodeCategory.ModifierSymbol),
            ("so", "othersymbol", UnicodeCategory.OtherSymbol),
        ];
        var byName = new Dictionary<string, UnicodeCategory[]>(StringComparer.Ordinal);
        foreach (var (code, name, category) in all)
            byName[code] = byName[name] = [category];
        foreach (var group in all.GroupBy(c => c.Code[0]))
            byName[group.Key.ToString()] = [.. group.Select(c => c.Category)];
        foreach (var (name, code) in new[] { ("letter", "l"), ("mark", "m"), ("number", "n"), ("separator", "z"), ("other", "c"), ("punctuation", "p"), ("symbol", "s") })
            byName[name] = byName[code];
        byName["lc"] = byName["casedletter"] = [UnicodeCategory.UppercaseLetter, UnicodeCategory.LowercaseLetter, UnicodeCategory.TitlecaseLetter];
        foreach (var (alias, code) in new[] { ("digit", "nd"), ("cntrl", "cc"), ("punct", "p"), ("combiningmark", "m") })
            byName[alias] = byName[code];
        return byName;
    }
}

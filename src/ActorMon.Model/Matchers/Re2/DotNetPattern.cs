using System.Globalization;
using System.Text;

namespace ActorMon.Model.Matchers.Re2;

/// <summary>
/// Writes a parsed RE2 expression as a .NET pattern over UTF-16 with the same matches. Every element takes whole code points: one unit below the surrogates,
/// a surrogate pair, or one lone low surrogate, which is how an invalid byte is held (see Text.ByteText). So a match never starts inside a pair.
/// One deviation: \b and \B take .NET's word characters, which differ from RE2's ASCII ones where a value has letters beyond ASCII.
/// </summary>
internal static class DotNetPattern
{
    private const string Pair = "[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]";
    private const string Any = "(?:[^\\uD800-\\uDBFF]|" + Pair + ")";
    private const string AnyNotNewline = "(?:[^\\n\\uD800-\\uDBFF]|" + Pair + ")";
    private const string Nothing = "[^\\s\\S]";
    private const int FirstAstral = 0x10000;
    private const int ReplacementCharacter = 0xFFFD;

    /// <param name="captures">Keep capture groups; without them the automaton is smaller.</param>
    public static string Of(Re2Node root, bool captures)
    {
        var pattern = new StringBuilder("\\A(?:");
        Write(root, pattern, captures);
        return pattern.Append(")\\z").ToString();
    }

    /// <summary>A pattern that matches anywhere, with its groups. A match may start at the second half of a surrogate pair only where nothing matches at the first.</summary>
    public static string Unanchored(Re2Node root)
    {
        var pattern = new StringBuilder();
        Write(root, pattern, captures: true);
        return pattern.ToString();
    }

    private static void Write(Re2Node node, StringBuilder to, bool captures)
    {
        switch (node.Kind)
        {
            case Re2Kind.Empty:
                break;
            case Re2Kind.Literal:
                foreach (var rune in node.Runes)
                    WriteRune(rune, node.FoldCase, to);
                break;
            case Re2Kind.Class:
                WriteClass(node.Class!, to);
                break;
            case Re2Kind.AnyChar:
                to.Append(Any);
                break;
            case Re2Kind.AnyCharNotNewline:
                to.Append(AnyNotNewline);
                break;
            case Re2Kind.BeginText:
                to.Append("\\A");
                break;
            case Re2Kind.EndText:
                to.Append("\\z");
                break;
            case Re2Kind.BeginLine:
                to.Append("(?m:^)");
                break;
            case Re2Kind.EndLine:
                to.Append("(?m:$)");
                break;
            case Re2Kind.WordBoundary:
                to.Append("\\b");
                break;
            case Re2Kind.NoWordBoundary:
                to.Append("\\B");
                break;
            case Re2Kind.Capture:
                to.Append(captures ? "(" : "(?:");
                Write(node.Child, to, captures);
                to.Append(')');
                break;
            case Re2Kind.Repeat:
                to.Append("(?:");
                Write(node.Child, to, captures);
                to.Append(')').Append(Quantifier(node));
                break;
            case Re2Kind.Concat:
                foreach (var child in node.Children)
                    Write(child, to, captures);
                break;
            case Re2Kind.Alternate:
                to.Append("(?:");
                for (var i = 0; i < node.Children.Length; i++)
                {
                    if (i > 0)
                        to.Append('|');
                    Write(node.Children[i], to, captures);
                }
                to.Append(')');
                break;
        }
    }

    private static string Quantifier(Re2Node node)
    {
        var counts = (node.Min, node.Max) switch
        {
            (0, Re2Node.Unlimited) => "*",
            (1, Re2Node.Unlimited) => "+",
            (0, 1) => "?",
            (var min, Re2Node.Unlimited) => string.Create(CultureInfo.InvariantCulture, $"{{{min},}}"),
            var (min, max) => string.Create(CultureInfo.InvariantCulture, $"{{{min},{max}}}"),
        };
        return node.Lazy ? counts + "?" : counts;
    }

    private static void WriteRune(int rune, bool fold, StringBuilder to)
    {
        var orbit = fold ? CaseFolding.Orbit(rune) : [rune];
        if (orbit.Length > 1)
        {
            var set = new RuneClass();
            foreach (var member in orbit)
                set.Add(member, member);
            WriteClass(set.Seal(), to);
        }
        else if (rune >= FirstAstral)
        {
            var (high, low) = Surrogates(rune);
            Unit(high, to);
            Unit(low, to);
        }
        else if (rune is >= 0xD800 and <= 0xDFFF)
        {
            // \x{D800}: no text holds it.
            to.Append(Nothing);
        }
        else
        {
            Unit((char)rune, to);
        }
    }

    private static void WriteClass(RuneClass set, StringBuilder to)
    {
        var units = new StringBuilder();
        var pairs = new StringBuilder();
        foreach (var (lo, hi) in set.Ranges)
        {
            UnitRange(lo, Math.Min(hi, 0xD7FF), units);
            UnitRange(Math.Max(lo, 0xE000), Math.Min(hi, FirstAstral - 1), units);
            // An invalid byte is U+FFFD to RE2.
            if (lo <= ReplacementCharacter && hi >= ReplacementCharacter)
                units.Append("\\uDC80-\\uDCFF");
            if (hi >= FirstAstral)
                PairRange(Math.Max(lo, FirstAstral), hi, pairs);
        }
        if (units.Length == 0 && pairs.Length == 0)
        {
            to.Append(Nothing);
            return;
        }
        if (pairs.Length == 0)
        {
            to.Append('[').Append(units).Append(']');
            return;
        }
        to.Append("(?:");
        if (units.Length > 0)
            to.Append('[').Append(units).Append(']');
        else
            pairs.Remove(0, 1);
        to.Append(pairs).Append(')');
    }

    private static void UnitRange(int lo, int hi, StringBuilder to)
    {
        if (lo > hi)
            return;
        Unit((char)lo, to);
        if (lo == hi)
            return;
        to.Append('-');
        Unit((char)hi, to);
    }

    /// <summary>Code points beyond the BMP as alternatives of (high, low) unit ranges, each with a bar before it.</summary>
    private static void PairRange(int lo, int hi, StringBuilder to)
    {
        var (firstHigh, firstLow) = Surrogates(lo);
        var (lastHigh, lastLow) = Surrogates(hi);
        if (firstHigh == lastHigh)
        {
            Pairs(firstHigh, firstHigh, firstLow, lastLow, to);
            return;
        }
        if (firstLow > '\uDC00')
            Pairs(firstHigh, firstHigh++, firstLow, '\uDFFF', to);
        var fullEnd = lastLow == '\uDFFF' ? lastHigh : (char)(lastHigh - 1);
        if (firstHigh <= fullEnd)
            Pairs(firstHigh, fullEnd, '\uDC00', '\uDFFF', to);
        if (lastLow < '\uDFFF')
            Pairs(lastHigh, lastHigh, '\uDC00', lastLow, to);
    }

    private static void Pairs(char highLo, char highHi, char lowLo, char lowHi, StringBuilder to)
    {
        to.Append("|[");
        UnitRange(highLo, highHi, to);
        to.Append("][");
        UnitRange(lowLo, lowHi, to);
        to.Append(']');
    }

    private static (char High, char Low) Surrogates(int rune) =>
        ((char)(0xD800 + ((rune - FirstAstral) >> 10)), (char)(0xDC00 + ((rune - FirstAstral) & 0x3FF)));

    private static void Unit(char c, StringBuilder to)
    {
        if (char.IsAsciiLetterOrDigit(c) || c == '_')
            to.Append(c);
        else
            to.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
    }
}

using System.Text;

namespace ActorMon.Scraping.Samples;

/// <summary>Finds labels exposed with an empty value, which a label set does not hold: with honor_labels they keep the target's label away.</summary>
internal static class EmptyLabelScan
{
    public static bool Has(ReadOnlySpan<byte> rawKey, string label)
    {
        // Most keys have none; looking for the two quotes is one vectorised pass.
        if (rawKey.IndexOf("\"\""u8) < 0)
            return false;
        var name = Encoding.UTF8.GetBytes(label);
        var at = rawKey.IndexOf((byte)'{') + 1;
        while (at > 0 && at < rawKey.Length)
        {
            at = SkipBlanks(rawKey, at);
            var nameStart = at;
            var quoted = at < rawKey.Length && rawKey[at] == '"';
            at = quoted ? EndOfQuoted(rawKey, at) : EndOfName(rawKey, at);
            var exposed = quoted ? rawKey[(nameStart + 1)..Math.Max(nameStart + 1, at - 1)] : rawKey[nameStart..at];
            at = SkipBlanks(rawKey, at);
            if (at >= rawKey.Length || rawKey[at] is (byte)'}')
                return false;
            if (rawKey[at] != '=')
            {
                at++;
                continue;
            }
            var valueStart = SkipBlanks(rawKey, at + 1);
            at = EndOfQuoted(rawKey, valueStart);
            if (at - valueStart == 2 && exposed.SequenceEqual(name))
                return true;
            at = SkipBlanks(rawKey, at);
            if (at < rawKey.Length && rawKey[at] == ',')
                at++;
        }
        return false;
    }

    private static int SkipBlanks(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t')
            at++;
        return at;
    }

    private static int EndOfName(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is not ((byte)'=' or (byte)',' or (byte)'}' or (byte)' ' or (byte)'\t'))
            at++;
        return at;
    }

    private static int EndOfQuoted(ReadOnlySpan<byte> text, int at)
    {
        for (at++; at < text.Length && text[at] != '"'; at++)
            if (text[at] == '\\')
                at++;
        return Math.Min(at + 1, text.Length);
    }
}

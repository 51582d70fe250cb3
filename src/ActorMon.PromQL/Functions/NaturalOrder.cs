namespace ActorMon.PromQL.Functions;

/// <summary>Texts in natural order: runs of digits compare as numbers, everything else byte-wise (what sort_by_label sorts by).</summary>
internal static class NaturalOrder
{
    public static int Compare(string a, string b)
    {
        if (string.Equals(a, b, StringComparison.Ordinal))
            return 0;
        var left = a.AsSpan();
        var right = b.AsSpan();
        while (!left.IsEmpty && !right.IsEmpty)
        {
            var x = TakeRun(ref left, out var xDigits);
            var y = TakeRun(ref right, out var yDigits);
            var order = xDigits && yDigits ? CompareNumbers(x, y) : x.SequenceCompareTo(y);
            if (order != 0)
                return order;
        }
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(a, b);
    }

    private static ReadOnlySpan<char> TakeRun(ref ReadOnlySpan<char> text, out bool digits)
    {
        digits = char.IsAsciiDigit(text[0]);
        var length = 1;
        while (length < text.Length && char.IsAsciiDigit(text[length]) == digits)
            length++;
        var run = text[..length];
        text = text[length..];
        return run;
    }

    private static int CompareNumbers(ReadOnlySpan<char> x, ReadOnlySpan<char> y)
    {
        x = x.TrimStart('0');
        y = y.TrimStart('0');
        return x.Length != y.Length ? x.Length.CompareTo(y.Length) : x.SequenceCompareTo(y);
    }
}

using System.Text;

namespace ActorMon.Api.Search;

/// <summary>
/// How well a value fits a search term, 0 (not at all) to 1 (the same, or a prefix). Scores are those of the original, so that both rank alike. Characters are
/// Unicode scalar values.
/// </summary>
public static class SearchScore
{
    /// <summary>A score of 1 is kept for the same text.</summary>
    private const double InexactScale = 0.999;

    private const int WinklerPrefix = 4;
    private const double WinklerScale = 0.1;

    public static Rune[] Runes(string text) => [.. text.EnumerateRunes()];

    /// <summary>Position of the term in the value: a prefix 1, the end of the value 0.1; 0: not in it.</summary>
    public static double Substring(string term, string value)
    {
        var at = value.IndexOf(term, StringComparison.Ordinal);
        if (at <= 0)
            return at < 0 ? 0 : 1;
        var position = Count(value.AsSpan(0, at));
        var last = Count(value) - Count(term);
        return 1 - 0.9 * position / last;
    }

    /// <summary>
    /// The term's characters in order, with others between them: long runs count by their square, gaps take away by their share of the value's length (behind the last
    /// run by half of it). The best start counts.
    /// </summary>
    public static double Subsequence(Rune[] term, Rune[] value)
    {
        if (term.Length == 0)
            return 1;
        if (value.AsSpan().SequenceEqual(term))
            return 1;
        var best = -1.0;
        for (var start = 0; start <= value.Length - term.Length; start++)
        {
            if (value[start] != term[0])
                continue;
            // What cannot be completed from here cannot be from further right.
            if (!TryScore(term, value, start, out var score))
                break;
            best = Math.Max(best, score);
        }
        return best < 0 ? 0 : best / (term.Length * term.Length) * InexactScale;
    }

    /// <summary>Jaro-Winkler similarity.</summary>
    public static double JaroWinkler(Rune[] term, Rune[] value)
    {
        if (term.AsSpan().SequenceEqual(value))
            return 1;
        if (term.Length == 0 || value.Length == 0)
            return 0;
        var (small, large) = term.Length <= value.Length ? (term, value) : (value, term);
        var (taken, paired) = (new bool[small.Length], new bool[large.Length]);
        var reach = Math.Max(large.Length / 2 - 1, 0);
        var matches = 0;
        for (var i = 0; i < small.Length; i++)
            for (var j = Math.Max(i - reach, 0); j < Math.Min(i + reach + 1, large.Length); j++)
                if (!paired[j] && small[i] == large[j])
                {
                    taken[i] = paired[j] = true;
                    matches++;
                    break;
                }
        if (matches == 0)
            return 0;
        var jaro = (matches * (1.0 / small.Length) + matches * (1.0 / large.Length) + (matches - Transposed(small, large, taken, paired) * 0.5) / matches) / 3;
        var prefix = small.AsSpan(0, Math.Min(WinklerPrefix, small.Length)).CommonPrefixLength(large);
        return jaro + prefix * WinklerScale * (1 - jaro);
    }

    private static int Transposed(Rune[] small, Rune[] large, bool[] taken, bool[] paired)
    {
        var transposed = 0;
        var k = 0;
        for (var i = 0; i < small.Length; i++)
        {
            if (!taken[i])
                continue;
            while (!paired[k])
                k++;
            if (small[i] != large[k++])
                transposed++;
        }
        return transposed;
    }

    private static bool TryScore(Rune[] term, Rune[] value, int start, out double score)
    {
        score = 0;
        var share = 1.0 / value.Length;
        var matched = 0;
        var end = 0;
        for (var i = start; i < value.Length && matched < term.Length; i++)
        {
            if (value[i] != term[matched])
                continue;
            var from = i;
            for (matched++; matched < term.Length && i + 1 < value.Length && value[i + 1] == term[matched]; i++)
                matched++;
            score -= (from - end) * share;
            double run = i - from + 1;
            score += run * run;
            end = i + 1;
        }
        score -= (value.Length - end) * share * 0.5;
        return matched == term.Length;
    }

    private static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }
}

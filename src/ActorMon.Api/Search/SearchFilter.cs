using System.Text;

namespace ActorMon.Api.Search;

public enum FuzzAlgorithm : byte
{
    Subsequence,
    JaroWinkler,
}

/// <summary>Accepts values that fit any of the terms; the best term's score is the value's. Without terms every value fits with score 1.</summary>
public sealed class SearchFilter
{
    private readonly List<(string Text, Rune[] Runes)> _terms = [];
    private readonly FuzzAlgorithm _algorithm;
    private readonly double _threshold;
    private readonly bool _caseSensitive;

    /// <param name="threshold">Least score of a fuzzy fit, 0 to 100; 0 leaves Jaro-Winkler out.</param>
    public SearchFilter(IEnumerable<string> terms, int threshold, FuzzAlgorithm algorithm, bool caseSensitive)
    {
        (_algorithm, _threshold, _caseSensitive) = (algorithm, threshold / 100.0, caseSensitive);
        foreach (var term in terms)
        {
            var text = caseSensitive ? term : term.ToLowerInvariant();
            if (text.Length > 0)
                _terms.Add((text, SearchScore.Runes(text)));
        }
    }

    public bool Accept(string value, out double score)
    {
        score = 1;
        if (_terms.Count == 0)
            return true;
        if (!_caseSensitive)
            value = value.ToLowerInvariant();
        var accepted = false;
        score = 0;
        Rune[]? runes = null;
        foreach (var (text, termRunes) in _terms)
        {
            if (!Fits(text, termRunes, value, ref runes, out var one))
                continue;
            accepted = true;
            score = Math.Max(score, one);
            if (score >= 1)
                break;
        }
        return accepted;
    }

    private bool Fits(string text, Rune[] termRunes, string value, ref Rune[]? runes, out double score)
    {
        if (_algorithm == FuzzAlgorithm.Subsequence)
        {
            score = 1;
            if (value.StartsWith(text, StringComparison.Ordinal))
                return true;
            score = SearchScore.Subsequence(termRunes, runes ??= SearchScore.Runes(value));
            return score > 0 && score >= _threshold;
        }
        score = SearchScore.Substring(text, value);
        if (score > 0)
            return true;
        if (_threshold <= 0)
            return false;
        score = SearchScore.JaroWinkler(termRunes, runes ??= SearchScore.Runes(value));
        return score >= _threshold;
    }
}

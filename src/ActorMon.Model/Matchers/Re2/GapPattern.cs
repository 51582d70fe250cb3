namespace ActorMon.Model.Matchers.Re2;

/// <summary>
/// Literals with <c>.*</c> or <c>.+</c> between them (dot matches newline): <c>foo.*</c>, <c>.+-(a|b)-.*</c>. Decided by searching the literals from left to right,
/// each as early as it can end, which is exact because every gap is without limit.
/// </summary>
internal sealed class GapPattern
{
    private readonly Piece[] _pieces;

    // _gaps[i]: the least number of code points between pieces i and i+1.
    private readonly int[] _gaps;

    private GapPattern(List<LiteralSet> pieces, List<int> gaps)
    {
        _pieces = [.. pieces.Select(p => new Piece([.. p.Strings], p.Folded))];
        _gaps = [.. gaps];
    }

    /// <summary>True for <c>.*</c> alone.</summary>
    public bool MatchesEverything => _gaps is [0] && _pieces[0].Options is [""] && _pieces[1].Options is [""];

    /// <summary>True when a piece compares without case.</summary>
    public bool AnyFolding => Array.Exists(_pieces, p => p.Folded);

    /// <summary>What every match starts with, when that is one text with case, else "".</summary>
    public string Prefix => _pieces[0] is { Folded: false, Options: [var only] } ? only : "";

    /// <summary>The pattern of a concatenation, or null when it is not of this form or has no gap.</summary>
    public static GapPattern? Of(List<Re2Node> concatenation)
    {
        var pieces = new List<LiteralSet> { LiteralSet.EmptyText };
        var gaps = new List<int>();
        var afterGap = false;
        foreach (var node in concatenation)
        {
            var bare = Bare(node);
            if (bare is { Kind: Re2Kind.Repeat, Max: Re2Node.Unlimited } && Bare(bare.Child).Kind == Re2Kind.AnyChar)
            {
                if (afterGap)
                    gaps[^1] += bare.Min;
                else
                    gaps.Add(bare.Min);
                if (!afterGap)
                    pieces.Add(LiteralSet.EmptyText);
                afterGap = true;
                continue;
            }
            if (LiteralSet.Of(bare) is not { } literal || !pieces[^1].TryAppend(literal))
                return null;
            afterGap = false;
        }
        return gaps.Count == 0 ? null : new GapPattern(pieces, gaps);
    }

    /// <param name="folded">The value with characters that fold into ASCII replaced, unit by unit; pieces without case look at it.</param>
    public bool Matches(ReadOnlySpan<char> value, ReadOnlySpan<char> folded)
    {
        var at = ShortestPrefix(_pieces[0].Folded ? folded : value, _pieces[0]);
        for (var i = 1; at >= 0; i++)
        {
            at = Skip(value, at, _gaps[i - 1]);
            if (at < 0)
                return false;
            var rest = (_pieces[i].Folded ? folded : value)[at..];
            if (i == _pieces.Length - 1)
                return EndsWith(rest, _pieces[i]);
            var end = EarliestEnd(rest, _pieces[i]);
            at = end < 0 ? end : at + end;
        }
        return false;
    }

    private static Re2Node Bare(Re2Node node)
    {
        while (node.Kind == Re2Kind.Capture)
            node = node.Child;
        return node;
    }

    private static int ShortestPrefix(ReadOnlySpan<char> value, Piece piece)
    {
        var best = -1;
        foreach (var option in piece.Options)
            if ((best < 0 || option.Length < best) && value.StartsWith(option, piece.Comparison))
                best = option.Length;
        return best;
    }

    private static int EarliestEnd(ReadOnlySpan<char> value, Piece piece)
    {
        var best = -1;
        foreach (var option in piece.Options)
        {
            var at = value.IndexOf(option, piece.Comparison);
            if (at >= 0 && (best < 0 || at + option.Length < best))
                best = at + option.Length;
        }
        return best;
    }

    private static bool EndsWith(ReadOnlySpan<char> value, Piece piece)
    {
        foreach (var option in piece.Options)
            if (value.EndsWith(option, piece.Comparison))
                return true;
        return false;
    }

    private static int Skip(ReadOnlySpan<char> value, int at, int codePoints)
    {
        for (; codePoints > 0; codePoints--)
        {
            if (at >= value.Length)
                return -1;
            at += char.IsHighSurrogate(value[at]) && at + 1 < value.Length ? 2 : 1;
        }
        return at;
    }

    private readonly record struct Piece(string[] Options, bool Folded)
    {
        public StringComparison Comparison => Folded ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
    }
}

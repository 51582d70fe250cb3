using System.Text;

namespace ActorMon.Model.Matchers.Re2;

/// <summary>
/// The finite language of an expression, when it has one that is small: its strings, and whether they compare without case. Case only ever means ASCII letters
/// here; an expression that folds others is left to the automaton.
/// </summary>
internal sealed class LiteralSet
{
    /// <summary>More strings than these are not worked out (Prometheus' limit too).</summary>
    public const int MaxStrings = 256;

    private enum Case : byte
    {
        /// <summary>No letters: fits both.</summary>
        Neutral,
        Sensitive,
        Folded,
    }

    private readonly List<string> _strings;
    private Case _case;

    private LiteralSet(List<string> strings, Case @case)
    {
        _strings = strings;
        _case = @case;
    }

    public static LiteralSet EmptyText => new([""], Case.Neutral);

    public IReadOnlyList<string> Strings => _strings;

    public bool Folded => _case == Case.Folded;

    /// <summary>The strings the node matches, or null when they are too many, without end, or of mixed case.</summary>
    public static LiteralSet? Of(Re2Node node)
    {
        switch (node.Kind)
        {
            case Re2Kind.Empty:
                return EmptyText;
            case Re2Kind.Literal:
                return OfLiteral(node);
            case Re2Kind.Class:
                return OfClass(node);
            case Re2Kind.Capture:
                return Of(node.Child);
            case Re2Kind.Repeat when node is { Min: 0, Max: 1 }:
                return Of(node.Child) is { } once && once.TryAdd(EmptyText, MaxStrings) ? once : null;
            case Re2Kind.Concat:
                var all = EmptyText;
                foreach (var child in node.Children)
                    if (Of(child) is not { } next || !all.TryAppend(next))
                        return null;
                return all;
            case Re2Kind.Alternate:
                LiteralSet? any = null;
                foreach (var child in node.Children)
                {
                    if (Of(child) is not { } next)
                        return null;
                    if (any is null)
                        any = next;
                    else if (!any.TryAdd(next, MaxStrings))
                        return null;
                }
                return any;
            default:
                return null;
        }
    }

    /// <summary>Adds the other's strings; false (and nothing usable left) when the cases do not fit or they become too many.</summary>
    public bool TryAdd(LiteralSet other, int limit)
    {
        if (!TryUnify(other) || _strings.Count + other._strings.Count > limit)
            return false;
        _strings.AddRange(other._strings);
        return true;
    }

    /// <summary>Follows each string by each of the other's.</summary>
    public bool TryAppend(LiteralSet other)
    {
        if (!TryUnify(other) || _strings.Count * other._strings.Count > MaxStrings)
            return false;
        var before = _strings.ToArray();
        _strings.Clear();
        foreach (var head in before)
            foreach (var tail in other._strings)
                _strings.Add(head + tail);
        return true;
    }

    private bool TryUnify(LiteralSet other)
    {
        if (_case != Case.Neutral && other._case != Case.Neutral && _case != other._case)
            return false;
        if (_case == Case.Neutral)
            _case = other._case;
        return true;
    }

    private static LiteralSet? OfLiteral(Re2Node node)
    {
        var text = new StringBuilder(node.Runes.Length);
        var @case = Case.Neutral;
        foreach (var value in node.Runes)
        {
            if (!Rune.TryCreate(value, out var rune))
                return null;
            if (node.FoldCase && !rune.IsAscii && CaseFolding.Orbit(value).Length > 1)
                return null;
            if (!rune.IsAscii || char.IsAsciiLetter((char)value))
                @case = node.FoldCase ? Case.Folded : Case.Sensitive;
            text.Append(rune);
        }
        return new LiteralSet([text.ToString()], @case);
    }

    private static LiteralSet? OfClass(Re2Node node)
    {
        if (node.Class!.Size > MaxStrings)
            return null;
        var strings = new List<string>();
        var @case = Case.Neutral;
        foreach (var (lo, hi) in node.Class.Ranges)
            for (var value = lo; value <= hi; value++)
            {
                // U+FFFD stands for invalid bytes as well, which are many strings.
                if (!Rune.TryCreate(value, out var rune) || value == 0xFFFD)
                    return null;
                if (node.FoldCase && CaseFolding.Least(value) != value)
                    continue;
                if (node.FoldCase && !rune.IsAscii && CaseFolding.Orbit(value).Length > 1)
                    return null;
                if (!rune.IsAscii || char.IsAsciiLetter((char)value))
                    @case = node.FoldCase ? Case.Folded : Case.Sensitive;
                strings.Add(rune.ToString());
            }
        return strings.Count == 0 ? null : new LiteralSet(strings, @case);
    }
}

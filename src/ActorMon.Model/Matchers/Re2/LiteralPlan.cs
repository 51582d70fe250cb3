namespace ActorMon.Model.Matchers.Re2;

/// <summary>
/// Decides an anchored expression without an automaton when it consists of alternatives that are literals or <see cref="GapPattern"/>s, which most matchers do.
/// </summary>
internal sealed class LiteralPlan
{
    private const int MaxGapPatterns = 64;
    private const int LinearSetSize = 8;
    private const char KelvinSign = '\u212A';
    private const char LongS = '\u017F';

    private readonly string[] _sensitive;
    private readonly string[] _folded;
    private readonly HashSet<string>? _sensitiveIndex;
    private readonly HashSet<string>? _foldedIndex;
    private readonly GapPattern[] _gapped;
    private readonly bool _everything;
    private readonly bool _anyFolding;

    private LiteralPlan(List<string> sensitive, List<string> folded, List<GapPattern> gapped, bool anyFolding)
    {
        _sensitive = [.. sensitive];
        _folded = [.. folded];
        _gapped = [.. gapped];
        _anyFolding = anyFolding;
        _everything = gapped.Exists(g => g.MatchesEverything);
        if (_sensitive.Length > LinearSetSize)
            _sensitiveIndex = new HashSet<string>(_sensitive, StringComparer.Ordinal);
        if (_folded.Length > LinearSetSize)
            _foldedIndex = new HashSet<string>(_folded, StringComparer.OrdinalIgnoreCase);
    }

    public bool MatchesEverything => _everything;

    /// <summary>The whole language, when it is a finite set compared with case.</summary>
    public IReadOnlyList<string>? SensitiveSet => _gapped.Length == 0 && _folded.Length == 0 ? _sensitive : null;

    /// <summary>The whole language, when it is a finite set compared without case.</summary>
    public IReadOnlyList<string>? FoldedSet => _gapped.Length == 0 && _sensitive.Length == 0 ? _folded : null;

    /// <summary>What every match starts with, or "".</summary>
    public string Prefix => (_sensitive, _folded, _gapped) switch
    {
        ([], [], [var only]) => only.Prefix,
        ([var only], [], []) => only,
        _ => "",
    };

    /// <summary>The plan for an expression, or null when only an automaton can decide it.</summary>
    public static LiteralPlan? Of(Re2Node root)
    {
        var sensitive = new List<string>();
        var folded = new List<string>();
        var gapped = new List<GapPattern>();
        var core = WithoutAnchors(root);
        var anyFolding = false;
        foreach (var branch in core.Kind == Re2Kind.Alternate ? core.Children : [core])
        {
            if (LiteralSet.Of(branch) is { } set)
            {
                (set.Folded ? folded : sensitive).AddRange(set.Strings);
                anyFolding |= set.Folded;
                continue;
            }
            var pieces = new List<Re2Node>();
            Flatten(branch, pieces);
            if (gapped.Count == MaxGapPatterns || GapPattern.Of(pieces) is not { } gap)
                return null;
            gapped.Add(gap);
            anyFolding |= gap.AnyFolding;
        }
        return new LiteralPlan(sensitive, folded, gapped, anyFolding);
    }

    /// <summary>The plan for plain words, compared with case.</summary>
    public static LiteralPlan Of(string[] words) => new([.. words], [], [], anyFolding: false);

    public bool Matches(string value)
    {
        if (_everything)
            return true;
        var folded = value;
        // The only two characters beyond ASCII that fold into it; ordinal comparison without case does not know them.
        if (_anyFolding && value.AsSpan().ContainsAny(KelvinSign, LongS))
            folded = value.Replace(KelvinSign, 'k').Replace(LongS, 's');
        if (Contains(_sensitive, _sensitiveIndex, value, StringComparison.Ordinal) || Contains(_folded, _foldedIndex, folded, StringComparison.OrdinalIgnoreCase))
            return true;
        foreach (var gap in _gapped)
            if (gap.Matches(value, folded))
                return true;
        return false;
    }

    private static bool Contains(string[] set, HashSet<string>? index, string value, StringComparison comparison)
    {
        if (index is not null)
            return index.Contains(value);
        foreach (var member in set)
            if (member.Length == value.Length && string.Equals(member, value, comparison))
                return true;
        return false;
    }

    /// <summary>The expression without outer groups and without anchors at its outer ends, where they change nothing: it is anchored anyway.</summary>
    private static Re2Node WithoutAnchors(Re2Node node)
    {
        while (true)
        {
            switch (node.Kind)
            {
                case Re2Kind.Capture:
                    node = node.Child;
                    continue;
                case Re2Kind.BeginText or Re2Kind.EndText:
                    return new Re2Node(Re2Kind.Empty);
                case Re2Kind.Concat:
                    var inner = node.Children.AsSpan();
                    while (inner is [{ Kind: Re2Kind.BeginText }, ..])
                        inner = inner[1..];
                    while (inner is [.., { Kind: Re2Kind.EndText }])
                        inner = inner[..^1];
                    if (inner.Length == node.Children.Length)
                        return node;
                    if (inner.Length == 0)
                        return new Re2Node(Re2Kind.Empty);
                    node = inner.Length == 1 ? inner[0] : new Re2Node(Re2Kind.Concat) { Children = inner.ToArray() };
                    continue;
                default:
                    return node;
            }
        }
    }

    private static void Flatten(Re2Node node, List<Re2Node> into)
    {
        switch (node.Kind)
        {
            case Re2Kind.Capture:
                Flatten(node.Child, into);
                break;
            case Re2Kind.Concat:
                foreach (var child in node.Children)
                    Flatten(child, into);
                break;
            default:
                into.Add(node);
                break;
        }
    }
}

using System.Buffers;
using System.Text;

namespace ActorMon.Model.Matchers.Re2;

/// <summary>
/// Parses RE2 syntax in its Perl flavour (what Go's regexp takes): no backreferences, no look-around, no possessive operators, repeat counts up to 1000.
/// One pass, left to right, so the first error is the one the peers report.
/// </summary>
internal sealed partial class Re2Parser
{
    private const int MaxRepeat = 1000;
    private const int MaxDepth = 1000;
    private const int NumberTooBig = -2;

    [Flags]
    private enum Mode
    {
        None = 0,
        FoldCase = 1,
        DotNewline = 2,
        MultiLine = 4,
        Ungreedy = 8,
    }

    private readonly string _text;
    private readonly List<string> _groupNames = [""];
    private Mode _mode;
    private int _at;
    private int _depth;

    private Re2Parser(string text, Mode mode)
    {
        _text = text;
        _mode = mode;
    }

    /// <param name="dotNewline">The dot matches newlines from the start, as if the expression stood in <c>(?s:...)</c>.</param>
    /// <param name="groupNames">Names of the groups by number, "" for unnamed ones; index 0 is the whole match.</param>
    /// <exception cref="FormatException">Not RE2; the message is that of Go's regexp/syntax.</exception>
    public static Re2Node Parse(string pattern, bool dotNewline, out string[] groupNames)
    {
        var parser = new Re2Parser(pattern, dotNewline ? Mode.DotNewline : Mode.None);
        var node = parser.ParseAlternation();
        if (parser._at < pattern.Length)
            Re2Error.Throw(Re2Error.UnexpectedParen, pattern);
        groupNames = [.. parser._groupNames];
        return node;
    }

    private bool AtEnd => _at >= _text.Length;

    private bool Has(Mode mode) => (_mode & mode) != 0;

    private Re2Node ParseAlternation()
    {
        var branches = new List<Re2Node>();
        while (true)
        {
            branches.Add(ParseConcatenation());
            if (AtEnd || _text[_at] == ')')
                break;
            _at++;
        }
        return branches.Count == 1 ? branches[0] : new Re2Node(Re2Kind.Alternate) { Children = [.. branches] };
    }

    private Re2Node ParseConcatenation()
    {
        var items = new List<Re2Node>();
        var lastRepeatStart = -1;
        while (!AtEnd && _text[_at] is not ('|' or ')'))
        {
            var start = _at;
            var repeated = false;
            switch (_text[_at])
            {
                case '(':
                    ParseGroup(items);
                    break;
                case '[':
                    items.Add(ParseClass());
                    break;
                case '.':
                    _at++;
                    items.Add(new Re2Node(Has(Mode.DotNewline) ? Re2Kind.AnyChar : Re2Kind.AnyCharNotNewline));
                    break;
                case '^':
                    _at++;
                    items.Add(new Re2Node(Has(Mode.MultiLine) ? Re2Kind.BeginLine : Re2Kind.BeginText));
                    break;
                case '$':
                    _at++;
                    items.Add(new Re2Node(Has(Mode.MultiLine) ? Re2Kind.EndLine : Re2Kind.EndText));
                    break;
                case '*':
                    _at++;
                    Repeat(items, 0, Re2Node.Unlimited, start, lastRepeatStart);
                    repeated = true;
                    break;
                case '+':
                    _at++;
                    Repeat(items, 1, Re2Node.Unlimited, start, lastRepeatStart);
                    repeated = true;
                    break;
                case '?':
                    _at++;
                    Repeat(items, 0, 1, start, lastRepeatStart);
                    repeated = true;
                    break;
                case '{' when TryParseCounts(out var min, out var max):
                    if (min == NumberTooBig || min > MaxRepeat || max > MaxRepeat || (max >= 0 && min > max))
                        Re2Error.Throw(Re2Error.InvalidRepeatSize, _text.AsSpan(start, _at - start));
                    Repeat(items, min, max, start, lastRepeatStart);
                    repeated = true;
                    if ((min >= 2 || max >= 2) && !CountsWithinLimit(items[^1], MaxRepeat))
                        Re2Error.Throw(Re2Error.InvalidRepeatSize, _text.AsSpan(start, _at - start));
                    break;
                case '\\':
                    ParseEscapedItem(items);
                    break;
                default:
                    items.Add(Literal(NextRune()));
                    break;
            }
            lastRepeatStart = repeated ? start : -1;
        }
        return Concatenate(items);
    }

    private void ParseGroup(List<Re2Node> items)
    {
        var outer = _mode;
        var group = 0;
        var name = "";
        if (_at + 1 < _text.Length && _text[_at + 1] == '?')
        {
            if (ParsePerlGroup(out name) == PerlGroup.FlagsOnly)
                return;
            if (name.Length > 0)
                group = _groupNames.Count;
        }
        else
        {
            _at++;
            group = _groupNames.Count;
        }
        if (group > 0)
            _groupNames.Add(name);
        if (++_depth > MaxDepth)
            Re2Error.Throw(Re2Error.NestingDepth, _text);
        var inner = ParseAlternation();
        _depth--;
        if (AtEnd)
            Re2Error.Throw(Re2Error.MissingParen, _text);
        _at++;
        _mode = outer;
        items.Add(group > 0 ? new Re2Node(Re2Kind.Capture) { Group = group, Name = name, Children = [inner] } : inner);
    }

    private enum PerlGroup
    {
        Opened,
        FlagsOnly,
    }

    /// <summary>Reads <c>(?P&lt;name&gt;</c>, <c>(?&lt;name&gt;</c>, <c>(?flags:</c> or <c>(?flags)</c>.</summary>
    private PerlGroup ParsePerlGroup(out string name)
    {
        name = "";
        var start = _at;
        var rest = _text.AsSpan(start);
        var isPython = rest.Length > 4 && rest[2] == 'P' && rest[3] == '<';
        if (isPython || (rest.Length > 3 && rest[2] == '<'))
        {
            var nameStart = isPython ? 4 : 3;
            var end = rest.IndexOf('>');
            if (end < 0)
                Re2Error.Throw(Re2Error.InvalidNamedCapture, rest);
            name = rest[nameStart..end].ToString();
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(NameChars))
                Re2Error.Throw(Re2Error.InvalidNamedCapture, rest[..(end + 1)]);
            _at = start + end + 1;
            return PerlGroup.Opened;
        }

        _at += 2;
        var mode = _mode;
        var negative = false;
        var sawFlag = false;
        while (!AtEnd)
        {
            var c = NextRune();
            var flag = c switch { 'i' => Mode.FoldCase, 'm' => Mode.MultiLine, 's' => Mode.DotNewline, 'U' => Mode.Ungreedy, _ => Mode.None };
            if (flag != Mode.None)
            {
                mode = negative ? mode & ~flag : mode | flag;
                sawFlag = true;
                continue;
            }
            if (c == '-' && !negative)
            {
                negative = true;
                sawFlag = false;
                continue;
            }
            if (c is ':' or ')' && (!negative || sawFlag))
            {
                _mode = mode;
                return c == ':' ? PerlGroup.Opened : PerlGroup.FlagsOnly;
            }
            break;
        }
        Re2Error.Throw(Re2Error.InvalidPerlOp, _text.AsSpan(start, _at - start));
        return default;
    }

    private static readonly SearchValues<char> NameChars = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private void Repeat(List<Re2Node> items, int min, int max, int start, int lastRepeatStart)
    {
        var lazy = Has(Mode.Ungreedy);
        if (!AtEnd && _text[_at] == '?')
        {
            _at++;
            lazy = !lazy;
        }
        if (lastRepeatStart >= 0)
            Re2Error.Throw(Re2Error.InvalidRepeatOp, _text.AsSpan(lastRepeatStart, _at - lastRepeatStart));
        if (items.Count == 0)
            Re2Error.Throw(Re2Error.MissingRepeatArgument, _text.AsSpan(start, _at - start));
        items[^1] = new Re2Node(Re2Kind.Repeat) { Min = min, Max = max, Lazy = lazy, Children = [items[^1]] };
    }

    /// <summary>Reads {n}, {n,} or {n,m} and moves past it; anything else is no repetition and stays unread.</summary>
    private bool TryParseCounts(out int min, out int max)
    {
        max = 0;
        var at = _at + 1;
        if (!TryParseInt(ref at, out min) || at >= _text.Length)
            return false;
        if (_text[at] != ',')
        {
            max = min;
        }
        else
        {
            at++;
            if (at >= _text.Length)
                return false;
            if (_text[at] == '}')
                max = Re2Node.Unlimited;
            else if (!TryParseInt(ref at, out max))
                return false;
            else if (max == NumberTooBig)
                min = NumberTooBig;
        }
        if (at >= _text.Length || _text[at] != '}')
            return false;
        _at = at + 1;
        return true;
    }

    private bool TryParseInt(ref int at, out int value)
    {
        value = 0;
        if (at >= _text.Length || !char.IsAsciiDigit(_text[at]))
            return false;
        if (_text[at] == '0' && at + 1 < _text.Length && char.IsAsciiDigit(_text[at + 1]))
            return false;
        for (; at < _text.Length && char.IsAsciiDigit(_text[at]); at++)
            if (value != NumberTooBig)
                value = value >= 100_000_000 ? NumberTooBig : (value * 10) + (_text[at] - '0');
        return true;
    }

    /// <summary>Nested counts multiply; their product is limited, or a short expression could ask for a huge automaton.</summary>
    private static bool CountsWithinLimit(Re2Node node, int limit)
    {
        // *, + and ? are single repetitions here; only counted forms use the budget up.
        if (node.Kind == Re2Kind.Repeat)
        {
            var count = node.Max == Re2Node.Unlimited ? node.Min : node.Max;
            if (count == 0 && node.Max == 0)
                return true;
            if (count > limit)
                return false;
            if (count > 1)
                limit /= count;
        }
        foreach (var child in node.Children)
            if (!CountsWithinLimit(child, limit))
                return false;
        return true;
    }

    private Re2Node Literal(int rune) => new(Re2Kind.Literal)
    {
        Runes = [Has(Mode.FoldCase) ? CaseFolding.Least(rune) : rune],
        FoldCase = Has(Mode.FoldCase),
    };

    /// <summary>Joins literals that stand side by side and unwraps a concatenation of one.</summary>
    private static Re2Node Concatenate(List<Re2Node> items)
    {
        var joined = new List<Re2Node>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            var end = i;
            while (items[i].Kind == Re2Kind.Literal && end + 1 < items.Count && items[end + 1].Kind == Re2Kind.Literal && items[end + 1].FoldCase == items[i].FoldCase)
                end++;
            if (end == i)
            {
                joined.Add(items[i]);
                continue;
            }
            var runes = new List<int>(end - i + 1);
            for (var j = i; j <= end; j++)
                runes.AddRange(items[j].Runes);
            joined.Add(new Re2Node(Re2Kind.Literal) { Runes = [.. runes], FoldCase = items[i].FoldCase });
            i = end;
        }
        return joined.Count switch
        {
            0 => new Re2Node(Re2Kind.Empty),
            1 => joined[0],
            _ => new Re2Node(Re2Kind.Concat) { Children = [.. joined] },
        };
    }

    /// <summary>The code point at the cursor, which moves past it.</summary>
    private int NextRune()
    {
        if (Rune.DecodeFromUtf16(_text.AsSpan(_at), out var rune, out var used) != OperationStatus.Done)
            Re2Error.Throw(Re2Error.InvalidUtf8, _text.AsSpan(_at));
        _at += used;
        return rune.Value;
    }
}

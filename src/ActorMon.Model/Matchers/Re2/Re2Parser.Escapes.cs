namespace ActorMon.Model.Matchers.Re2;

/// <summary>Escapes and character classes.</summary>
internal sealed partial class Re2Parser
{
    private const string QuoteEnd = "\\E";

    private char Peek(int offset) => _at + offset < _text.Length ? _text[_at + offset] : '\0';

    private void ParseEscapedItem(List<Re2Node> items)
    {
        var start = _at;
        switch (Peek(1))
        {
            case 'A':
                _at += 2;
                items.Add(new Re2Node(Re2Kind.BeginText));
                return;
            case 'z':
                _at += 2;
                items.Add(new Re2Node(Re2Kind.EndText));
                return;
            case 'b':
                _at += 2;
                items.Add(new Re2Node(Re2Kind.WordBoundary));
                return;
            case 'B':
                _at += 2;
                items.Add(new Re2Node(Re2Kind.NoWordBoundary));
                return;
            case 'C':
                // One byte of any kind: would split characters.
                Re2Error.Throw(Re2Error.InvalidEscape, _text.AsSpan(start, 2));
                return;
            case 'Q':
                _at += 2;
                while (!AtEnd && !_text.AsSpan(_at).StartsWith(QuoteEnd))
                    items.Add(Literal(NextRune()));
                if (!AtEnd)
                    _at += QuoteEnd.Length;
                return;
        }
        var group = new RuneClass();
        if (TryParseGroupEscape(group))
            items.Add(ClassNode(group.Seal()));
        else
            items.Add(Literal(ParseEscape()));
    }

    /// <summary>\d \w \s \D \W \S, \pN and \p{Name}: adds the group's members. False: something else stands here, nothing is read.</summary>
    private bool TryParseGroupEscape(RuneClass into)
    {
        if (Peek(0) != '\\')
            return false;
        var letter = Peek(1);
        if (letter is 'p' or 'P' && _at + 1 < _text.Length)
        {
            ParseUnicodeGroup(into);
            return true;
        }
        if (NamedClasses.Perl(char.ToLowerInvariant(letter)) is not { } group)
            return false;
        _at += 2;
        into.AddGroup(group, char.IsAsciiLetterUpper(letter), Has(Mode.FoldCase));
        return true;
    }

    private void ParseUnicodeGroup(RuneClass into)
    {
        var start = _at;
        var negated = _text[_at + 1] == 'P';
        _at += 2;
        if (AtEnd)
            Re2Error.Throw(Re2Error.InvalidCharRange, _text.AsSpan(start));
        var nameStart = _at;
        ReadOnlySpan<char> name;
        if (NextRune() != '{')
        {
            name = _text.AsSpan(nameStart, _at - nameStart);
        }
        else
        {
            var end = _text.IndexOf('}', start);
            if (end < 0)
                Re2Error.Throw(Re2Error.InvalidCharRange, _text.AsSpan(start));
            name = _text.AsSpan(start + 3, end - start - 3);
            _at = end + 1;
        }
        if (name.StartsWith("^"))
        {
            negated = !negated;
            name = name[1..];
        }
        if (NamedClasses.Unicode(name) is not { } group)
        {
            Re2Error.Throw(Re2Error.InvalidCharRange, _text.AsSpan(start, _at - start));
            return;
        }
        into.AddGroup(group, negated, Has(Mode.FoldCase));
    }

    private Re2Node ParseClass()
    {
        var start = _at++;
        var negated = Peek(0) == '^' && !AtEnd;
        if (negated)
            _at++;
        var set = new RuneClass();
        // A closing bracket that comes first is a member.
        for (var first = true; AtEnd || _text[_at] != ']' || first; first = false)
        {
            if (Peek(0) == '[' && Peek(1) == ':' && TryParsePosixClass(set))
                continue;
            if (TryParseGroupEscape(set))
                continue;
            var rangeStart = _at;
            var lo = ParseClassMember(start);
            var hi = lo;
            if (Peek(0) == '-' && _at + 1 < _text.Length && Peek(1) != ']')
            {
                _at++;
                hi = ParseClassMember(start);
                if (hi < lo)
                    Re2Error.Throw(Re2Error.InvalidCharRange, _text.AsSpan(rangeStart, _at - rangeStart));
            }
            if (Has(Mode.FoldCase))
                set.AddFolded(lo, hi);
            else
                set.Add(lo, hi);
        }
        _at++;
        set.Seal();
        return ClassNode(negated ? set.Negated() : set);
    }

    private int ParseClassMember(int classStart)
    {
        if (AtEnd)
            Re2Error.Throw(Re2Error.MissingBracket, _text.AsSpan(classStart));
        return _text[_at] == '\\' ? ParseEscape() : NextRune();
    }

    private bool TryParsePosixClass(RuneClass into)
    {
        var end = _text.IndexOf(":]", _at + 2, StringComparison.Ordinal);
        if (end < 0)
            return false;
        var whole = _text.AsSpan(_at, end + 2 - _at);
        var name = whole[2..^2];
        var negated = name.StartsWith("^");
        if (NamedClasses.Posix(negated ? name[1..] : name) is not { } group)
        {
            Re2Error.Throw(Re2Error.InvalidCharRange, whole);
            return false;
        }
        into.AddGroup(group, negated, Has(Mode.FoldCase));
        _at = end + 2;
        return true;
    }

    /// <summary>A class of one code point is a literal, so that [.] and \. are analysed alike.</summary>
    private Re2Node ClassNode(RuneClass set)
    {
        if (set.Ranges.Count == 1 && set.Ranges[0] is var (lo, hi))
        {
            if (lo == hi)
                return new Re2Node(Re2Kind.Literal) { Runes = [lo] };
            if (lo == 0 && hi == RuneClass.MaxRune)
                return new Re2Node(Re2Kind.AnyChar);
        }
        return new Re2Node(Re2Kind.Class) { Class = set, FoldCase = Has(Mode.FoldCase) };
    }

    /// <summary>A backslash and what it stands for: one code point.</summary>
    private int ParseEscape()
    {
        var start = _at++;
        if (AtEnd)
            Re2Error.Throw(Re2Error.TrailingBackslash, "");
        var c = NextRune();
        switch (c)
        {
            case 'a': return '\a';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'v': return '\v';
            case >= '1' and <= '7' when Peek(0) is < '0' or > '7':
                // A backreference; linear time has none.
                break;
            case >= '0' and <= '7':
                var octal = c - '0';
                for (var i = 1; i < 3 && Peek(0) is >= '0' and <= '7'; i++)
                    octal = (octal * 8) + (_text[_at++] - '0');
                return octal;
            case 'x' when !AtEnd:
                if (TryParseHex(out var hex))
                    return hex;
                break;
            case < 0x80 when !char.IsAsciiLetterOrDigit((char)c):
                return c;
        }
        Re2Error.Throw(Re2Error.InvalidEscape, _text.AsSpan(start, _at - start));
        return 0;
    }

    /// <summary>Two hex digits, or any number of them in braces. False: not so; the cursor stands behind what was read.</summary>
    private bool TryParseHex(out int value)
    {
        value = 0;
        var c = NextRune();
        if (c != '{')
        {
            if (AtEnd)
                return false;
            var second = NextRune();
            if (!IsHex(c) || !IsHex(second))
                return false;
            value = (HexValue(c) * 16) + HexValue(second);
            return true;
        }
        for (var digits = 0; !AtEnd; digits++)
        {
            c = NextRune();
            if (c == '}')
                return digits > 0;
            if (!IsHex(c))
                return false;
            value = (value * 16) + HexValue(c);
            if (value > RuneClass.MaxRune)
                return false;
        }
        return false;
    }

    private static bool IsHex(int c) => c < 0x80 && char.IsAsciiHexDigit((char)c);

    private static int HexValue(int c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

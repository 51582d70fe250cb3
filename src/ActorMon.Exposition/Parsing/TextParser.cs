using System.Diagnostics.CodeAnalysis;
using System.Text.Unicode;
using ActorMon.Exposition.Lexing;
using ActorMon.Exposition.Numbers;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Samples;

namespace ActorMon.Exposition.Parsing;

/// <summary>
/// The Prometheus text format 0.0.4 and 1.0.0, accepting and refusing what Prometheus' scrape parser does, with its error texts. Blank lines are free, a missing
/// last line feed is forgiven. Allocates nothing per line but in <see cref="ReadLabels"/>.
/// </summary>
public sealed class TextParser(bool typeAndUnitLabels = false) : ExpositionParser
{
    private readonly LabelSpans _spans = new();
    private TextLexer _lexer;
    private MetricType _type;
    private int _lineStart;
    private int _keyStart, _keyEnd;
    private bool _spansKnown;
    private int _textStart, _textEnd;
    private bool _textEscaped;
    private byte[] _scratch = [];

    public TextParser(ReadOnlyMemory<byte> body, bool typeAndUnitLabels = false) : this(typeAndUnitLabels) => Reset(body);

    public override void Reset(ReadOnlyMemory<byte> body)
    {
        var (source, from, end) = DocumentBytes.Of(body, endWithLinebreak: true);
        _lexer = new TextLexer(source, from, end);
        _type = MetricType.Unknown;
    }

    public override ReadOnlySpan<byte> SeriesKey => _lexer.Source.AsSpan(_keyStart, _keyEnd - _keyStart);

    public override ReadOnlySpan<byte> FamilyName => _lexer.Source.AsSpan(_spans.NameStart, _spans.NameEnd - _spans.NameStart);

    public override ReadOnlySpan<byte> Text
    {
        get
        {
            var text = _lexer.Source.AsSpan(_textStart, _textEnd - _textStart);
            if (!_textEscaped || text.IndexOf((byte)'\\') < 0)
                return text;
            if (_scratch.Length < text.Length)
                _scratch = new byte[text.Length * 2];
            return _scratch.AsSpan(0, Escapes.Unescape(text, _scratch, quotes: false));
        }
    }

    public override void ReadLabels(LabelSetBuilder into)
    {
        if (!_spansKnown)
            LexKey();
        SeriesLabels.Read(_lexer.Source, _spans, _type, "", typeAndUnitLabels, into);
    }

    public override ExpositionEntry Next()
    {
        while (true)
        {
            _lineStart = _lexer.At;
            _spans.Reset();
            _spansKnown = true;
            switch (_lexer.Next())
            {
                case Token.Eof:
                    return ExpositionEntry.End;
                case Token.Linebreak:
                    continue;
                case Token.Help:
                    return Metadata(Token.Help);
                case Token.Type:
                    return Metadata(Token.Type);
                case Token.Comment:
                    (_textStart, _textEnd, _textEscaped) = (_lexer.Start, _lexer.At, false);
                    _lexer.State = LexState.Init;
                    _lexer.Next();
                    return ExpositionEntry.Comment;
                case Token.BraceOpen:
                    _keyStart = _lexer.Start;
                    LabelListReader.Read(ref _lexer, _spans, _lineStart, LabelListKind.Text);
                    _keyEnd = _lexer.At;
                    return Sample(_lexer.Next());
                case Token.MetricName:
                    return NamedSeries();
                case var other:
                    Unexpected("expected a valid start token", other);
                    break;
            }
        }
    }

    public override bool TryNextKnown(ReadOnlySpan<byte> expectedKey)
    {
        var source = _lexer.Source;
        var at = _lexer.At;
        var end = _lexer.End;
        if (expectedKey.Length >= end - at || !source.AsSpan(at, expectedKey.Length).SequenceEqual(expectedKey) || _lexer.State != LexState.Init)
            return false;
        at += expectedKey.Length;
        // Behind a bare name a blank must follow, or the name goes on; a brace closes the key by itself.
        if (!Bytes.IsBlank(source[at]) && (expectedKey.IsEmpty || expectedKey[^1] != '}'))
            return false;
        while (at < end && Bytes.IsBlank(source[at]))
            at++;
        var valueStart = at;
        while (at < end && source[at] is not ((byte)'\n' or (byte)' ' or (byte)'\t' or (byte)'{' or 0))
            at++;
        if (at >= end || FloatReader.Read(source.AsSpan(valueStart, at - valueStart), out var value) != FloatFault.None)
            return false;
        long? timestamp = null;
        if (source[at] != '\n' && !TryTimestamp(source, ref at, end, out timestamp))
            return false;
        _lineStart = _keyStart = _lexer.At;
        _keyEnd = _keyStart + expectedKey.Length;
        _spansKnown = false;
        _lexer.At = at + 1;
        Value = double.IsNaN(value) ? SpecialValues.NormalNaN : value;
        TimestampMs = timestamp;
        return true;
    }

    /// <summary>Blanks, digits, blanks and a line feed; anything else is left to the lexer, which knows the error text.</summary>
    private static bool TryTimestamp(byte[] source, ref int at, int end, out long? timestamp)
    {
        timestamp = null;
        while (at < end && Bytes.IsBlank(source[at]))
            at++;
        long number = 0;
        var digitsStart = at;
        for (; at < end && char.IsAsciiDigit((char)source[at]); at++)
            number = number * 10 + (source[at] - '0');
        var digits = at - digitsStart;
        // Eighteen digits cannot overflow.
        if (digits > 18)
            return false;
        if (digits > 0)
            timestamp = number;
        while (at < end && Bytes.IsBlank(source[at]))
            at++;
        return at < end && source[at] == '\n';
    }

    private ExpositionEntry Metadata(Token kind)
    {
        var got = _lexer.Next();
        if (got != Token.MetricName)
            Unexpected("expected metric name after " + Tokens.Name(kind), got);
        var (start, end) = (_lexer.Start, _lexer.At);
        if (_lexer.Source[start] == '"')
            (start, end) = (start + 1, end - 1);
        _spans.SetName(start, end);
        if (_lexer.Next() != Token.Text)
            ParseErrors.Plain($"expected text in {Tokens.Name(kind)}, got EOF");
        // The text token begins with the separator.
        (_textStart, _textEnd) = (Math.Min(_lexer.Start + 1, _lexer.At), _lexer.At);
        _textEscaped = kind == Token.Help;
        var text = _lexer.Source.AsSpan(_textStart, _textEnd - _textStart);
        if (kind == Token.Type)
        {
            if (!TypeNames.TryReadText(text, out _type))
                ParseErrors.BadType(text);
            FamilyType = _type;
        }
        else if (!Utf8.IsValid(text))
        {
            ParseErrors.BadHelp(text);
        }
        got = _lexer.Next();
        if (got != Token.Linebreak)
            Unexpected("linebreak expected after metadata", got);
        return kind == Token.Type ? ExpositionEntry.Type : ExpositionEntry.Help;
    }

    private ExpositionEntry NamedSeries()
    {
        _spans.SetName(_lexer.Start, _lexer.At);
        (_keyStart, _keyEnd) = (_lexer.Start, _lexer.At);
        var token = _lexer.Next();
        if (token == Token.BraceOpen)
        {
            LabelListReader.Read(ref _lexer, _spans, _lineStart, LabelListKind.Text);
            _keyEnd = _lexer.At;
            token = _lexer.Next();
        }
        return Sample(token);
    }

    private ExpositionEntry Sample(Token token)
    {
        if (!_spans.HasName)
            ParseErrors.WhileParsing("metric name not set", _lexer.Source, _lineStart, _lexer.At);
        if (token != Token.Value)
            Unexpected("expected value after metric", token);
        var fault = FloatReader.Read(_lexer.TokenBytes, out var value);
        if (fault != FloatFault.None)
            ParseErrors.BadFloat(fault, _lexer.TokenBytes, _lexer.Source, _lineStart, _lexer.At);
        Value = double.IsNaN(value) ? SpecialValues.NormalNaN : value;
        TimestampMs = null;
        token = _lexer.Next();
        if (token == Token.Timestamp)
        {
            TimestampMs = ReadTimestamp();
            token = _lexer.Next();
            if (token != Token.Linebreak)
                Unexpected("expected next entry after timestamp", token);
        }
        else if (token != Token.Linebreak)
        {
            Unexpected("expected timestamp or new record", token);
        }
        return ExpositionEntry.Series;
    }

    private long ReadTimestamp()
    {
        long number = 0;
        foreach (var c in _lexer.TokenBytes)
        {
            var digit = c - '0';
            if (number > (long.MaxValue - digit) / 10)
                ParseErrors.WhileParsing($"strconv.ParseInt: parsing {ParseErrors.Quote(_lexer.TokenBytes)}: value out of range", _lexer.Source, _lineStart, _lexer.At);
            number = number * 10 + digit;
        }
        return number;
    }

    /// <summary>Finds name and labels of a series that TryNextKnown took by its key.</summary>
    private void LexKey()
    {
        LabelListReader.ReadKey(new TextLexer(_lexer.Source, _keyStart, _lexer.End), _keyEnd, _spans, _lineStart, LabelListKind.Text);
        _spansKnown = true;
    }

    [DoesNotReturn]
    private void Unexpected(string expected, Token got) =>
        ParseErrors.Unexpected(expected, got, _lexer.Source, _lineStart, _lexer.Start, _lexer.At, _lexer.End);
}

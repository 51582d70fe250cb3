using System.Diagnostics.CodeAnalysis;
using System.Text.Unicode;
using ActorMon.Exposition.Lexing;
using ActorMon.Exposition.Numbers;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Parsing;

/// <summary>What an <see cref="OpenMetricsParser"/> does beyond the format.</summary>
/// <param name="StartTimestamps">Lines <c>x_created</c> of counters, summaries and histograms become start timestamps instead of series.</param>
/// <param name="TypeAndUnitLabels">Adds the labels <c>__type__</c> and <c>__unit__</c>.</param>
public sealed record OpenMetricsOptions(bool StartTimestamps = false, bool TypeAndUnitLabels = false);

/// <summary>
/// OpenMetrics text 1.0.0 and 0.0.1, accepting and refusing what Prometheus' scrape parser does, with its error texts: line by line, families are not checked as a
/// whole (the strict checker does that). Timestamps are seconds in the document and milliseconds here.
/// </summary>
public sealed class OpenMetricsParser(OpenMetricsOptions? options = null) : ExpositionParser
{
    private readonly OpenMetricsOptions _options = options ?? new OpenMetricsOptions();
    private readonly LabelSpans _spans = new();
    private readonly LabelSpans _exemplarSpans = new();
    private OpenMetricsLexer _lexer;
    private OpenMetricsCreated? _created;
    private MetricType _type;
    private string _unit = "";
    private int _familyNameLength;
    private int _from;
    private int _lineStart;
    private int _keyStart, _keyEnd;
    private bool _spansKnown;
    private int _textStart, _textEnd;
    private bool _textEscaped;
    private byte[] _scratch = [];
    private bool _hasExemplar;
    private double _exemplarValue;
    private long? _exemplarTimestampMs;

    public OpenMetricsParser(ReadOnlyMemory<byte> body, OpenMetricsOptions? options = null) : this(options) => Reset(body);

    public override void Reset(ReadOnlyMemory<byte> body)
    {
        var (source, from, end) = DocumentBytes.Of(body, endWithLinebreak: false);
        _from = from;
        _lexer = new OpenMetricsLexer(source, from, end);
        _type = MetricType.Unknown;
        _unit = "";
        _familyNameLength = 0;
        _hasExemplar = false;
        _created?.Reset();
    }

    /// <summary>How many bytes of the document lie behind the parser.</summary>
    internal int Consumed => _lexer.At - _from;

    /// <summary>Series: the exposed timestamp in seconds with all its digits.</summary>
    internal double? TimestampSeconds { get; private set; }

    /// <summary>Series: the labels as exposed, numbers not normalised, empty values shown as NUL, for a caller that must tell an empty label from none.</summary>
    internal LabelSet ReadExposedLabels(LabelSetBuilder builder)
    {
        ReadLabels(builder);
        foreach (ref readonly var at in _spans.Labels)
        {
            var value = at.ValueStart == at.ValueEnd ? "\0" : Escapes.Decode(_lexer.Source.AsSpan(at.ValueStart, at.ValueEnd - at.ValueStart));
            builder.Set(Escapes.Decode(_lexer.Source.AsSpan(at.NameStart, at.NameEnd - at.NameStart)), value);
        }
        return builder.Build();
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
            return _scratch.AsSpan(0, Escapes.Unescape(text, _scratch, quotes: true));
        }
    }

    public override long StartTimestampMs
    {
        get
        {
            if (!_options.StartTimestamps || !OpenMetricsCreated.HasStart(_type))
                return 0;
            EnsureSpans();
            return (_created ??= new OpenMetricsCreated()).Find(_lexer, _spans, _type, _familyNameLength);
        }
    }

    public override void ReadLabels(LabelSetBuilder into)
    {
        EnsureSpans();
        SeriesLabels.Read(_lexer.Source, _spans, _type, _unit, _options.TypeAndUnitLabels, into);
    }

    public override void ReadExemplars(List<(Exemplar Exemplar, bool HasTimestamp)> into)
    {
        if (!_hasExemplar)
            return;
        var builder = new LabelSetBuilder();
        // The peer takes exemplar labels as they are written, escapes included.
        foreach (ref readonly var at in _exemplarSpans.Labels)
            builder.Set(
                ByteText.Decode(_lexer.Source.AsSpan(at.NameStart, at.NameEnd - at.NameStart)),
                ByteText.Decode(_lexer.Source.AsSpan(at.ValueStart, at.ValueEnd - at.ValueStart)));
        into.Add((new Exemplar(builder.Build(), _exemplarValue, new TimestampMs(_exemplarTimestampMs ?? 0)), _exemplarTimestampMs.HasValue));
        _hasExemplar = false;
    }

    public override ExpositionEntry Next()
    {
        while (true)
        {
            BeginLine();
            switch (_lexer.Next())
            {
                case Token.EofWord:
                    if (_lexer.Next() != Token.Eof)
                        ParseErrors.Plain("unexpected data after # EOF");
                    // A further call must find the end again.
                    _lexer.At = _lineStart;
                    return ExpositionEntry.End;
                case Token.Eof:
                    ParseErrors.Plain("data does not end with # EOF");
                    break;
                case Token.Help:
                    return Metadata(Token.Help);
                case Token.Type:
                    return Metadata(Token.Type);
                case Token.Unit:
                    return Metadata(Token.Unit);
                case Token.BraceOpen:
                    _keyStart = _lexer.Start;
                    LabelListReader.Read(ref _lexer, _spans, _lineStart, LabelListKind.OpenMetrics);
                    _keyEnd = _lexer.At;
                    Sample(_lexer.Next());
                    break;
                case Token.MetricName:
                    NamedSeries();
                    break;
                case var other:
                    Unexpected("expected a valid start token", other);
                    break;
            }
            if (!IsConsumedCreatedLine())
                return ExpositionEntry.Series;
        }
    }

    public override bool TryNextKnown(ReadOnlySpan<byte> expectedKey)
    {
        SkipCreatedLines();
        var source = _lexer.Source;
        var at = _lexer.At;
        if (expectedKey.Length >= _lexer.End - at || _lexer.State != LexState.Init || !source.AsSpan(at, expectedKey.Length).SequenceEqual(expectedKey))
            return false;
        // The grammar leaves one blank before the value, so the key ends exactly where a blank follows.
        if (expectedKey.IsEmpty || source[at + expectedKey.Length] != ' ')
            return false;
        BeginLine();
        _keyStart = at;
        _keyEnd = at + expectedKey.Length;
        _spansKnown = false;
        _lexer.At = _keyEnd;
        _lexer.State = LexState.Value;
        SampleTail(_lexer.Next());
        return true;
    }

    /// <summary>Created lines that are no entries must not stand between the caller and the series it knows.</summary>
    private void SkipCreatedLines()
    {
        while (_options.StartTimestamps && OpenMetricsCreated.HasStart(_type) && _lexer.State == LexState.Init)
        {
            var name = Bytes.MetricNameRun(_lexer.Source.AsSpan(_lexer.At, _lexer.End - _lexer.At));
            if (name == 0 || !Bytes.IsMetricStart(_lexer.Source[_lexer.At]) || !_lexer.Source.AsSpan(_lexer.At, name).EndsWith(OpenMetricsCreated.Suffix))
                return;
            BeginLine();
            _lexer.Next();
            NamedSeries();
        }
    }

    private void BeginLine()
    {
        _lineStart = _lexer.At;
        _spans.Reset();
        _exemplarSpans.Reset();
        _spansKnown = true;
        _hasExemplar = false;
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
        _familyNameLength = end - start;
        if (_lexer.Next() != Token.Text)
            ParseErrors.Plain("expected text in " + Tokens.Name(kind));
        // The token holds the blank before the text and the line feed behind it.
        (_textStart, _textEnd, _textEscaped) = (_lexer.Start + 1, _lexer.At - 1, kind == Token.Help);
        var text = _lexer.Source.AsSpan(_textStart, _textEnd - _textStart);
        switch (kind)
        {
            case Token.Type:
                if (!TypeNames.TryReadOpenMetrics(text, out _type))
                    ParseErrors.BadType(text);
                FamilyType = _type;
                return ExpositionEntry.Type;
            case Token.Help:
                if (!Utf8.IsValid(text))
                    ParseErrors.BadHelp(text);
                return ExpositionEntry.Help;
            default:
                if (!text.IsEmpty && !Bytes.HasUnitSuffix(FamilyName, text))
                    ParseErrors.Plain($"unit {ParseErrors.Quote(text)} not a suffix of metric {ParseErrors.Quote(FamilyName)}");
                _unit = ByteText.Decode(text);
                return ExpositionEntry.Unit;
        }
    }

    private void NamedSeries()
    {
        _spans.SetName(_lexer.Start, _lexer.At);
        (_keyStart, _keyEnd) = (_lexer.Start, _lexer.At);
        var token = _lexer.Next();
        if (token == Token.BraceOpen)
        {
            LabelListReader.Read(ref _lexer, _spans, _lineStart, LabelListKind.OpenMetrics);
            _keyEnd = _lexer.At;
            token = _lexer.Next();
        }
        Sample(token);
    }

    private void Sample(Token token)
    {
        if (!_spans.HasName)
            ParseErrors.WhileParsing("metric name not set", _lexer.Source, _lineStart, _lexer.At);
        SampleTail(token);
    }

    /// <summary>Value, timestamp, exemplar. A stray byte behind the value is left for the next call to complain about, as the peer does.</summary>
    private void SampleTail(Token token)
    {
        Value = ReadValue(token, "metric");
        TimestampMs = null;
        TimestampSeconds = null;
        switch (_lexer.Next())
        {
            case Token.Eof:
                ParseErrors.Plain("data does not end with # EOF");
                break;
            case Token.Comment:
                ReadExemplar();
                break;
            case Token.Timestamp:
                TimestampSeconds = ReadTimestamp("invalid timestamp");
                TimestampMs = (long)(TimestampSeconds.Value * 1000);
                token = _lexer.Next();
                if (token == Token.Comment)
                    ReadExemplar();
                else if (token != Token.Linebreak)
                    Unexpected("expected next entry after timestamp", token);
                break;
        }
    }

    private void ReadExemplar()
    {
        LabelListReader.Read(ref _lexer, _exemplarSpans, _lineStart, LabelListKind.Exemplar);
        _exemplarValue = ReadValue(_lexer.Next(), "exemplar labels");
        _exemplarTimestampMs = null;
        var token = _lexer.Next();
        if (token == Token.Timestamp)
        {
            _exemplarTimestampMs = (long)(ReadTimestamp("invalid exemplar timestamp") * 1000);
            token = _lexer.Next();
            if (token != Token.Linebreak)
                Unexpected("expected next entry after exemplar timestamp", token);
        }
        else if (token == Token.Eof)
        {
            ParseErrors.Plain("data does not end with # EOF");
        }
        else if (token != Token.Linebreak)
        {
            Unexpected("expected timestamp or comment", token);
        }
        _hasExemplar = true;
    }

    private double ReadValue(Token token, string after)
    {
        if (token != Token.Value)
            Unexpected("expected value after " + after, token);
        var fault = FloatReader.Read(_lexer.Number, out var value);
        if (fault != FloatFault.None)
            ParseErrors.BadFloat(fault, _lexer.Number, _lexer.Source, _lineStart, _lexer.At);
        return double.IsNaN(value) ? SpecialValues.NormalNaN : value;
    }

    private double ReadTimestamp(string problem)
    {
        var fault = FloatReader.Read(_lexer.Number, out var seconds);
        if (fault != FloatFault.None)
            ParseErrors.BadFloat(fault, _lexer.Number, _lexer.Source, _lineStart, _lexer.At);
        if (!double.IsFinite(seconds))
            ParseErrors.Plain($"{problem} {FloatWriter.ToText(seconds)}");
        return seconds;
    }

    private bool IsConsumedCreatedLine()
    {
        if (!_options.StartTimestamps || !OpenMetricsCreated.HasStart(_type))
            return false;
        var name = _lexer.Source.AsSpan(_spans.NameStart, _spans.NameEnd - _spans.NameStart);
        return name.EndsWith(OpenMetricsCreated.Suffix);
    }

    /// <summary>Finds name and labels of a series that TryNextKnown took by its key.</summary>
    private void EnsureSpans()
    {
        if (_spansKnown)
            return;
        LabelListReader.ReadKey(new OpenMetricsLexer(_lexer.Source, _keyStart, _lexer.End), _keyEnd, _spans, _lineStart, LabelListKind.OpenMetrics);
        _spansKnown = true;
    }

    [DoesNotReturn]
    private void Unexpected(string expected, Token got) =>
        ParseErrors.Unexpected(expected, got, _lexer.Source, _lineStart, _lexer.Start, _lexer.At, _lexer.End);
}

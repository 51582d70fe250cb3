using ActorMon.Exposition.Lexing;
using ActorMon.Exposition.Numbers;
using ActorMon.Model.Metadata;

namespace ActorMon.Exposition.Parsing;

/// <summary>
/// Finds the start timestamp of a series: the value of the next <c>x_created</c> line of the family if its labels (without <c>le</c> or <c>quantile</c>) are the
/// series' own. A found line serves all later series with those labels. Looks ahead once per line, however many series ask.
/// </summary>
internal sealed class OpenMetricsCreated
{
    private readonly LabelSpans _next = new();
    private readonly LabelSpans _last = new();

    // Series that begin in [_from, _until) have the same next created line, or none.
    private int _from = -1;
    private int _until = -1;
    private bool _hasNext;
    private long _nextMs;
    private bool _hasLast;
    private long _lastMs;

    public static ReadOnlySpan<byte> Suffix => "_created"u8;

    /// <summary>True for the types whose series have a start.</summary>
    public static bool HasStart(MetricType type) => type is MetricType.Counter or MetricType.Summary or MetricType.Histogram;

    public void Reset()
    {
        _from = _until = -1;
        _hasNext = _hasLast = false;
    }

    /// <summary>The start in ms, 0 when the document gives none. <paramref name="lexer"/> stands behind the series' line.</summary>
    public long Find(OpenMetricsLexer lexer, LabelSpans series, MetricType type, int familyNameLength)
    {
        var source = lexer.Source;
        var name = source.AsSpan(series.NameStart, Math.Min(familyNameLength, series.NameEnd - series.NameStart));
        if (_hasLast && _lastMs > 0 && IsSame(source, _last, series, name, type))
            return _lastMs;
        if (series.NameStart < _from || series.NameStart >= _until)
            LookAhead(lexer, series.NameStart);
        _hasLast = _hasNext && IsSame(source, _next, series, name, type);
        if (!_hasLast)
            return 0;
        _last.CopyFrom(_next);
        return _lastMs = _nextMs;
    }

    private void LookAhead(OpenMetricsLexer lexer, int from)
    {
        _from = from;
        _hasNext = false;
        while (TrySeries(ref lexer, _next))
        {
            var isCreated = lexer.Source.AsSpan(_next.NameStart, _next.NameEnd - _next.NameStart).EndsWith(Suffix);
            if (isCreated)
            {
                _hasNext = lexer.Next() == Token.Value && FloatReader.Read(lexer.Number, out var seconds) == FloatFault.None && TryMilliseconds(seconds, out _nextMs);
                _until = _next.NameStart;
                return;
            }
            var linebreak = lexer.Source.AsSpan(lexer.At, lexer.End - lexer.At).IndexOf((byte)'\n');
            if (linebreak < 0)
                break;
            lexer.At += linebreak + 1;
            lexer.State = LexState.Init;
        }
        _until = Math.Max(lexer.Start, from + 1);
    }

    private static bool TryMilliseconds(double seconds, out long milliseconds)
    {
        milliseconds = (long)(seconds * 1000);
        return !double.IsNaN(seconds);
    }

    private static bool TrySeries(ref OpenMetricsLexer lexer, LabelSpans spans)
    {
        spans.Reset();
        var token = lexer.Next();
        if (token == Token.MetricName)
        {
            spans.SetName(lexer.Start, lexer.At);
            if (lexer.At >= lexer.End || lexer.Source[lexer.At] != '{')
                return true;
            token = lexer.Next();
        }
        return token == Token.BraceOpen && TryLabels(ref lexer, spans) && spans.HasName;
    }

    private static bool TryLabels(ref OpenMetricsLexer lexer, LabelSpans spans)
    {
        var token = lexer.Next();
        while (token != Token.BraceClose)
        {
            if (token is not (Token.LabelName or Token.QuotedString))
                return false;
            var quote = token == Token.QuotedString ? 1 : 0;
            var (start, end) = (lexer.Start + quote, lexer.At - quote);
            token = lexer.Next();
            if (token == Token.EqualSign)
            {
                if (lexer.Next() != Token.LabelValue)
                    return false;
                spans.Add(start, end, lexer.Start + 1, lexer.At - 1);
                token = lexer.Next();
            }
            else if (quote == 1)
            {
                spans.SetName(start, end);
            }
            else
            {
                return false;
            }
            if (token == Token.Comma)
                token = lexer.Next();
            else if (token != Token.BraceClose)
                return false;
        }
        return true;
    }

    private static bool IsSame(byte[] source, LabelSpans created, LabelSpans series, ReadOnlySpan<byte> familyName, MetricType type)
    {
        var createdName = source.AsSpan(created.NameStart, created.NameEnd - created.NameStart);
        if (!createdName[..^Suffix.Length].SequenceEqual(familyName))
            return false;
        var skipped = type switch
        {
            MetricType.Summary => "quantile"u8,
            MetricType.Histogram => "le"u8,
            _ => default,
        };
        var other = created.Labels;
        var at = 0;
        foreach (ref readonly var label in series.Labels)
        {
            var name = source.AsSpan(label.NameStart, label.NameEnd - label.NameStart);
            if (!skipped.IsEmpty && name.SequenceEqual(skipped))
                continue;
            if (at == other.Length
                || !name.SequenceEqual(source.AsSpan(other[at].NameStart, other[at].NameEnd - other[at].NameStart))
                || !source.AsSpan(label.ValueStart, label.ValueEnd - label.ValueStart)
                    .SequenceEqual(source.AsSpan(other[at].ValueStart, other[at].ValueEnd - other[at].ValueStart)))
                return false;
            at++;
        }
        return at == other.Length;
    }
}

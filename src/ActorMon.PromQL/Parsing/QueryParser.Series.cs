using System.Globalization;
using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.PromQL.Lexing;
using ActorMon.PromQL.Parsing.SeriesDescription;

namespace ActorMon.PromQL.Parsing;

/// <summary>The values of a series description. Parsing ends at the first error among them.</summary>
internal sealed partial class QueryParser
{
    private const string SeriesContext = "series values";

    public DescribedSeries? ParseSeriesDescription()
    {
        if (ParseMetric() is not { } labels)
            return null;
        var values = new List<SeriesValue>();
        while (Look() == TokenKind.Space)
        {
            Take();
            if (Look() is TokenKind.Space or TokenKind.Eof)
                continue;
            if (!ParseSeriesItem(values))
            {
                if (_errors.Count == 0)
                    AddUnexpected(SeriesContext, "");
                return null;
            }
        }
        if (Look() is not (TokenKind.Eof or TokenKind.End))
            AddUnexpected(SeriesContext, "");
        return new DescribedSeries(labels, values);
    }

    private bool ParseSeriesItem(List<SeriesValue> values)
    {
        switch (Look())
        {
            case TokenKind.Blank:
                Take();
                return ParseRepetition(values, out var times) && Repeat(values, new SeriesValue(0, Omitted: true), times ?? 1);
            case TokenKind.OpenHist:
                return ParseHistogramItem(values);
            case TokenKind.Identifier:
                var word = Take();
                if (word.Text != "stale")
                {
                    AddUnexpected(SeriesContext, "number or \"stale\"");
                    return false;
                }
                return ParseFloatSteps(values, SpecialValues.StaleNaN);
            default:
                return ParseSignedNumber(signNeeded: false) is { } value && ParseFloatSteps(values, value);
        }
    }

    /// <summary>After a value: nothing, "xN", or "+BxN".</summary>
    private bool ParseFloatSteps(List<SeriesValue> values, double value)
    {
        double step = 0;
        var stepped = Look() is TokenKind.Add or TokenKind.Sub;
        if (stepped)
        {
            if (ParseSignedNumber(signNeeded: true) is not { } given || Look() != TokenKind.Times)
                return false;
            step = given;
        }
        if (!ParseRepetition(values, out var times))
            return false;
        values.Add(new SeriesValue(value));
        for (var i = 0L; i < (times ?? 0); i++)
        {
            // Without a step the value stays what it is, bit by bit: the stale marker would not survive an addition.
            if (stepped)
                value += step;
            values.Add(new SeriesValue(value));
        }
        return true;
    }

    private static bool Repeat(List<SeriesValue> values, SeriesValue value, long times)
    {
        for (var i = 0L; i < times; i++)
            values.Add(value);
        return true;
    }

    /// <summary>"xN", if it comes. False: it is wrong, and reported.</summary>
    private bool ParseRepetition(List<SeriesValue> values, out long? times)
    {
        times = null;
        if (Look() != TokenKind.Times)
            return true;
        Take();
        if (Look() != TokenKind.Number)
            return false;
        var token = Take();
        if (!ulong.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            var reason = token.Text.AsSpan().ContainsAnyExceptInRange('0', '9') ? "invalid syntax" : "value out of range";
            AddError(token.Position, $"invalid repetition in series values: strconv.ParseUint: parsing {GoQuote.Quote(token.Text)}: {reason}");
            return false;
        }
        if (count > (ulong)(PromQLParser.MaxSeriesValues - Math.Min(values.Count, PromQLParser.MaxSeriesValues)))
        {
            AddError(token.Position, string.Create(CultureInfo.InvariantCulture, $"repetition {token.Text} gives more than {PromQLParser.MaxSeriesValues} series values"));
            return false;
        }
        times = (long)count;
        return true;
    }

    private double? ParseSignedNumber(bool signNeeded)
    {
        var negative = Look() == TokenKind.Sub;
        if (negative || Look() == TokenKind.Add)
            Take();
        else if (signNeeded)
            return null;
        if (Look() is not (TokenKind.Number or TokenKind.Duration))
            return null;
        var value = NumberValue(Take());
        return negative ? -value : value;
    }

    /// <summary>A histogram; then nothing, "xN", or "+{{...}}xN".</summary>
    private bool ParseHistogramItem(List<SeriesValue> values)
    {
        if (ParseHistogram() is not { } first)
            return false;
        if (Look() is not (TokenKind.Add or TokenKind.Sub))
            return ParseRepetition(values, out var repeated) && Repeat(values, first, 1 + (repeated ?? 0));
        var subtract = Take().Kind == TokenKind.Sub;
        if (Look() != TokenKind.OpenHist || ParseHistogram() is not { } step || Look() != TokenKind.Times)
            return false;
        if (!ParseRepetition(values, out var times))
            return false;
        var current = first.Histogram!;
        values.Add(first with { ResetHintGiven = step.ResetHintGiven });
        for (var i = 0L; i < times; i++)
        {
            if (HistogramSteps.TryAdd(current, step.Histogram!, subtract, out var next, out var error))
            {
                current = next;
                values.Add(new SeriesValue(0, current, ResetHintGiven: step.ResetHintGiven));
                continue;
            }
            AddError(_token.Position, error);
            return false;
        }
        return true;
    }

    private SeriesValue? ParseHistogram()
    {
        Take();
        var parts = new HistogramParts();
        if (Look() == TokenKind.Space)
        {
            Take();
            if (Look() != TokenKind.CloseHist)
                return null;
        }
        while (Look() != TokenKind.CloseHist)
        {
            if (!ParseHistogramPart(parts))
                return parts.IsEmpty ? null : ReportHistogram();
            if (Look() == TokenKind.Space)
                Take();
            else if (_token.Kind != TokenKind.CloseHist)
                return ReportHistogram();
        }
        Take();
        return new SeriesValue(0, parts.Build(), ResetHintGiven: parts.ResetHint is not null);
    }

    private SeriesValue? ReportHistogram()
    {
        AddUnexpected("histogram description", "histogram description key, e.g. buckets:[5 10 7]");
        return null;
    }

    private bool ParseHistogramPart(HistogramParts parts)
    {
        var kind = Look();
        if (kind is < TokenKind.SumDesc or > TokenKind.CounterResetHintDesc)
            return false;
        var key = Take();
        if (Look() != TokenKind.Colon)
            return false;
        Take();
        if (parts.Has(kind))
            AddError(default, $"duplicate key \"{key.Text.ToLowerInvariant()}\" in histogram");
        switch (kind)
        {
            case TokenKind.SchemaDesc or TokenKind.OffsetDesc or TokenKind.NegativeOffsetDesc:
                return ParseInteger() is { } integer && parts.Set(kind, integer);
            case TokenKind.BucketsDesc or TokenKind.NegativeBucketsDesc or TokenKind.CustomValuesDesc:
                return ParseBucketList() is { } list && parts.Set(kind, list);
            case TokenKind.CounterResetHintDesc:
                if (Look() is < TokenKind.UnknownCounterReset or > TokenKind.GaugeType)
                    return false;
                return parts.Set((CounterResetHint)(Take().Kind - TokenKind.UnknownCounterReset));
            case TokenKind.ZeroBucketWidthDesc when Look() != TokenKind.Number:
                return false;
            default:
                return ParseSignedNumber(signNeeded: false) is { } number && parts.Set(kind, number);
        }
    }

    private int? ParseInteger()
    {
        var negative = Look() == TokenKind.Sub;
        if (negative)
            Take();
        if (Look() != TokenKind.Number)
            return null;
        var token = Take();
        if (int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return negative ? -value : value;
        AddError(token.Position, $"{GoQuote.Quote(token.Text)} is not a whole number of 32 bits");
        return null;
    }

    private List<double>? ParseBucketList()
    {
        if (Look() != TokenKind.LeftBracket)
            return null;
        Take();
        var list = new List<double>();
        while (true)
        {
            if (ParseSignedNumber(signNeeded: false) is not { } number)
                return null;
            list.Add(number);
            var spaced = Look() == TokenKind.Space;
            if (spaced)
                Take();
            if (Look() == TokenKind.RightBracket)
            {
                Take();
                return list;
            }
            if (!spaced)
                return null;
        }
    }
}

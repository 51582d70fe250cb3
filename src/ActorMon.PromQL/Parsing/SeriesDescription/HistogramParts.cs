using ActorMon.Model.Histograms;
using ActorMon.PromQL.Lexing;

namespace ActorMon.PromQL.Parsing.SeriesDescription;

/// <summary>Collects the keys of one {{...}}; what was not written is 0, unknown or empty.</summary>
internal sealed class HistogramParts
{
    private readonly HashSet<TokenKind> _given = [];
    private readonly Dictionary<TokenKind, double> _numbers = [];
    private readonly Dictionary<TokenKind, double[]> _lists = [];

    public bool IsEmpty => _given.Count == 0;

    /// <summary>Null: not written.</summary>
    public CounterResetHint? ResetHint { get; private set; }

    public bool Has(TokenKind key) => _given.Contains(key);

    public bool Set(TokenKind key, double number)
    {
        _given.Add(key);
        _numbers[key] = number;
        return true;
    }

    public bool Set(TokenKind key, List<double> list)
    {
        _given.Add(key);
        _lists[key] = [.. list];
        return true;
    }

    public bool Set(CounterResetHint hint)
    {
        _given.Add(TokenKind.CounterResetHintDesc);
        ResetHint = hint;
        return true;
    }

    public NativeHistogram Build()
    {
        var positive = List(TokenKind.BucketsDesc);
        var negative = List(TokenKind.NegativeBucketsDesc);
        return new NativeHistogram
        {
            Schema = (int)Number(TokenKind.SchemaDesc),
            Sum = Number(TokenKind.SumDesc),
            Count = Number(TokenKind.CountDesc),
            ZeroCount = Number(TokenKind.ZeroBucketDesc),
            ZeroThreshold = Number(TokenKind.ZeroBucketWidthDesc),
            CustomValues = List(TokenKind.CustomValuesDesc),
            CounterResetHint = ResetHint ?? CounterResetHint.Unknown,
            PositiveBuckets = positive,
            PositiveSpans = Span((int)Number(TokenKind.OffsetDesc), positive.Length),
            NegativeBuckets = negative,
            NegativeSpans = Span((int)Number(TokenKind.NegativeOffsetDesc), negative.Length),
        };
    }

    private double Number(TokenKind key) => _numbers.GetValueOrDefault(key);

    private double[] List(TokenKind key) => _lists.GetValueOrDefault(key) ?? [];

    private static BucketSpan[] Span(int offset, int length) => length == 0 ? [] : [new BucketSpan(offset, (uint)length)];
}

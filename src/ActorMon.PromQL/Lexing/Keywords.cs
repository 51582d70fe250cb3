using System.Collections.Frozen;

namespace ActorMon.PromQL.Lexing;

/// <summary>The reserved words, matched without regard to case, and the groups tokens fall into.</summary>
public static class Keywords
{
    private static readonly FrozenDictionary<string, TokenKind> Words = new Dictionary<string, TokenKind>
    {
        ["and"] = TokenKind.Land,
        ["or"] = TokenKind.Lor,
        ["unless"] = TokenKind.Lunless,
        ["atan2"] = TokenKind.Atan2,
        ["sum"] = TokenKind.Sum,
        ["avg"] = TokenKind.Avg,
        ["count"] = TokenKind.Count,
        ["min"] = TokenKind.Min,
        ["max"] = TokenKind.Max,
        ["group"] = TokenKind.Group,
        ["stddev"] = TokenKind.Stddev,
        ["stdvar"] = TokenKind.Stdvar,
        ["topk"] = TokenKind.Topk,
        ["bottomk"] = TokenKind.Bottomk,
        ["count_values"] = TokenKind.CountValues,
        ["quantile"] = TokenKind.Quantile,
        ["limitk"] = TokenKind.Limitk,
        ["limit_ratio"] = TokenKind.LimitRatio,
        ["offset"] = TokenKind.Offset,
        ["smoothed"] = TokenKind.Smoothed,
        ["anchored"] = TokenKind.Anchored,
        ["by"] = TokenKind.By,
        ["without"] = TokenKind.Without,
        ["on"] = TokenKind.On,
        ["ignoring"] = TokenKind.Ignoring,
        ["group_left"] = TokenKind.GroupLeft,
        ["group_right"] = TokenKind.GroupRight,
        ["fill"] = TokenKind.Fill,
        ["fill_left"] = TokenKind.FillLeft,
        ["fill_right"] = TokenKind.FillRight,
        ["bool"] = TokenKind.Bool,
        ["start"] = TokenKind.Start,
        ["end"] = TokenKind.EndKeyword,
        ["step"] = TokenKind.Step,
        ["range"] = TokenKind.Range,
        ["max_of"] = TokenKind.MaxOf,
        ["min_of"] = TokenKind.MinOf,
        ["inf"] = TokenKind.Number,
        ["nan"] = TokenKind.Number,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, TokenKind> HistogramKeys = new Dictionary<string, TokenKind>
    {
        ["sum"] = TokenKind.SumDesc,
        ["count"] = TokenKind.CountDesc,
        ["schema"] = TokenKind.SchemaDesc,
        ["offset"] = TokenKind.OffsetDesc,
        ["n_offset"] = TokenKind.NegativeOffsetDesc,
        ["buckets"] = TokenKind.BucketsDesc,
        ["n_buckets"] = TokenKind.NegativeBucketsDesc,
        ["z_bucket"] = TokenKind.ZeroBucketDesc,
        ["z_bucket_w"] = TokenKind.ZeroBucketWidthDesc,
        ["custom_values"] = TokenKind.CustomValuesDesc,
        ["counter_reset_hint"] = TokenKind.CounterResetHintDesc,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, TokenKind> ResetHints = new Dictionary<string, TokenKind>
    {
        ["unknown"] = TokenKind.UnknownCounterReset,
        ["reset"] = TokenKind.CounterReset,
        ["not_reset"] = TokenKind.NotCounterReset,
        ["gauge"] = TokenKind.GaugeType,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keyword a word is, Number for inf and nan; false: an ordinary word.</summary>
    public static bool TryFind(string word, out TokenKind kind) => Words.TryGetValue(word, out kind);

    /// <summary>step, range, max_of and min_of: the words a duration expression knows.</summary>
    public static bool TryFindDurationWord(string word, out TokenKind kind) =>
        Words.TryGetValue(word, out kind) && kind is TokenKind.Step or TokenKind.Range or TokenKind.MaxOf or TokenKind.MinOf;

    public static bool TryFindHistogramKey(string word, out TokenKind kind) => HistogramKeys.TryGetValue(word, out kind);

    public static bool TryFindResetHint(string word, out TokenKind kind) => ResetHints.TryGetValue(word, out kind);

    public static bool IsOperator(this TokenKind kind) => kind is >= TokenKind.Add and <= TokenKind.Atan2;

    public static bool IsAggregator(this TokenKind kind) => kind is >= TokenKind.Avg and <= TokenKind.LimitRatio;

    public static bool IsKeyword(this TokenKind kind) => kind is >= TokenKind.Bool and <= TokenKind.Without;

    /// <summary>Words that name a function when "(" follows: start, end, step, range, max_of, min_of.</summary>
    public static bool IsQueryTimeWord(this TokenKind kind) => kind is >= TokenKind.Start and <= TokenKind.MinOf;

    /// <summary>Tokens a metric may be named with outside braces.</summary>
    public static bool CanNameMetric(this TokenKind kind) => kind switch
    {
        TokenKind.Identifier or TokenKind.MetricIdentifier or TokenKind.Land or TokenKind.Lor or TokenKind.Lunless => true,
        TokenKind.By or TokenKind.Without or TokenKind.Offset or TokenKind.Anchored or TokenKind.Smoothed => true,
        TokenKind.Fill or TokenKind.FillLeft or TokenKind.FillRight => true,
        _ => kind.IsAggregator() || kind.IsQueryTimeWord(),
    };

    /// <summary>Tokens that are a label inside by (...), on (...) and the like.</summary>
    public static bool CanNameLabel(this TokenKind kind) => kind switch
    {
        TokenKind.Identifier or TokenKind.MetricIdentifier or TokenKind.Land or TokenKind.Lor or TokenKind.Lunless or TokenKind.Atan2 => true,
        TokenKind.Without => false,
        _ => kind.IsAggregator() || kind.IsQueryTimeWord() || kind.IsKeyword(),
    };

    /// <summary>Tokens an expression can start with.</summary>
    public static bool CanStartExpression(this TokenKind kind) => kind switch
    {
        TokenKind.Number or TokenKind.Duration or TokenKind.String or TokenKind.LeftParen or TokenKind.LeftBrace or TokenKind.Add or TokenKind.Sub => true,
        _ => kind.CanNameMetric(),
    };
}

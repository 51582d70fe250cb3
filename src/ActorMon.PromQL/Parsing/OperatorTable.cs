using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Lexing;

namespace ActorMon.PromQL.Parsing;

/// <summary>Binary operators and aggregators: tokens, levels and spellings.</summary>
public static class OperatorTable
{
    /// <summary>The level unary plus and minus bind at: tighter operators only are part of their operand.</summary>
    internal const int UnaryLevel = 5;
    internal const int PowLevel = 6;

    /// <summary>From 1 (or) to 6 (^); 0: no binary operator.</summary>
    internal static int Level(TokenKind kind) => kind switch
    {
        TokenKind.Lor => 1,
        TokenKind.Land or TokenKind.Lunless => 2,
        TokenKind.Eqlc or TokenKind.Neq or TokenKind.Lte or TokenKind.Lss or TokenKind.Gte or TokenKind.Gtr or TokenKind.TrimUpper or TokenKind.TrimLower => 3,
        TokenKind.Add or TokenKind.Sub => 4,
        TokenKind.Mul or TokenKind.Div or TokenKind.Mod or TokenKind.Atan2 => UnaryLevel,
        TokenKind.Pow => PowLevel,
        _ => 0,
    };

    internal static BinaryOp Operator(TokenKind kind) => kind switch
    {
        TokenKind.Lor => BinaryOp.Or,
        TokenKind.Land => BinaryOp.And,
        TokenKind.Lunless => BinaryOp.Unless,
        TokenKind.Eqlc => BinaryOp.Eql,
        TokenKind.Neq => BinaryOp.Neq,
        TokenKind.Lte => BinaryOp.Lte,
        TokenKind.Lss => BinaryOp.Lss,
        TokenKind.Gte => BinaryOp.Gte,
        TokenKind.Gtr => BinaryOp.Gtr,
        TokenKind.TrimUpper => BinaryOp.TrimUpper,
        TokenKind.TrimLower => BinaryOp.TrimLower,
        TokenKind.Add => BinaryOp.Add,
        TokenKind.Sub => BinaryOp.Sub,
        TokenKind.Mul => BinaryOp.Mul,
        TokenKind.Div => BinaryOp.Div,
        TokenKind.Mod => BinaryOp.Mod,
        TokenKind.Atan2 => BinaryOp.Atan2,
        _ => BinaryOp.Pow,
    };

    internal static AggregateOp Aggregator(TokenKind kind) => kind switch
    {
        TokenKind.Avg => AggregateOp.Avg,
        TokenKind.Bottomk => AggregateOp.BottomK,
        TokenKind.Count => AggregateOp.Count,
        TokenKind.CountValues => AggregateOp.CountValues,
        TokenKind.Group => AggregateOp.Group,
        TokenKind.Max => AggregateOp.Max,
        TokenKind.Min => AggregateOp.Min,
        TokenKind.Quantile => AggregateOp.Quantile,
        TokenKind.Stddev => AggregateOp.Stddev,
        TokenKind.Stdvar => AggregateOp.Stdvar,
        TokenKind.Sum => AggregateOp.Sum,
        TokenKind.Topk => AggregateOp.TopK,
        TokenKind.Limitk => AggregateOp.LimitK,
        _ => AggregateOp.LimitRatio,
    };

    /// <summary>The operator as a query writes it.</summary>
    public static string Symbol(this BinaryOp op) => op switch
    {
        BinaryOp.Pow => "^",
        BinaryOp.Mul => "*",
        BinaryOp.Div => "/",
        BinaryOp.Mod => "%",
        BinaryOp.Atan2 => "atan2",
        BinaryOp.Add => "+",
        BinaryOp.Sub => "-",
        BinaryOp.Eql => "==",
        BinaryOp.Neq => "!=",
        BinaryOp.Lte => "<=",
        BinaryOp.Lss => "<",
        BinaryOp.Gte => ">=",
        BinaryOp.Gtr => ">",
        BinaryOp.TrimUpper => "</",
        BinaryOp.TrimLower => ">/",
        BinaryOp.And => "and",
        BinaryOp.Unless => "unless",
        _ => "or",
    };

    /// <summary>The operator as a duration expression writes it.</summary>
    public static string Symbol(this DurationOp op) => op switch
    {
        DurationOp.Add => "+",
        DurationOp.Sub => "-",
        DurationOp.Mul => "*",
        DurationOp.Div => "/",
        DurationOp.Mod => "%",
        DurationOp.Pow => "^",
        DurationOp.MinOf => "min_of",
        _ => "max_of",
    };

    /// <summary>The aggregator as a query writes it.</summary>
    public static string Symbol(this AggregateOp op) => op switch
    {
        AggregateOp.Sum => "sum",
        AggregateOp.Avg => "avg",
        AggregateOp.Min => "min",
        AggregateOp.Max => "max",
        AggregateOp.Group => "group",
        AggregateOp.Count => "count",
        AggregateOp.CountValues => "count_values",
        AggregateOp.Stddev => "stddev",
        AggregateOp.Stdvar => "stdvar",
        AggregateOp.TopK => "topk",
        AggregateOp.BottomK => "bottomk",
        AggregateOp.Quantile => "quantile",
        AggregateOp.LimitK => "limitk",
        _ => "limit_ratio",
    };

    public static bool HasParameter(this AggregateOp op) =>
        op is AggregateOp.TopK or AggregateOp.BottomK or AggregateOp.CountValues or AggregateOp.Quantile or AggregateOp.LimitK or AggregateOp.LimitRatio;

    public static bool IsExperimental(this AggregateOp op) => op is AggregateOp.LimitK or AggregateOp.LimitRatio;

    /// <summary>== != &lt;= &lt; &gt;= &gt;; the trim operators are none.</summary>
    public static bool IsComparison(this BinaryOp op) => op is >= BinaryOp.Eql and <= BinaryOp.Gtr;

    public static bool IsSetOperator(this BinaryOp op) => op is BinaryOp.And or BinaryOp.Unless or BinaryOp.Or;
}

namespace ActorMon.PromQL.Parsing;

/// <summary>Which parts of the language are on. The defaults are those of a server without feature flags.</summary>
public sealed record ParserOptions
{
    public static readonly ParserOptions Default = new();

    /// <summary>Everything on, as the peer's tests have it.</summary>
    public static readonly ParserOptions All = new() { ExperimentalFunctions = true, ExtendedRangeSelectors = true, BinopFillModifiers = true };

    /// <summary>Functions and aggregators marked experimental (promql-experimental-functions).</summary>
    public bool ExperimentalFunctions { get; init; }

    /// <summary>Arithmetic in durations (promql-duration-expr; on by default since Prometheus 3.14).</summary>
    public bool DurationExpressions { get; init; } = true;

    /// <summary>anchored and smoothed (promql-extended-range-selectors).</summary>
    public bool ExtendedRangeSelectors { get; init; }

    /// <summary>fill, fill_left and fill_right (promql-binop-fill-modifiers).</summary>
    public bool BinopFillModifiers { get; init; }
}

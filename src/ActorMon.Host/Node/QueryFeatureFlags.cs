using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;

namespace ActorMon.Host.Node;

/// <summary>What of <c>--enable-feature</c> concerns queries.</summary>
internal static class QueryFeatureFlags
{
    /// <summary>What the parser takes.</summary>
    public static ParserOptions ParserOf(IReadOnlySet<string> features) => new()
    {
        ExperimentalFunctions = features.Contains("promql-experimental-functions"),
        ExtendedRangeSelectors = features.Contains("promql-extended-range-selectors"),
        BinopFillModifiers = features.Contains("promql-binop-fill-modifiers"),
    };

    /// <summary>What evaluation does.</summary>
    public static QueryFeatures FeaturesOf(IReadOnlySet<string> features) => new()
    {
        DelayedNameRemoval = features.Contains("promql-delayed-name-removal"),
        TypeAndUnitLabels = features.Contains("type-and-unit-labels"),
    };
}

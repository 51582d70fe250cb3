using System.Collections.Frozen;
using ActorMon.PromQL.Ast;

namespace ActorMon.PromQL.Parsing;

/// <summary>
/// Signatures of all functions. Variadic n &gt; 0: between Arguments.Count - 1 and Arguments.Count - 1 + n arguments; -1: Arguments.Count - 1 or more;
/// arguments beyond the list have the last kind.
/// </summary>
public static class FunctionTable
{
    private const int AnyNumber = -1;

    /// <summary>Argument kinds one letter each: v instant vector, r range vector, s scalar, t text.</summary>
    private static readonly FrozenDictionary<string, FunctionSignature> Functions = Build().ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    public static IReadOnlyCollection<FunctionSignature> All => Functions.Values;

    /// <summary>The function, or null; names are case-sensitive.</summary>
    public static FunctionSignature? Find(string name) => Functions.GetValueOrDefault(name);

    private static IEnumerable<FunctionSignature> Build()
    {
        foreach (var name in (string[])
                 [
                     "abs", "absent", "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "deg", "exp", "floor",
                     "histogram_avg", "histogram_count", "histogram_sum", "histogram_stddev", "histogram_stdvar", "ln", "log10", "log2", "rad", "sgn",
                     "sin", "sinh", "sort", "sort_desc", "sqrt", "tan", "tanh", "timestamp",
                 ])
            yield return Vector(name, "v");
        foreach (var name in (string[])
                 [
                     "absent_over_time", "avg_over_time", "changes", "count_over_time", "delta", "deriv", "first_over_time", "idelta", "increase",
                     "irate", "last_over_time", "max_over_time", "min_over_time", "present_over_time", "rate", "resets", "stddev_over_time",
                     "stdvar_over_time", "sum_over_time",
                 ])
            yield return Vector(name, "r");
        foreach (var name in (string[])["days_in_month", "day_of_month", "day_of_week", "day_of_year", "hour", "minute", "month", "year"])
            yield return Vector(name, "v", 1);
        foreach (var name in (string[])
                 ["mad_over_time", "ts_of_first_over_time", "ts_of_last_over_time", "ts_of_max_over_time", "ts_of_min_over_time"])
            yield return Vector(name, "r", experimental: true);

        yield return Vector("clamp", "vss");
        yield return Vector("clamp_max", "vs");
        yield return Vector("clamp_min", "vs");
        yield return Vector("histogram_fraction", "ssv");
        yield return Vector("histogram_quantile", "sv");
        yield return Vector("label_join", "vttt", AnyNumber);
        yield return Vector("label_replace", "vtttt");
        yield return Vector("predict_linear", "rs");
        yield return Vector("quantile_over_time", "sr");
        yield return Vector("round", "vs", 1);
        yield return Vector("vector", "s");

        yield return Vector("double_exponential_smoothing", "rss", experimental: true);
        yield return Vector("histogram_quantiles", "vtss", 9, experimental: true);
        yield return Vector("info", "vv", 1, experimental: true);
        yield return Vector("sort_by_label", "vt", AnyNumber, experimental: true);
        yield return Vector("sort_by_label_desc", "vt", AnyNumber, experimental: true);
        yield return Vector("start_timestamp", "v", experimental: true);

        yield return Scalar("pi", "");
        yield return Scalar("scalar", "v");
        yield return Scalar("time", "");
        yield return Scalar("start", "", experimental: true);
        yield return Scalar("end", "", experimental: true);
        yield return Scalar("range", "", experimental: true);
        yield return Scalar("step", "", experimental: true);
        yield return Scalar("max_of", "ss", experimental: true);
        yield return Scalar("min_of", "ss", experimental: true);
    }

    private static FunctionSignature Vector(string name, string arguments, int variadic = 0, bool experimental = false) =>
        new(name, Kinds(arguments), variadic, ValueKind.Vector, experimental);

    private static FunctionSignature Scalar(string name, string arguments, bool experimental = false) =>
        new(name, Kinds(arguments), 0, ValueKind.Scalar, experimental);

    private static ValueKind[] Kinds(string letters) => Array.ConvertAll(letters.ToCharArray(), letter => letter switch
    {
        'v' => ValueKind.Vector,
        'r' => ValueKind.Matrix,
        's' => ValueKind.Scalar,
        _ => ValueKind.String,
    });
}

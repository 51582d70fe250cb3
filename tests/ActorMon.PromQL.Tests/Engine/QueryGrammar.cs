namespace ActorMon.PromQL.Tests.Engine;

/// <summary>Random queries that type-check, over the metrics of <see cref="RandomData"/>.</summary>
internal sealed class QueryGrammar(Random random)
{
    private static readonly string[] RangeFunctions =
    [
        "rate", "increase", "delta", "irate", "idelta", "sum_over_time", "avg_over_time", "min_over_time", "max_over_time", "count_over_time", "last_over_time",
        "first_over_time", "stddev_over_time", "stdvar_over_time", "mad_over_time", "deriv", "changes", "resets", "present_over_time", "absent_over_time",
        "ts_of_min_over_time", "ts_of_max_over_time", "ts_of_last_over_time", "ts_of_first_over_time",
    ];

    private static readonly string[] VectorFunctions =
    [
        "abs", "ceil", "floor", "exp", "sqrt", "ln", "sgn", "sin", "deg", "round", "timestamp", "absent", "sort", "sort_desc", "day_of_year", "days_in_month",
        "histogram_count", "hour", "year",
    ];

    private static readonly string[] Aggregators = ["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar"];
    private static readonly string[] Arithmetic = ["+", "-", "*", "/", "%", "^", "atan2", "</", ">/"];
    private static readonly string[] Comparisons = ["==", "!=", ">", "<", ">=", "<="];
    private static readonly string[] Sets = ["and", "or", "unless"];
    private static readonly string[] Groupings = ["", "by (job)", "without (instance)", "by (job, instance)", "by (__name__)", "without ()"];
    private static readonly string[] Matchings =
    [
        "", "on (job)", "on (job, instance)", "ignoring (instance)", "on (job) group_left ()", "on (instance) group_right ()", "ignoring (job) group_left (job)", "on ()",
        "on (job, instance) fill (0)", "on (job, instance) fill_left (1)",
    ];

    private static readonly string[] Selectors =
        ["a_total", "b", "a_total{job=\"x\"}", "{__name__=~\"a_total|b\"}", "b{instance!=\"1\"}", "c_bucket", "none", "{job=~\".+\", instance=\"2\"}"];

    public string Vector(int depth)
    {
        if (depth <= 0)
            return Selector();
        return random.Next(13) switch
        {
            0 or 1 => Selector(),
            2 or 3 => $"{Pick(RangeFunctions)}({Range(depth - 1)})",
            4 => $"{Pick(VectorFunctions)}({Vector(depth - 1)})",
            5 or 6 => $"{Pick(Aggregators)} {Pick(Groupings)} ({Vector(depth - 1)})",
            7 => Parameterised(depth - 1),
            8 => $"({Vector(depth - 1)} {Pick(Arithmetic)} {Pick(Matchings)} {Vector(depth - 1)})",
            9 => $"({Vector(depth - 1)} {Pick(Comparisons)} {(random.Next(2) == 0 ? "bool" : "")} {Scalar(depth - 1)})",
            10 => $"({Scalar(depth - 1)} {Pick(Arithmetic)} {Vector(depth - 1)})",
            11 => $"({Vector(depth - 1)} {Pick(Sets)} {Pick(["", "on (job)", "ignoring (instance)"])} {Vector(depth - 1)})",
            _ => Special(depth - 1),
        };
    }

    private string Parameterised(int depth) => random.Next(4) switch
    {
        0 => $"{Pick(["topk", "bottomk", "limitk"])} {Pick(Groupings)} ({random.Next(4)}, {Vector(depth)})",
        1 => $"quantile {Pick(Groupings)} ({Number()}, {Vector(depth)})",
        2 => $"limit_ratio ({Pick(["0.5", "-0.3", "2"])}, {Vector(depth)})",
        _ => $"count_values {Pick(Groupings)} (\"value\", {Vector(depth)})",
    };

    private string Special(int depth) => random.Next(8) switch
    {
        0 => $"-{Vector(depth)}",
        1 => $"label_replace({Vector(depth)}, \"{Pick(["job", "new", "__name__"])}\", \"$1-z\", \"instance\", \"(.*)\")",
        2 => $"label_join({Vector(depth)}, \"new\", \"-\", \"job\", \"instance\")",
        3 => $"clamp({Vector(depth)}, {Number()}, {Number()})",
        4 => $"histogram_quantile({Number()}, {Vector(depth)})",
        5 => $"quantile_over_time({Number()}, {Range(depth)})",
        6 => $"predict_linear({Range(depth)}, {Scalar(depth)})",
        _ => $"vector({Scalar(depth)})",
    };

    private string Scalar(int depth) => depth <= 0 || random.Next(3) > 0 ? Pick([Number(), "time()", "pi()"]) : $"scalar({Vector(depth - 1)})";

    private string Range(int depth)
    {
        if (depth > 0 && random.Next(3) == 0)
            return $"({Vector(depth - 1)})[{Pick(["2m", "5m", "90s", "3s"])}:{Pick(["", "30s", "47s", "1m"])}]{Shift()}";
        return $"{Pick(["a_total", "b", "{job=\"x\"}", "c_bucket{job=\"y\"}"])}[{Pick(["30s", "1m", "5m", "10m"])}]{Shift()}";
    }

    private string Selector() => Pick(Selectors) + Shift();

    private string Shift() => random.Next(8) switch
    {
        0 => " offset 1m",
        1 => " offset -30s",
        2 => " @ 300",
        3 => " @ start()",
        4 => " @ end() offset 20s",
        _ => "",
    };

    private string Number() => Pick(["0", "1", "0.5", "0.9", "-1", "2.5", "NaN", "Inf", "1e300", "3"]);

    private string Pick(string[] choices) => choices[random.Next(choices.Length)];
}

namespace ActorMon.PromQL.Functions;

/// <summary>Range functions by name; each call makes one for one operator. absent_over_time has an operator of its own.</summary>
internal static class RangeFunctions
{
    public static RangeFunction? Create(string name) => name switch
    {
        "rate" => new RateFunction(isCounter: true, perSecond: true),
        "increase" => new RateFunction(isCounter: true, perSecond: false),
        "delta" => new RateFunction(isCounter: false, perSecond: false),
        "irate" => new InstantRateFunction(isCounter: true),
        "idelta" => new InstantRateFunction(isCounter: false),
        "sum_over_time" => new SumOverTime(average: false),
        "avg_over_time" => new SumOverTime(average: true),
        "min_over_time" => new ExtremeOverTime(maximum: false, time: false),
        "max_over_time" => new ExtremeOverTime(maximum: true, time: false),
        "ts_of_min_over_time" => new ExtremeOverTime(maximum: false, time: true),
        "ts_of_max_over_time" => new ExtremeOverTime(maximum: true, time: true),
        "count_over_time" => new CountOverTime(presence: false),
        "present_over_time" or "absent_over_time" => new CountOverTime(presence: true),
        "last_over_time" => new PickOverTime(last: true),
        "first_over_time" => new PickOverTime(last: false),
        "ts_of_last_over_time" => new TimeOfPick(last: true),
        "ts_of_first_over_time" => new TimeOfPick(last: false),
        "quantile_over_time" => new QuantileOverTime(),
        "mad_over_time" => new MadOverTime(),
        "stddev_over_time" => new VarianceOverTime(standardDeviation: true),
        "stdvar_over_time" => new VarianceOverTime(standardDeviation: false),
        "deriv" => new LinearRegression(predict: false),
        "predict_linear" => new LinearRegression(predict: true),
        "double_exponential_smoothing" => new DoubleExponentialSmoothing(),
        "changes" => new CountingFunction(resets: false),
        "resets" => new CountingFunction(resets: true),
        _ => null,
    };

    /// <summary>Functions that accept anchored / smoothed selectors, sorted.</summary>
    public static readonly IReadOnlyList<string> Anchored = ["changes", "delta", "increase", "rate", "resets"];
    public static readonly IReadOnlyList<string> Smoothed = ["delta", "increase", "rate"];
}

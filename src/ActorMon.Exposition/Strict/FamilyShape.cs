using ActorMon.Model.Metadata;

namespace ActorMon.Exposition.Strict;

/// <summary>Which samples a family of a type consists of, by the OpenMetrics specification.</summary>
internal static class FamilyShape
{
    private static readonly string[] Plain = [""];
    private static readonly string[] Counter = ["_total", "_created"];
    private static readonly string[] Summary = ["", "_sum", "_count", "_created"];
    private static readonly string[] Histogram = ["_bucket", "_sum", "_count", "_created"];
    private static readonly string[] GaugeHistogram = ["_bucket", "_gsum", "_gcount"];
    private static readonly string[] Info = ["_info"];

    /// <summary>The suffixes of the family's sample names.</summary>
    public static ReadOnlySpan<string> Suffixes(MetricType type) => type switch
    {
        MetricType.Counter => Counter,
        MetricType.Summary => Summary,
        MetricType.Histogram => Histogram,
        MetricType.GaugeHistogram => GaugeHistogram,
        MetricType.Info => Info,
        _ => Plain,
    };

    /// <summary>Where exemplars are allowed.</summary>
    public static bool AllowsExemplar(MetricType type, string suffix) => type switch
    {
        MetricType.Counter => suffix == "_total",
        MetricType.Histogram or MetricType.GaugeHistogram => suffix == "_bucket",
        _ => false,
    };

    /// <summary>The label that tells the samples of one metric apart, "" when there is none.</summary>
    public static string OwnLabel(MetricType type, string familyName) => type switch
    {
        MetricType.Histogram or MetricType.GaugeHistogram => "le",
        MetricType.Summary => "quantile",
        MetricType.StateSet => familyName,
        _ => "",
    };
}

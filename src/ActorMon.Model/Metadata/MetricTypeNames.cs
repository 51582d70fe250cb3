namespace ActorMon.Model.Metadata;

/// <summary>Names of metric types.</summary>
public static class MetricTypeNames
{
    /// <summary>The name in OpenMetrics, in the API's JSON and in the label <c>__type__</c>.</summary>
    public static string NameOf(MetricType type) => type switch
    {
        MetricType.Counter => "counter",
        MetricType.Gauge => "gauge",
        MetricType.Histogram => "histogram",
        MetricType.GaugeHistogram => "gaugehistogram",
        MetricType.Summary => "summary",
        MetricType.Info => "info",
        MetricType.StateSet => "stateset",
        _ => "unknown",
    };
}

using ActorMon.Exposition.Negotiation;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Parsing;

/// <summary>The formats a target may answer in.</summary>
public enum ExpositionFormat : byte
{
    PrometheusText,
    OpenMetrics,
    Protobuf,
}

/// <summary>What the parsers of one scrape job do beyond their formats; the names are those of the scrape configuration.</summary>
/// <param name="NativeHistograms">scrape_native_histograms: false leaves native parts aside.</param>
/// <param name="AlwaysClassic">always_scrape_classic_histograms: classic series also where a native histogram is given or made.</param>
/// <param name="ConvertClassic">convert_classic_histograms_to_nhcb.</param>
/// <param name="StartTimestamps">Start timestamps are wanted: OpenMetrics <c>_created</c> lines become them.</param>
/// <param name="TypeAndUnitLabels">The labels <c>__type__</c> and <c>__unit__</c> are added.</param>
public sealed record ExpositionOptions(
    bool NativeHistograms = false, bool AlwaysClassic = false, bool ConvertClassic = false, bool StartTimestamps = false, bool TypeAndUnitLabels = false);

/// <summary>Chooses and makes the parser for a response (Prometheus' textparse.New).</summary>
public static class ExpositionParsers
{
    public const string TextMediaType = "text/plain";
    public const string OpenMetricsMediaType = "application/openmetrics-text";
    public const string ProtobufMediaType = "application/vnd.google.protobuf";

    /// <summary>
    /// The format of a response by its Content-Type, <paramref name="fallback"/> when that says nothing usable. Null: the scrape fails with <paramref name="problem"/>.
    /// Otherwise a problem is a warning. Charset and version are ignored.
    /// </summary>
    public static ExpositionFormat? Choose(string? contentType, ExpositionFormat? fallback, out string? problem)
    {
        problem = null;
        var fallbackUsed = fallback is null ? "" : $", using fallback_scrape_protocol {GoQuote.Quote(MediaTypeOf(fallback.Value))}";
        if (string.IsNullOrEmpty(contentType))
        {
            problem = "non-compliant scrape target sending blank Content-Type"
                + (fallback is null ? " and no fallback_scrape_protocol specified for target" : fallbackUsed);
            return fallback;
        }
        var quoted = GoQuote.Quote(contentType);
        var media = MediaType.Parse(contentType, out var malformed);
        if (media is null)
        {
            problem = fallback is null
                ? $"cannot parse Content-Type {quoted} and no fallback_scrape_protocol for target\n{malformed}"
                : $"could not parse received Content-Type {quoted}{fallbackUsed}\n{malformed}";
            return fallback;
        }
        switch (media.Type)
        {
            case TextMediaType:
                return ExpositionFormat.PrometheusText;
            case OpenMetricsMediaType:
                return ExpositionFormat.OpenMetrics;
            case ProtobufMediaType:
                return ExpositionFormat.Protobuf;
        }
        problem = $"received unsupported Content-Type {quoted}" + (fallback is null ? " and no fallback_scrape_protocol specified for target" : fallbackUsed);
        return fallback;
    }

    /// <summary>A parser for the format, to be given a body by Reset; reusable for every scrape of the job in that format.</summary>
    public static ExpositionParser Create(ExpositionFormat format, ExpositionOptions options)
    {
        if (format == ExpositionFormat.Protobuf)
            return new ProtobufParser(new ProtobufOptions(options.NativeHistograms, options.AlwaysClassic, options.ConvertClassic, options.TypeAndUnitLabels));
        ExpositionParser parser = format == ExpositionFormat.OpenMetrics
            ? new OpenMetricsParser(new OpenMetricsOptions(options.StartTimestamps, options.TypeAndUnitLabels))
            : new TextParser(options.TypeAndUnitLabels);
        return options.ConvertClassic ? new NhcbParser(parser, options.AlwaysClassic, options.StartTimestamps) : parser;
    }

    /// <summary>Both at once: the parser, or null and why; with a parser the problem is a warning.</summary>
    public static ExpositionParser? Create(string? contentType, ExpositionFormat? fallback, ExpositionOptions options, out string? problem) =>
        Choose(contentType, fallback, out problem) is { } format ? Create(format, options) : null;

    public static string MediaTypeOf(ExpositionFormat format) => format switch
    {
        ExpositionFormat.OpenMetrics => OpenMetricsMediaType,
        ExpositionFormat.Protobuf => ProtobufMediaType,
        _ => TextMediaType,
    };
}

using ActorMon.Model.Names;

namespace ActorMon.Exposition.Negotiation;

/// <summary>The kinds of exposition a content type names.</summary>
public enum WireFormatKind : byte
{
    Unknown = 0,
    ProtoCompact,
    ProtoDelim,
    ProtoText,
    TextPlain,
    OpenMetrics,
}

/// <summary>Content types of the exposition formats and what their terms say (Prometheus' expfmt.Format).</summary>
public static class WireFormat
{
    public const string Text = "text/plain; version=0.0.4; charset=utf-8";
    public const string OpenMetrics001 = "application/openmetrics-text; version=0.0.1; charset=utf-8";
    public const string OpenMetrics100 = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    public const string ProtoDelim = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    public const string ProtoText = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=text";
    public const string ProtoCompact = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=compact-text";
    public const string Unknown = "<unknown>";

    private const string Protocol = "io.prometheus.client.MetricFamily";
    private const string EscapingTerm = "escaping";
    private const string TextVersion = "0.0.4";

    /// <summary>What the format is, by type and terms.</summary>
    public static WireFormatKind KindOf(string format)
    {
        var terms = format.Split(';');
        var parameters = Parameters(terms);
        switch (terms[0].Trim())
        {
            case "application/vnd.google.protobuf" when parameters.GetValueOrDefault("proto") == Protocol:
                return parameters.GetValueOrDefault("encoding") switch
                {
                    "delimited" => WireFormatKind.ProtoDelim,
                    "text" => WireFormatKind.ProtoText,
                    "compact-text" => WireFormatKind.ProtoCompact,
                    _ => WireFormatKind.Unknown,
                };
            case "application/openmetrics-text" when parameters.GetValueOrDefault("charset") == "utf-8":
                return WireFormatKind.OpenMetrics;
            case "text/plain" when parameters.GetValueOrDefault("version", TextVersion) == TextVersion:
                return WireFormatKind.TextPlain;
            default:
                return WireFormatKind.Unknown;
        }
    }

    /// <summary>The escaping a format names, or the default when it names none or an unknown one.</summary>
    public static EscapingScheme EscapingOf(string format, EscapingScheme defaultScheme)
    {
        foreach (var term in format.Split(';'))
        {
            var parts = term.Split('=');
            if (parts.Length == 2 && parts[0].Trim() == EscapingTerm)
                return NameEscaping.TryParse(parts[1].Trim(), out var scheme) ? scheme : defaultScheme;
        }
        return defaultScheme;
    }

    /// <summary>The format with this escaping as its last term, any other one removed.</summary>
    public static string WithEscaping(string format, EscapingScheme scheme)
    {
        var terms = new List<string>();
        foreach (var term in format.Split(';'))
        {
            var parts = term.Split('=');
            var isEscaping = parts.Length == 2 && parts[0].Trim() == EscapingTerm;
            if (!isEscaping && term.Trim().Length > 0)
                terms.Add(term.Trim());
        }
        terms.Add($"{EscapingTerm}={NameEscaping.NameOf(scheme)}");
        return string.Join("; ", terms);
    }

    /// <summary>The format of a response by its Content-Type header, <see cref="Unknown"/> when it is none that can be read.</summary>
    public static string OfResponse(string contentType)
    {
        if (MediaType.Parse(contentType, out _) is not { } media)
            return Unknown;
        switch (media.Type)
        {
            case "application/vnd.google.protobuf":
                var isOurs = media.Parameters.GetValueOrDefault("proto", Protocol) == Protocol && media.Parameters.GetValueOrDefault("encoding", "delimited") == "delimited";
                return isOurs ? ProtoDelim : Unknown;
            case "text/plain":
                return media.Parameters.GetValueOrDefault("version", TextVersion) == TextVersion ? Text : Unknown;
            default:
                return Unknown;
        }
    }

    private static Dictionary<string, string> Parameters(string[] terms)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i < terms.Length; i++)
        {
            var parts = terms[i].Split('=');
            if (parts.Length == 2)
                parameters[parts[0].Trim()] = parts[1].Trim();
        }
        return parameters;
    }
}

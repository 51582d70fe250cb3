using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Units;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Configuration.Sections;

/// <summary>Names of scrape protocols, and the order they are offered in when nothing is configured.</summary>
internal static class ScrapeProtocols
{
    private static readonly Dictionary<string, ScrapeProtocol> Names = new(StringComparer.Ordinal)
    {
        ["OpenMetricsText0.0.1"] = ScrapeProtocol.OpenMetricsText0_0_1,
        ["OpenMetricsText1.0.0"] = ScrapeProtocol.OpenMetricsText1_0_0,
        ["PrometheusProto"] = ScrapeProtocol.PrometheusProto,
        ["PrometheusText0.0.4"] = ScrapeProtocol.PrometheusText0_0_4,
        ["PrometheusText1.0.0"] = ScrapeProtocol.PrometheusText1_0_0,
    };

    public static readonly KeySpec Key = new("scrape_protocols", KeyKind.TextList) { TypeName = "[]config.ScrapeProtocol" };
    public static readonly KeySpec FallbackKey = new("fallback_scrape_protocol", KeyKind.Text) { Default = "", TypeName = "config.ScrapeProtocol" };

    public static List<string> Default(bool nativeHistograms)
    {
        List<string> texts = ["OpenMetricsText1.0.0", "OpenMetricsText0.0.1", "PrometheusText1.0.0", "PrometheusText0.0.4"];
        return nativeHistograms ? ["PrometheusProto", .. texts] : texts;
    }

    public static ScrapeProtocol Parse(string name) => Names[name];

    public static string? Unknown(string name) => Names.ContainsKey(name) ? null : $"unknown scrape protocol {name}, supported: {GoText.List(Names.Keys)}";

    public static string? Problem(List<string> protocols)
    {
        if (protocols.Count == 0)
            return "scrape_protocols cannot be empty";
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var protocol in protocols)
        {
            if (!seen.Add(protocol))
                return $"duplicated protocol in scrape_protocols, got {GoText.List(protocols)}";
            if (Unknown(protocol) is { } unknown)
                return $"scrape_protocols: {unknown}";
        }
        return null;
    }
}

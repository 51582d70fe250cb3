using System.Globalization;
using System.Text;
using ActorMon.Model.Names;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Scraping.Fetching;

/// <summary>The Accept header of a scrape: the job's protocols in order with falling weights, then anything (RFC 9110 12.5.1, worded as the peer words it).</summary>
public static class AcceptHeader
{
    private const int KnownProtocols = 5;

    public static string Of(IReadOnlyList<ScrapeProtocol> protocols, EscapingScheme escaping)
    {
        var header = new StringBuilder();
        var weight = KnownProtocols + 1;
        foreach (var protocol in protocols)
        {
            header.Append(MediaType(protocol));
            // Only these two know names beyond the old alphabet.
            if (protocol is ScrapeProtocol.PrometheusText1_0_0 or ScrapeProtocol.OpenMetricsText1_0_0)
                header.Append(";escaping=").Append(NameEscaping.NameOf(escaping));
            header.Append(CultureInfo.InvariantCulture, $";q=0.{weight--},");
        }
        return header.Append(CultureInfo.InvariantCulture, $"*/*;q=0.{weight}").ToString();
    }

    public static string MediaType(ScrapeProtocol protocol) => protocol switch
    {
        ScrapeProtocol.PrometheusProto => "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
        ScrapeProtocol.PrometheusText0_0_4 => "text/plain;version=0.0.4",
        ScrapeProtocol.PrometheusText1_0_0 => "text/plain;version=1.0.0",
        ScrapeProtocol.OpenMetricsText0_0_1 => "application/openmetrics-text;version=0.0.1",
        _ => "application/openmetrics-text;version=1.0.0",
    };
}

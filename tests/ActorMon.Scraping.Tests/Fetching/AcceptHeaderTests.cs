using ActorMon.Model.Names;
using ActorMon.Scraping.Fetching;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Scraping.Tests.Fetching;

public sealed class AcceptHeaderTests
{
    [Fact]
    public void The_default_protocols_give_the_peers_header() => Assert.Equal(
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        AcceptHeader.Of(ScrapeJob.DefaultProtocols, EscapingScheme.None));

    [Fact]
    public void Protobuf_comes_first_when_it_is_first() => Assert.Equal(
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,text/plain;version=1.0.0;escaping=dots;q=0.5,*/*;q=0.4",
        AcceptHeader.Of([ScrapeProtocol.PrometheusProto, ScrapeProtocol.PrometheusText1_0_0], EscapingScheme.Dots));
}

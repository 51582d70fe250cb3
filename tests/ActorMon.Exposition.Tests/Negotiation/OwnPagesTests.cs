using ActorMon.Exposition.Negotiation;

namespace ActorMon.Exposition.Tests.Negotiation;

public class OwnPagesTests
{
    [Theory]
    [InlineData("*/*")]
    [InlineData("")]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8")]
    public void A_client_that_takes_anything_gets_the_text_format(string accept) =>
        Assert.Equal(WireFormatKind.TextPlain, WireFormat.KindOf(ContentNegotiation.Negotiate(accept, ContentNegotiation.Writable)));

    [Fact]
    public void A_scraper_that_prefers_OpenMetrics_gets_OpenMetrics() =>
        Assert.Equal(WireFormatKind.OpenMetrics, WireFormat.KindOf(ContentNegotiation.Negotiate(
            "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", ContentNegotiation.Writable)));

    [Fact]
    public void A_scraper_that_prefers_protobuf_gets_protobuf() =>
        Assert.Equal(WireFormatKind.ProtoDelim, WireFormat.KindOf(ContentNegotiation.Negotiate(
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", ContentNegotiation.Writable)));
}

using ActorMon.Exposition.Parsing;

namespace ActorMon.Exposition.Tests.Parsing;

public class ParserChoiceTests
{
    [Theory]
    [InlineData("text/plain; version=0.0.4", ExpositionFormat.PrometheusText)]
    [InlineData("TEXT/Plain", ExpositionFormat.PrometheusText)]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8", ExpositionFormat.OpenMetrics)]
    [InlineData("application/vnd.google.protobuf; proto=\"io.prometheus.client.MetricFamily\"; encoding=delimited;", ExpositionFormat.Protobuf)]
    public void The_media_type_decides(string contentType, ExpositionFormat expected)
    {
        Assert.Equal(expected, ExpositionParsers.Choose(contentType, fallback: null, out var problem));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("", "non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target")]
    [InlineData("text/html", "received unsupported Content-Type \"text/html\" and no fallback_scrape_protocol specified for target")]
    [InlineData("text/", "cannot parse Content-Type \"text/\" and no fallback_scrape_protocol for target\nmime: expected token after slash")]
    [InlineData("text/plain; version", "cannot parse Content-Type \"text/plain; version\" and no fallback_scrape_protocol for target\nmime: invalid media parameter")]
    public void Without_fallback_an_unusable_Content_Type_fails_the_scrape(string contentType, string expected)
    {
        Assert.Null(ExpositionParsers.Choose(contentType, fallback: null, out var problem));
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData("", "non-compliant scrape target sending blank Content-Type, using fallback_scrape_protocol \"text/plain\"")]
    [InlineData("text/html", "received unsupported Content-Type \"text/html\", using fallback_scrape_protocol \"text/plain\"")]
    [InlineData("text/plain/x", "could not parse received Content-Type \"text/plain/x\", using fallback_scrape_protocol \"text/plain\"\nmime: unexpected content after media subtype")]
    public void With_fallback_it_is_a_warning(string contentType, string expected)
    {
        Assert.Equal(ExpositionFormat.PrometheusText, ExpositionParsers.Choose(contentType, ExpositionFormat.PrometheusText, out var problem));
        Assert.Equal(expected, problem);
    }
}

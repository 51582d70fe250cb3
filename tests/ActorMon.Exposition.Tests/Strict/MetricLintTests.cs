using System.Text;
using ActorMon.Exposition.Families;
using ActorMon.Exposition.Strict;

namespace ActorMon.Exposition.Tests.Strict;

public class MetricLintTests
{
    [Theory]
    [InlineData("# HELP a x\n# TYPE a counter\na 1\n", "a counter metrics should have \"_total\" suffix")]
    [InlineData("# TYPE a gauge\na 1\n", "a no help text")]
    [InlineData("# HELP a_total x\n# TYPE a_total gauge\na_total 1\n", "a_total non-counter metrics should not have \"_total\" suffix")]
    [InlineData("# HELP a_milliseconds x\n# TYPE a_milliseconds gauge\na_milliseconds 1\n", "a_milliseconds use base unit \"seconds\" instead of \"milliseconds\"")]
    [InlineData("# HELP a_ms x\n# TYPE a_ms gauge\na_ms 1\n", "a_ms metric names should not contain abbreviated units")]
    [InlineData("# HELP a:b x\n# TYPE a:b gauge\na:b{thisOne=\"1\"} 1\n", "a:b label names should be written in 'snake_case' not 'camelCase'|a:b metric names should not contain ':'")]
    [InlineData("# HELP a x\n# TYPE a gauge\na{le=\"1\"} 1\na{le=\"1\"} 1\n", "a metric not unique|a non-histogram metrics should not have \"le\" label|a non-histogram metrics should not have \"le\" label")]
    [InlineData("# HELP a_gauge_count x\n# TYPE a_gauge_count gauge\na_gauge_count 1\n", "a_gauge_count metric name should not include type 'gauge'|a_gauge_count non-histogram and non-summary metrics should not have \"_count\" suffix")]
    [InlineData("# HELP thermometers x\n# TYPE thermometers gauge\nthermometers 1\n", "")]
    public void Names_are_held_against_the_conventions(string document, string expected) => Assert.Equal(
        expected,
        string.Join('|', MetricLint.Check(TextFamilyParser.Parse(Encoding.UTF8.GetBytes(document))).Select(p => $"{p.Metric} {p.Text}")));

    [Fact]
    public void The_cardinality_of_a_family_counts_every_series_of_its_metrics()
    {
        var families = TextFamilyParser.Parse("# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n# TYPE g gauge\ng 1\n"u8.ToArray());
        Assert.Equal([new MetricCardinality("h", 4, 0.8), new MetricCardinality("g", 1, 0.2)], MetricLint.Cardinality(families));
    }
}

using System.Text;
using ActorMon.Exposition.Parsing;
using ActorMon.Exposition.Tests.Fuzz;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Labels;

namespace ActorMon.Exposition.Tests.Parsing;

public class ProtobufParserTests
{
    [Theory]
    [InlineData(true, false, false, "latency:native")]
    [InlineData(true, true, false, "latency:native latency_count latency_sum latency_bucket latency_bucket latency_bucket")]
    [InlineData(true, false, true, "latency:native")]
    [InlineData(false, false, false, "latency_count latency_sum latency_bucket latency_bucket latency_bucket")]
    [InlineData(false, false, true, "latency:custom")]
    [InlineData(false, true, true, "latency_count latency_sum latency_bucket latency_bucket latency_bucket latency:custom")]
    public void A_histogram_with_classic_and_native_parts_comes_as_the_options_say(bool native, bool classic, bool convert, string expected)
    {
        var found = new List<string>();
        var labels = new LabelSetBuilder();
        foreach (var (entry, parser) in Entries(new ExpositionOptions(native, classic, convert)))
        {
            if (entry is not (ExpositionEntry.Series or ExpositionEntry.Histogram))
                continue;
            parser.ReadLabels(labels);
            if (labels.Get("__name__").StartsWith("latency", StringComparison.Ordinal))
                found.Add(labels.Get("__name__") + (entry == ExpositionEntry.Series ? "" : parser.Histogram!.UsesCustomBuckets ? ":custom" : ":native"));
        }
        Assert.Equal(expected, string.Join(' ', found));
    }

    [Fact]
    public void A_conversion_keeps_bounds_and_populations()
    {
        foreach (var (entry, parser) in Entries(new ExpositionOptions(ConvertClassic: true)))
        {
            if (entry != ExpositionEntry.Histogram || Encoding.UTF8.GetString(parser.FamilyName) != "latency")
                continue;
            Assert.Equal([0.1, 1], parser.Histogram!.CustomValues);
            Assert.Equal([2, 2, 1], parser.Histogram.PositiveBuckets);
            Assert.Equal((5.0, 2.5, 1000L), (parser.Histogram.Count, parser.Histogram.Sum, parser.StartTimestampMs));
            var exemplars = new List<(Exemplar Exemplar, bool HasTimestamp)>();
            parser.ReadExemplars(exemplars);
            Assert.Equal(2000, Assert.Single(exemplars).Exemplar.Timestamp.Value);
            return;
        }
        Assert.Fail("no histogram came");
    }

    [Fact]
    public void Each_series_of_a_scrape_has_its_own_key()
    {
        var keys = new HashSet<string>();
        foreach (var (entry, parser) in Entries(new ExpositionOptions(NativeHistograms: true, AlwaysClassic: true)))
            if (entry is ExpositionEntry.Series or ExpositionEntry.Histogram)
                Assert.True(keys.Add(Convert.ToHexString(parser.SeriesKey)));
        Assert.True(keys.Count > 15);
    }

    [Fact]
    public void A_length_beyond_the_body_is_an_error_before_anything_is_taken()
    {
        var parser = new ProtobufParser(new byte[] { 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2 });
        Assert.Equal(
            "clientpb: insufficient length of buffer, expected at least 4294967295 bytes, got 2 bytes",
            Assert.Throws<ExpositionException>(() => parser.Next()).Message);
    }

    [Fact]
    public void Spans_that_promise_more_buckets_than_there_are_fail_the_scrape()
    {
        // A histogram family "h" whose one metric has a span of four billion buckets and no bucket at all.
        byte[] span = [0x62, 6, 0x10, 0xff, 0xff, 0xff, 0xff, 0x0f];
        byte[] metric = [0x3a, (byte)span.Length, .. span];
        byte[] family = [0x0a, 1, (byte)'h', 0x18, 4, 0x22, (byte)metric.Length, .. metric];
        var parser = new ProtobufParser(new byte[] { (byte)family.Length }.Concat(family).ToArray());
        parser.Next();
        parser.Next();
        Assert.Equal("histogram \"h\": positive side: spans require 4294967295 buckets, have 0", Assert.Throws<ExpositionException>(() => parser.Next()).Message);
    }

    private static IEnumerable<(ExpositionEntry, ExpositionParser)> Entries(ExpositionOptions options)
    {
        var parser = ExpositionParsers.Create(ExpositionFormat.Protobuf, options);
        parser.Reset(Documents.Protobuf());
        for (var entry = parser.Next(); entry != ExpositionEntry.End; entry = parser.Next())
            yield return (entry, parser);
    }
}

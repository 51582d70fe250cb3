using ActorMon.Model.Samples;
using ActorMon.Scraping.Tests.Support;
using static ActorMon.Scraping.Tests.Support.ScrapeBench;

namespace ActorMon.Scraping.Tests;

/// <summary>Scrapes in the format that carries native histograms.</summary>
public sealed class ProtobufScrapeTests
{
    private static ScrapeBench Bench(long bucketLimit = 0, double factor = 0) => new(j => j with
    {
        ScrapeNativeHistograms = true,
        NativeHistogramBucketLimit = bucketLimit,
        NativeHistogramMinBucketFactor = factor,
    });

    private static async Task<ScrapeOutcome> Scrape(ScrapeBench bench, byte[] body)
    {
        var outcome = await bench.ScrapeOnly(body, ProtobufBody.ContentType);
        bench.Store(outcome.Batches);
        return outcome;
    }

    [Fact]
    public async Task Floats_go_into_columns_and_native_histograms_beside_them()
    {
        var bench = Bench();
        byte[] body = [.. ProtobufBody.Gauge("g", 2.5, ("x", "y")), .. ProtobufBody.Native("h", 4, 10)];
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("", (await Scrape(bench, body)).Error);
            Assert.Equal("2.5", bench.At(Series("g", "x", "y")));
        }
        Assert.Equal(2, bench.Partition.Loose.Count(s => s.Histogram is { Count: 40, Schema: 3 }));
        await Scrape(bench, ProtobufBody.Gauge("g", 1, ("x", "y")));
        Assert.Equal("stale", bench.At(Series("h")));
    }

    [Fact]
    public async Task A_histogram_over_the_bucket_limit_is_made_coarser()
    {
        var bench = Bench(bucketLimit: 5);
        await Scrape(bench, ProtobufBody.Native("h", 16, 1));
        var histogram = Assert.Single(bench.Partition.Loose).Histogram!;
        Assert.True(histogram.Schema < 3);
        Assert.InRange(histogram.PositiveBuckets.Length, 1, 5);
        Assert.Equal(16, histogram.PositiveBuckets.Sum());
    }

    [Fact]
    public async Task A_histogram_that_cannot_be_coarse_enough_fails_the_scrape()
    {
        var bench = Bench(bucketLimit: 1);
        var outcome = await Scrape(bench, ProtobufBody.Native("h", 300, 1));
        Assert.Equal("histogram bucket limit exceeded", outcome.Error);
        Assert.True(outcome.Counters.BucketLimitExceeded);
    }

    [Fact]
    public async Task The_minimal_bucket_factor_is_a_highest_resolution()
    {
        var bench = Bench(factor: 2);
        await Scrape(bench, ProtobufBody.Native("h", 8, 1));
        Assert.Equal(0, Assert.Single(bench.Partition.Loose).Histogram!.Schema);
    }

    [Fact]
    public async Task A_target_cannot_write_stale_markers()
    {
        var bench = Bench();
        byte[] body = [.. ProtobufBody.Gauge("g", SpecialValues.StaleNaN), .. ProtobufBody.Native("h", 1, 1, SpecialValues.StaleNaN)];
        await Scrape(bench, body);
        Assert.Equal("NaN", bench.At(Series("g")));
        Assert.False(SpecialValues.IsStale(Assert.Single(bench.Partition.Loose).Histogram!.Sum));
    }

    [Fact]
    public async Task Labels_come_back_from_the_keys_of_this_format_too()
    {
        var bench = Bench();
        var body = ProtobufBody.Gauge("g", 2.5, ("x", "y"), ("z", "é"));
        var outcome = await Scrape(bench, body);
        bench.Scraper.ResetLayout(outcome.Batches[0].Partition);
        await Scrape(bench, ProtobufBody.Gauge("other", 1));
        Assert.Equal("stale", bench.At(Series("g", "x", "y", "z", "é")));
    }
}

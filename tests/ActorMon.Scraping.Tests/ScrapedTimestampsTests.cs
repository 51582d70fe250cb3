using ActorMon.Model.Samples;
using ActorMon.Scraping.Tests.Support;
using static ActorMon.Scraping.Tests.Support.ScrapeBench;

namespace ActorMon.Scraping.Tests;
/// <summary>Timestamps that targets expose themselves.</summary>
public sealed class ScrapedTimestampsTests
{
    [Fact]
    public async Task Exposed_timestamps_are_kept_and_such_series_get_no_stale_markers()
    {
        var bench = new ScrapeBench();
        var t = bench.Now.Value - 5000;
        await bench.Scrape($"a 1 {t}\nb 2\n");
        Assert.Equal("1", bench.At(Series("a"), new TimestampMs(t)));
        Assert.Equal("", bench.At(Series("a")));
        await bench.Scrape("b 2\n");
        Assert.Equal("", bench.At(Series("a")));
    }

    [Fact]
    public async Task With_tracking_series_with_exposed_timestamps_end_too()
    {
        var bench = new ScrapeBench(j => j with { TrackTimestampsStaleness = true });
        await bench.Scrape($"a 1 {bench.Now.Value}\n");
        await bench.Scrape("b 2\n");
        Assert.Equal("stale", bench.At(Series("a")));
    }

    [Fact]
    public async Task Without_honor_timestamps_the_scrape_time_counts()
    {
        var bench = new ScrapeBench(j => j with { HonorTimestamps = false });
        for (var i = 0; i < 2; i++)
        {
            await bench.Scrape("a 1 1000\n");
            Assert.Equal("1", bench.At(Series("a")));
        }
    }

    [Fact]
    public async Task Late_repeated_and_future_samples_are_left_out_and_counted()
    {
        var bench = new ScrapeBench();
        var t = bench.Now.Value;
        await bench.Scrape($"a 1 {t}\n");
        var outcome = await bench.Scrape($"a 1 {t}\nb 1 {bench.Now.Value + 15_000 + 601_000}\n");
        Assert.Equal((0, 0, 1), (outcome.Counters.Duplicates, outcome.Counters.OutOfOrder, outcome.Counters.OutOfBounds));
        outcome = await bench.Scrape($"a 2 {t}\n");
        Assert.Equal(1, outcome.Counters.Duplicates);
        outcome = await bench.Scrape($"a 3 {t - 1}\n");
        Assert.Equal(1, outcome.Counters.OutOfOrder);
        Assert.True(outcome.Up);
        Assert.Equal("1", bench.At(Series("a"), new TimestampMs(t)));
    }

    [Fact]
    public async Task Several_timestamps_of_one_series_in_one_body_are_several_samples()
    {
        var bench = new ScrapeBench();
        var t = bench.Now.Value;
        var outcome = await bench.Scrape($"a 1 {t}\na 2 {t + 1}\na 3 {t + 2}\n");
        Assert.Equal(0, outcome.Counters.Duplicates);
        Assert.Equal("3", bench.At(Series("a"), new TimestampMs(t + 2)));
    }

    [Fact]
    public async Task A_failed_scrape_does_not_remember_the_timestamps_it_brought()
    {
        var bench = new ScrapeBench();
        var t = bench.Now.Value;
        await bench.Scrape($"a 1 {t}\n");
        await bench.Scrape($"a 2 {t + 5}\n{{\n");
        await bench.Scrape($"a 3 {t + 5}\n");
        Assert.Equal("3", bench.At(Series("a"), new TimestampMs(t + 5)));
    }

    [Fact]
    public async Task Exposed_NaNs_become_the_one_NaN()
    {
        var bench = new ScrapeBench();
        await bench.Scrape("a NaN\n");
        await bench.Scrape("a NaN\n");
        var value = bench.Partition.Samples[(Series("a"), bench.Now.Value)];
        Assert.Equal(SpecialValues.NormalNaNBits, BitConverter.DoubleToUInt64Bits(value));
    }

    [Fact]
    public async Task Timestamps_never_go_back()
    {
        var bench = new ScrapeBench();
        var first = await bench.Scrape("a 1\n");
        var second = await bench.Scraper.ScrapeAsync(first.Timestamp, default);
        Assert.Equal(first.Timestamp.Value + 1, second.Timestamp.Value);
    }
}

using ActorMon.Model.Samples;
using ActorMon.Scraping.Tests.Support;
using static ActorMon.Scraping.Tests.Support.ScrapeBench;

namespace ActorMon.Scraping.Tests;

public sealed class StartTimestampTests
{
    [Fact]
    public async Task A_counter_that_started_since_the_last_scrape_gets_a_zero_at_its_start()
    {
        var bench = new ScrapeBench(options: o => o with { StartTimestampZeroSamples = true });
        string Body(long start, int value) => $"# TYPE a counter\na_total {value}\na_created {start / 1000}.{start % 1000:000}\n# EOF\n";
        var first = bench.Now.Value + 3000;
        await bench.Scrape(Body(first, 5), OpenMetrics);
        Assert.Equal("0", bench.At(Series("a_total"), new TimestampMs(first)));
        Assert.Equal("5", bench.At(Series("a_total")));
        Assert.Equal("", bench.At(Series("a_created")));
        var again = await bench.Scrape(Body(first, 6), OpenMetrics);
        Assert.Empty(again.Batches[0].Loose);
        var restart = bench.Now.Value + 4000;
        await bench.Scrape(Body(restart, 1), OpenMetrics);
        Assert.Equal("0", bench.At(Series("a_total"), new TimestampMs(restart)));
    }
}

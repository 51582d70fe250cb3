using System.Net;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Tests.Support;
using static ActorMon.Scraping.Tests.Support.ScrapeBench;

namespace ActorMon.Scraping.Tests;

/// <summary>What one scrape after another stores.</summary>
public sealed class TargetScraperTests
{
    [Fact]
    public async Task A_scrape_stores_its_samples_and_reports_on_itself()
    {
        var bench = new ScrapeBench();
        var outcome = await bench.Scrape("# TYPE a counter\na 1\nb{x=\"y\"} 2.5\n");
        Assert.True(outcome.Up);
        Assert.Equal("1", bench.At(Series("a")));
        Assert.Equal("2.5", bench.At(Series("b", "x", "y")));
        Assert.Equal("1", bench.At(Series("up")));
        Assert.Equal("2", bench.At(Series("scrape_samples_scraped")));
        Assert.Equal("2", bench.At(Series("scrape_samples_post_metric_relabeling")));
        Assert.Equal("2", bench.At(Series("scrape_series_added")));
        Assert.NotEqual("", bench.At(Series("scrape_duration_seconds")));
        Assert.Equal("", bench.At(Series("scrape_timeout_seconds")));
        Assert.Single(outcome.Batches);
    }

    [Fact]
    public async Task The_extra_report_series_are_written_when_asked_for()
    {
        var bench = new ScrapeBench(j => j with { ExtraScrapeMetrics = true, SampleLimit = 9 });
        await bench.Scrape("a 1\n");
        Assert.Equal("10", bench.At(Series("scrape_timeout_seconds")));
        Assert.Equal("9", bench.At(Series("scrape_sample_limit")));
        Assert.Equal("4", bench.At(Series("scrape_body_size_bytes")));
    }

    [Fact]
    public async Task A_known_series_is_sent_without_labels_once_it_is_confirmed()
    {
        var bench = new ScrapeBench();
        await bench.Scrape("a 1\nb 2\n");
        var outcome = await bench.Scrape("a 3\nb 4\n");
        var columns = Assert.Single(outcome.Batches).Columns!;
        Assert.Empty(columns.NewSeries);
        Assert.Equal(columns.SlotCount, columns.FirstNewSlot);
        Assert.Equal("3", bench.At(Series("a")));
        Assert.Equal("0", bench.At(Series("scrape_series_added")));
    }

    [Fact]
    public async Task Labels_are_sent_again_while_their_batch_is_not_confirmed()
    {
        var bench = new ScrapeBench();
        var first = await bench.ScrapeOnly("a 1\n"u8.ToArray());
        var second = await bench.ScrapeOnly("a 2\nb 1\n"u8.ToArray());
        Assert.Equal(0, second.Batches[0].Columns!.FirstNewSlot);
        bench.Store(first.Batches);
        bench.Store(second.Batches);
        Assert.Equal("2", bench.At(Series("a")));
        Assert.Empty((await bench.Scrape("a 2\nb 1\n")).Batches[0].Columns!.NewSeries);
    }

    [Fact]
    public async Task A_series_that_disappears_gets_one_stale_marker()
    {
        var bench = new ScrapeBench();
        await bench.Scrape("a 1\nb 2\n");
        await bench.Scrape("a 1\n");
        Assert.Equal("stale", bench.At(Series("b")));
        await bench.Scrape("a 1\n");
        Assert.Equal("", bench.At(Series("b")));
        var back = await bench.Scrape("a 1\nb 3\n");
        Assert.Equal("3", bench.At(Series("b")));
        Assert.Equal(1, back.SeriesAdded);
        Assert.Equal(1, bench.Partition.Layouts);
        Assert.Empty(back.Batches[0].Columns!.NewSeries);
    }

    [Fact]
    public async Task A_failed_scrape_ends_every_series_and_reports_up_0()
    {
        var bench = new ScrapeBench();
        await bench.Scrape("a 1\n");
        var outcome = await bench.Scrape("", status: HttpStatusCode.InternalServerError);
        Assert.Equal("server returned HTTP status 500 Internal Server Error", outcome.Error);
        Assert.Equal("stale", bench.At(Series("a")));
        Assert.Equal("0", bench.At(Series("up")));
        await bench.Scrape("a 1\n");
        Assert.Equal("1", bench.At(Series("a")));
        Assert.Equal("1", bench.At(Series("up")));
    }

    [Fact]
    public async Task A_body_that_breaks_in_its_last_line_leaves_nothing_behind()
    {
        var bench = new ScrapeBench();
        await bench.Scrape("a 1\nb 1\n");
        var outcome = await bench.Scrape("a 2\nnew 1\nb{ 2\n");
        Assert.False(outcome.Up);
        Assert.Equal([$"{Series("a")} stale", $"{Series("b")} stale"], bench.Stored());
        Assert.Equal(2, outcome.SamplesScraped);
        Assert.Empty(outcome.Batches[0].Columns!.NewSeries);
        await bench.Scrape("a 3\nnew 1\nb 4\n");
        Assert.Equal("1", bench.At(Series("new")));
        Assert.Equal("4", bench.At(Series("b")));
    }

    [Fact]
    public async Task An_empty_body_is_a_good_scrape_of_nothing()
    {
        var bench = new ScrapeBench();
        await bench.Scrape("a 1\n");
        var outcome = await bench.Scrape("", contentType: "");
        Assert.True(outcome.Up);
        Assert.Equal("stale", bench.At(Series("a")));
        var back = await bench.Scrape("a 1\n");
        Assert.Equal(0, back.SeriesAdded);
    }

    [Fact]
    public async Task Stale_markers_of_a_lost_batch_are_written_by_the_next_one()
    {
        var bench = new ScrapeBench();
        await bench.Scrape("a 1\nb 1\n");
        var lost = await bench.ScrapeOnly("a 1\n"u8.ToArray());
        bench.Scraper.Confirm(lost.Batches[0], ok: false);
        lost.Batches[0].Release();
        await bench.Scrape("a 1\n");
        Assert.Equal("stale", bench.At(Series("b")));
    }

    [Fact]
    public async Task Metadata_is_sent_when_it_is_new_or_changed()
    {
        var bench = new ScrapeBench();
        var first = await bench.Scrape("# HELP a one\n# TYPE a counter\na 1\n");
        Assert.Contains(first.Batches[0].Metadata, row => row.Family == "a" && row.Metadata.Help == "one");
        Assert.Contains(first.Batches[0].Metadata, row => row.Family == "up");
        Assert.Empty((await bench.Scrape("# HELP a one\n# TYPE a counter\na 1\n")).Batches[0].Metadata);
        var changed = await bench.Scrape("# HELP a two\n# TYPE a counter\na 1\n");
        Assert.Equal("two", Assert.Single(changed.Batches[0].Metadata).Metadata.Help);
        Assert.Equal("a", Assert.Single(bench.Scraper.ListMetadata()).Family);
    }

    [Fact]
    public async Task Metadata_of_a_lost_batch_is_sent_again()
    {
        var bench = new ScrapeBench();
        var lost = await bench.ScrapeOnly("# HELP a one\na 1\n"u8.ToArray());
        bench.Scraper.Confirm(lost.Batches[0], ok: false);
        var again = await bench.Scrape("# HELP a one\na 1\n");
        Assert.Equal(lost.Batches[0].Metadata.Length, again.Batches[0].Metadata.Length);
    }

    [Fact]
    public async Task Metadata_is_forgotten_ten_scrapes_after_its_family_left()
    {
        var bench = new ScrapeBench();
        await bench.Scrape("# HELP a one\na 1\n");
        for (var i = 0; i < 10; i++)
            await bench.Scrape("b 1\n");
        Assert.Single(bench.Scraper.ListMetadata());
        for (var i = 0; i < 6; i++)
            await bench.Scrape("b 1\n");
        Assert.Empty(bench.Scraper.ListMetadata());
    }

    [Fact]
    public async Task A_target_that_goes_away_ends_with_all_its_series()
    {
        var bench = new ScrapeBench();
        await bench.Scrape("a 1\n");
        var end = bench.Now + TimeSpan.FromSeconds(15);
        bench.Store(bench.Scraper.EndOfTarget(end));
        foreach (var series in (string[])["a", "up", "scrape_duration_seconds", "scrape_series_added"])
            Assert.Equal("stale", bench.At(Series(series), end));
        Assert.Empty(bench.Scraper.EndOfTarget(end + TimeSpan.FromSeconds(15)));
    }

    [Fact]
    public void A_target_that_was_never_scraped_ends_silently() => Assert.Empty(new ScrapeBench().Scraper.EndOfTarget(new TimestampMs(1)));

    [Fact]
    public async Task A_forced_error_asks_nothing_and_ends_every_series()
    {
        var bench = new ScrapeBench();
        await bench.Scrape("a 1\n");
        bench.Scraper.ForcedError = "target_limit exceeded (number of targets: 3, limit: 2)";
        var outcome = await bench.Scrape("a 1\n");
        Assert.Equal(bench.Scraper.ForcedError, outcome.Error);
        Assert.Equal("stale", bench.At(Series("a")));
        Assert.Equal(1, bench.Requests);
    }

    [Theory]
    [InlineData("", "non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target")]
    [InlineData("text/html", "received unsupported Content-Type \"text/html\" and no fallback_scrape_protocol specified for target")]
    public async Task Without_a_usable_content_type_the_fallback_decides(string contentType, string error)
    {
        Assert.Equal(error, (await new ScrapeBench().Scrape("a 1\n", contentType)).Error);
        var bench = new ScrapeBench(j => j with { FallbackProtocol = ScrapeProtocol.PrometheusText0_0_4 });
        var outcome = await bench.Scrape("a 1\n", contentType);
        Assert.True(outcome.Up);
        Assert.NotEqual("", outcome.Warning);
    }

    [Fact]
    public async Task Exemplars_are_handed_on_once()
    {
        var bench = new ScrapeBench();
        const string Body = "# TYPE a counter\na_total 1 # {trace=\"t1\"} 0.5\n# EOF\n";
        await bench.Scrape(Body, OpenMetrics);
        await bench.Scrape(Body, OpenMetrics);
        var exemplar = Assert.Single(bench.Partition.Exemplars);
        Assert.Equal(Series("a_total"), exemplar.Series.ToString());
        await bench.Scrape(Body.Replace("t1", "t2", StringComparison.Ordinal), OpenMetrics);
        Assert.Equal(2, bench.Partition.Exemplars.Count);
    }

    [Fact]
    public async Task Classic_histograms_are_converted_when_asked_for()
    {
        var bench = new ScrapeBench(j => j with { ConvertClassicHistograms = true });
        const string Body = "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 3\nh_count 3\nh_sum 7\n";
        await bench.Scrape(Body);
        await bench.Scrape(Body);
        Assert.Equal(2, bench.Partition.Loose.Count(s => s.Histogram is { Count: 3, UsesCustomBuckets: true }));
        Assert.Empty(bench.Stored());
        await bench.Scrape("other 1\n");
        Assert.Equal("stale", bench.At(Series("h")));
    }

    [Fact]
    public async Task A_report_series_leaves_out_an_exported_twin_of_a_target_label()
    {
        var bench = new ScrapeBench(labels: LabelSet.Of("__address__", "h:1", "exported_job", "q"));
        await bench.Scrape("a 1\n");
        Assert.Equal("1", bench.At(Series("up")));
        Assert.Equal("1", bench.At(Series("a", "exported_job", "q")));
    }
}

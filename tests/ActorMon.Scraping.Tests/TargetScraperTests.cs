using System.Net;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Names;
using ActorMon.Model.Relabelling;
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
    public async Task An_exposed_label_of_the_target_is_renamed()
    {
        var bench = new ScrapeBench();
        await bench.Scrape("a{job=\"x\",exported_job=\"y\",instance=\"z\"} 1\n");
        Assert.Equal("1", bench.At(Series("a", "exported_job", "y", "exported_exported_job", "x", "exported_instance", "z")));
    }

    [Fact]
    public async Task With_honor_labels_the_exposed_label_wins_and_an_empty_one_keeps_the_target_label_away()
    {
        var bench = new ScrapeBench(j => j with { HonorLabels = true });
        await bench.Scrape("a{job=\"x\"} 1\nb{instance=\"\",x=\"1\"} 2\nc{x=\"instance=\\\"\\\"\"} 3\n");
        Assert.Equal("1", bench.At(LabelSet.Of("__name__", "a", "job", "x", "instance", "h:1").ToString()));
        Assert.Equal("2", bench.At(LabelSet.Of("__name__", "b", "job", "j", "x", "1").ToString()));
        Assert.Equal("3", bench.At(LabelSet.Of("__name__", "c", "job", "j", "instance", "h:1", "x", "instance=\"\"").ToString()));
    }

    [Fact]
    public async Task A_dropped_series_counts_as_scraped_only()
    {
        var drop = new RelabelRule { Action = RelabelAction.Drop, SourceLabels = ["__name__"], Regex = AnchoredRegex.Parse("go_.*") };
        var bench = new ScrapeBench(j => j with { MetricRelabelRules = [drop] });
        for (var i = 0; i < 2; i++)
        {
            var outcome = await bench.Scrape("go_a 1\nb 2\ngo_c 3\n");
            Assert.Equal(3, outcome.SamplesScraped);
            Assert.Equal(1, outcome.SamplesPostRelabelling);
            Assert.Equal([$"{Series("b")} 2"], bench.Stored());
        }
    }

    [Fact]
    public async Task Two_exposed_series_that_relabelling_makes_one_are_one_series()
    {
        var bench = new ScrapeBench(j => j with { MetricRelabelRules = [new RelabelRule { Action = RelabelAction.LabelDrop, Regex = AnchoredRegex.Parse("x") }] });
        var outcome = await bench.Scrape("a{x=\"1\"} 1\na{x=\"2\"} 2\na{x=\"3\"} 1\n");
        Assert.True(outcome.Up);
        Assert.Equal("1", bench.At(Series("a")));
        Assert.Equal(1, outcome.Counters.Duplicates);
    }

    [Fact]
    public async Task A_series_exposed_twice_keeps_its_first_value()
    {
        var bench = new ScrapeBench();
        for (var i = 0; i < 3; i++)
        {
            var outcome = await bench.Scrape("a 1\nb 1\na 2\n");
            Assert.True(outcome.Up);
            Assert.Equal(1, outcome.Counters.Duplicates);
            Assert.Equal(3, outcome.SamplesPostRelabelling);
            Assert.Equal("1", bench.At(Series("a")));
        }
    }

    [Theory]
    [InlineData("a 1\nb 1\nc 1\n", "sample limit exceeded")]
    [InlineData("a 1\nb 1\n", "")]
    public async Task The_sample_limit_fails_the_scrape_beyond_it(string body, string error)
    {
        var bench = new ScrapeBench(j => j with { SampleLimit = 2 });
        var outcome = await bench.Scrape(body);
        Assert.Equal(error, outcome.Error);
        Assert.Equal(error.Length > 0, outcome.Counters.SampleLimitExceeded);
        Assert.Equal(error.Length > 0 ? 0 : 2, bench.Stored().Count);
        Assert.Equal(body.Length / 4, outcome.SamplesPostRelabelling);
    }

    [Fact]
    public async Task A_target_that_exceeds_its_limit_at_every_scrape_does_not_fill_the_cache()
    {
        var bench = new ScrapeBench(j => j with { SampleLimit = 2 });
        for (var i = 0; i < 20; i++)
            await bench.Scrape(string.Concat(Enumerable.Range(0, 500).Select(n => $"m{i}_{n} 1\n")));
        Assert.Equal(0, bench.Scraper.CacheSize.Series);
        Assert.InRange(bench.Scraper.CacheSize.Bytes, 0, 20_000);
    }

    [Theory]
    [InlineData("a{x=\"1\",y=\"2\"} 1\n", "label_limit exceeded (metric: a, number of labels: 5, limit: 4)")]
    [InlineData("a{toolong_name=\"1\"} 1\n", "label_name_length_limit exceeded (metric: a, label name: toolong_name, length: 12, limit: 10)")]
    [InlineData("a{x=\"abcdef\"} 1\n", "label_value_length_limit exceeded (metric: a, label name: x, value: \"abcdef\", length: 6, limit: 5)")]
    public async Task Label_limits_fail_the_scrape(string body, string error)
    {
        var bench = new ScrapeBench(j => j with { LabelLimit = 4, LabelNameLengthLimit = 10, LabelValueLengthLimit = 5 });
        await bench.Scrape("ok 1\n");
        var outcome = await bench.Scrape("ok 1\n" + body);
        Assert.Equal(error, outcome.Error);
        Assert.True(outcome.Counters.LabelLimitExceeded);
        Assert.Equal([$"{Series("ok")} stale"], bench.Stored());
    }

    [Fact]
    public async Task Names_beyond_the_legacy_alphabet_fail_a_legacy_job()
    {
        var bench = new ScrapeBench(j => j with { NameValidation = NameValidation.Legacy });
        var outcome = await bench.Scrape("{\"a.b\",x=\"y\"} 1\n");
        Assert.Equal("invalid metric name or label names: {__name__=\"a.b\", instance=\"h:1\", job=\"j\", x=\"y\"}", outcome.Error);
    }

    [Fact]
    public async Task A_series_without_a_name_fails_the_scrape()
    {
        var bench = new ScrapeBench(j => j with { MetricRelabelRules = [new RelabelRule { Action = RelabelAction.LabelDrop, Regex = AnchoredRegex.Parse("__name__") }] });
        Assert.Equal("missing metric name (__name__ label)", (await bench.Scrape("a 1\n")).Error);
    }

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

    [Fact]
    public async Task Timestamps_never_go_back()
    {
        var bench = new ScrapeBench();
        var first = await bench.Scrape("a 1\n");
        var second = await bench.Scraper.ScrapeAsync(first.Timestamp, default);
        Assert.Equal(first.Timestamp.Value + 1, second.Timestamp.Value);
    }
}

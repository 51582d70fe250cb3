using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Names;
using ActorMon.Model.Relabelling;
using ActorMon.Scraping.Tests.Support;
using static ActorMon.Scraping.Tests.Support.ScrapeBench;

namespace ActorMon.Scraping.Tests;
/// <summary>What the job's label rules and limits make of a scrape.</summary>
public sealed class ScrapeRulesTests
{
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
}

using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Relabelling;
using ActorMon.Model.Samples;
using ActorMon.Scraping.Tests.Support;
using static ActorMon.Scraping.Tests.Support.ScrapeBench;

namespace ActorMon.Scraping.Tests;

/// <summary>What stays and what ends when jobs, layouts and owners change.</summary>
public sealed class ReconfigurationTests
{
    [Fact]
    public async Task Another_timeout_keeps_the_cache()
    {
        var bench = new ScrapeBench();
        await bench.Scrape("a 1\n");
        bench.Configure(bench.Job with { Timeout = TimeSpan.FromSeconds(3) });
        Assert.Equal(1, bench.Scraper.CacheSize.Series);
        Assert.Equal(0, (await bench.Scrape("a 2\n")).SeriesAdded);
        Assert.Equal("2", bench.At(Series("a")));
    }

    [Fact]
    public async Task Another_relabelling_ends_the_series_whose_labels_change_and_no_other()
    {
        var bench = new ScrapeBench();
        await bench.Scrape("a{x=\"1\"} 1\nb 2\n");
        bench.Configure(bench.Job with { MetricRelabelRules = [new RelabelRule { Action = RelabelAction.LabelDrop, Regex = AnchoredRegex.Parse("x") }] });
        await bench.Scrape("a{x=\"1\"} 1\nb 2\n");
        Assert.Equal("stale", bench.At(Series("a", "x", "1")));
        Assert.Equal("1", bench.At(Series("a")));
        Assert.Equal("2", bench.At(Series("b")));
    }

    [Fact]
    public async Task A_lost_layout_is_registered_anew_and_nothing_is_lost()
    {
        var bench = new ScrapeBench();
        const string Body = "# TYPE h histogram\nh_bucket{le=\"1\"} 5\nh_bucket{le=\"+Inf\"} 6\n# TYPE g gauge\ng{le=\"1\",job=\"x\"} 7\ngone 1\n";
        await bench.Scrape(Body);
        bench.Partition.ForgetLayouts();
        var refused = await bench.ScrapeOnly(System.Text.Encoding.UTF8.GetBytes(Body));
        Assert.False(bench.Partition.Write(refused.Batches[0]));
        var loose = bench.Scraper.ToLoose(refused.Batches[0]);
        bench.Scraper.ResetLayout(refused.Batches[0].Partition);
        refused.Batches[0].Release();
        Assert.Null(loose.Columns);
        bench.Store([loose]);
        Assert.Equal("5", bench.At(Series("h_bucket", "le", "1.0")));
        Assert.Equal("7", bench.At(Series("g", "le", "1", "exported_job", "x")));
        Assert.Equal("1", bench.At(Series("up")));
        await bench.Scrape(Body.Replace("gone 1\n", "", StringComparison.Ordinal));
        Assert.Equal("6", bench.At(Series("h_bucket", "le", "+Inf")));
        Assert.Equal("stale", bench.At(Series("gone")));
        await bench.Scrape("x{\n");
        Assert.Equal("stale", bench.At(Series("h_bucket", "le", "1.0")));
    }

    [Fact]
    public async Task A_target_that_ends_right_after_its_layout_was_lost_still_ends()
    {
        var bench = new ScrapeBench();
        var outcome = await bench.Scrape("# TYPE s summary\ns{quantile=\"1\"} 1\n");
        bench.Partition.ForgetLayouts();
        bench.Scraper.ResetLayout(outcome.Batches[0].Partition);
        var end = bench.Now + TimeSpan.FromSeconds(15);
        bench.Store(bench.Scraper.EndOfTarget(end));
        Assert.Equal("stale", bench.At(Series("s", "quantile", "1.0"), end));
        Assert.Equal("stale", bench.At(Series("up"), end));
    }

    [Fact]
    public async Task A_layout_of_mostly_dead_slots_is_left_for_a_new_one()
    {
        var bench = new ScrapeBench();
        await bench.Scrape(string.Concat(Enumerable.Range(0, 2500).Select(i => $"m{i} 1\n")));
        await bench.Scrape("m1 2\nm2 2\n");
        Assert.Equal("stale", bench.At(Series("m3")));
        await bench.Scrape("m2 3\n");
        Assert.Equal("3", bench.At(Series("m2")));
        Assert.Equal("stale", bench.At(Series("m1")));
        Assert.Equal("1", bench.At(Series("up")));
        Assert.Equal(2, bench.Partition.Layouts);
        var last = await bench.Scrape("m2 3\nm3 4\n");
        Assert.InRange(last.Batches[0].Columns!.SlotCount, 1, 10);
    }

    [Fact]
    public async Task A_small_layout_whose_series_change_at_every_scrape_stays_small()
    {
        var bench = new ScrapeBench();
        var most = 0;
        for (var i = 0; i < 400; i++)
        {
            var outcome = await bench.Scrape($"steady {i}\nm{i} 1\n");
            most = Math.Max(most, outcome.Batches[0].Columns!.SlotCount);
            Assert.Equal($"{i}", bench.At(Series("steady")));
            if (i > 0)
                Assert.Equal("stale", bench.At(Series($"m{i - 1}")));
        }
        // The report about the scrape, the steady one, the newest, and what may be dead.
        Assert.InRange(most, 65, 90);
        Assert.InRange(bench.Partition.Layouts, 2, 8);
    }

    [Fact]
    public async Task Series_of_another_owner_end_when_they_do_not_come()
    {
        var bench = new ScrapeBench();
        LabelSet Of(string name) => LabelSet.Of("__name__", name, "instance", "h:1", "job", "j");
        bench.Scraper.Adopt([Of("a"), Of("b"), Of("up")]);
        await bench.Scrape("a 1\n");
        Assert.Equal("1", bench.At(Series("a")));
        Assert.Equal("stale", bench.At(Series("b")));
        Assert.Equal("1", bench.At(Series("up")));
        await bench.Scrape("a 1\n");
        Assert.Equal("", bench.At(Series("b")));
    }

    [Fact]
    public async Task Series_of_other_jobs_go_to_their_own_partitions()
    {
        var bench = new ScrapeBench(j => j with { HonorLabels = true });
        var body = string.Concat(Enumerable.Range(0, 40).Select(i => $"m{{job=\"j{i}\",instance=\"i\"}} {i}\n"));
        for (var i = 0; i < 2; i++)
        {
            var outcome = await bench.Scrape(body);
            Assert.Equal(4, outcome.Batches.Count);
            Assert.Equal(4, outcome.Batches.Select(b => b.Partition).Distinct().Count());
            Assert.Equal(40, bench.Stored().Count);
        }
        await bench.Scrape("m{\n");
        Assert.All(bench.Stored(), s => Assert.EndsWith(" stale", s, StringComparison.Ordinal));
        Assert.Equal(40, bench.Stored().Count);
    }

    [Fact]
    public async Task Only_one_scrape_runs_at_a_time()
    {
        var gate = new TaskCompletionSource<HttpResponseMessage>();
        using var client = new HttpMessageInvoker(new Waiting(gate.Task));
        var bench = new ScrapeBench();
        bench.Scraper.Configure(bench.Scraper.Target, bench.Job, client);
        using var stop = new CancellationTokenSource();
        var first = bench.Scraper.ScrapeAsync(bench.Now, stop.Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.Scraper.ScrapeAsync(bench.Now, default));
        await stop.CancelAsync();
        gate.SetCanceled();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(TimestampMs.Min, bench.Scraper.LastTimestamp);
    }

    private sealed class Waiting(Task<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer;
    }
}

using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Scraping.Tests.Support;
using static ActorMon.Scraping.Tests.Support.ScrapeBench;

namespace ActorMon.Scraping.Tests;

/// <summary>What a scrape stores when new series are refused.</summary>
public sealed class SeriesLimitTests
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task Known_series_go_on_new_ones_are_left_out_and_the_scrape_is_up()
    {
        var bench = Bench();
        await bench.Scrape("a 1\nb 1\n");
        _gate.Room = 1;

        var outcome = await bench.Scrape("a 2\nc 2\nd 2\nb 2\ne 2\n");

        Assert.True(outcome.Up);
        Assert.Equal(["2", "2", "2", "", ""], new[] { "a", "b", "c", "d", "e" }.Select(m => bench.At(Series(m))));
        Assert.Equal("1", bench.At(Series("up")));
        Assert.Equal(("5", "5", "1"), (bench.At(Series("scrape_samples_scraped")), bench.At(Series("scrape_samples_post_metric_relabeling")), bench.At(Series("scrape_series_added"))));
        Assert.Equal(2, outcome.Counters.SeriesRefused);
        Assert.Equal("full", outcome.Refusal!.Text);
        Assert.Single(outcome.Batches);
    }

    [Fact]
    public async Task A_refused_series_asks_again_only_when_there_may_be_room()
    {
        var bench = Bench();
        _gate.Room = 1;
        await bench.Scrape("a 1\nb 1\nc 1\n");
        var asked = _gate.Asked;

        var second = await bench.Scrape("a 2\nb 2\nc 2\n");
        Assert.Equal(asked, _gate.Asked);
        Assert.Equal((2, null), (second.Counters.SeriesRefused, second.Refusal));

        _gate.Room = 1;
        _gate.Generation++;
        var third = await bench.Scrape("a 3\nb 3\nc 3\n");
        Assert.Equal(asked + 2, _gate.Asked);
        Assert.Equal(("3", "3", ""), (bench.At(Series("a")), bench.At(Series("b")), bench.At(Series("c"))));
        Assert.Equal(1, third.Counters.SeriesRefused);

        _gate.Room = 100;
        _gate.Generation++;
        await bench.Scrape("a 4\nb 4\nc 4\n");
        Assert.Equal(("4", "4", "4"), (bench.At(Series("a")), bench.At(Series("b")), bench.At(Series("c"))));
        // Once a series has its place it is not asked for again.
        asked = _gate.Asked;
        _gate.Generation++;
        await bench.Scrape("c 5\nb 5\na 5\n");
        Assert.Equal(asked, _gate.Asked);
    }

    [Fact]
    public async Task A_refused_series_that_disappears_leaves_no_stale_marker()
    {
        var bench = Bench();
        _gate.Room = 1;
        await bench.Scrape("a 1\nb 1\n");

        var outcome = await bench.Scrape("a 2\n");

        Assert.Equal([Series("a") + " 2"], bench.Stored());
        Assert.Equal(0, outcome.SeriesEnded);
    }

    [Fact]
    public async Task The_sample_limit_counts_refused_samples_too()
    {
        var bench = new ScrapeBench(j => j with { SampleLimit = 2 }, o => o with { Admission = _gate });
        _gate.Room = 1;

        var outcome = await bench.Scrape("a 1\nb 1\nc 1\n");

        Assert.Equal("sample limit exceeded", outcome.Error);
    }

    [Fact]
    public async Task What_a_failed_scrape_was_given_is_given_back()
    {
        var bench = Bench();
        var outcome = await bench.Scrape("a 1\nb 1\nc 1\nnonsense{\n");

        Assert.False(outcome.Up);
        Assert.Equal(3, _gate.Taken.Count);
        Assert.Equal(_gate.Taken, _gate.Withdrawn);

        await bench.Scrape("a 1\n");
        Assert.Equal(4, _gate.Taken.Count);
        Assert.Equal(3, _gate.Withdrawn.Count);
    }

    [Fact]
    public async Task Series_outside_the_columns_are_asked_for_as_well_and_get_nothing_when_refused()
    {
        var bench = Bench(o => o with { StartTimestampZeroSamples = true });
        _gate.Room = 0;
        var time = (bench.Now.Value + 14_000) / 1000;

        await bench.Scrape($"# TYPE a counter\na_total 1 {time} # {{t=\"1\"}} 1 {time}\na_created {time - 100}\n# EOF\n", OpenMetrics);

        Assert.Empty(bench.Partition.Loose);
        Assert.Empty(bench.Partition.Exemplars);
        _gate.Room = 1;
        _gate.Generation++;
        time += 15;
        await bench.Scrape($"# TYPE a counter\na_total 1 {time}\n# EOF\n", OpenMetrics);
        Assert.NotEmpty(bench.Partition.Loose);
    }

    [Fact]
    public async Task Series_that_a_target_no_longer_has_are_counted_but_not_those_of_a_failed_scrape()
    {
        var bench = Bench();
        await bench.Scrape("a 1\nb 1\nc 1\n");
        Assert.Equal(2, (await bench.Scrape("a 1\n")).SeriesEnded);
        await bench.Scrape("a 1\nb 1\n");
        Assert.Equal(0, (await bench.Scrape("nonsense{\n")).SeriesEnded);
        await bench.Scrape("a 1\nb 1\n");

        bench.Store(bench.Scraper.EndOfTarget(bench.Now));

        Assert.Equal(2 + 5, bench.Scraper.EndedWithTarget);
    }

    private ScrapeBench Bench(Func<Jobs.ScraperOptions, Jobs.ScraperOptions>? options = null) => new(options: o => (options ?? (x => x))(o) with { Admission = _gate });

    /// <summary>Takes as many new series as it has room.</summary>
    private sealed class Gate : ISeriesAdmission
    {
        private readonly HashSet<ulong> _known = [];

        public int Room { get; set; } = int.MaxValue;
        public uint Generation { get; set; } = 1;
        public int Asked { get; private set; }
        public List<ulong> Taken { get; } = [];
        public List<ulong> Withdrawn { get; } = [];

        public SeriesRefusal? Admit(LabelSet series, ulong hash)
        {
            Asked++;
            if (_known.Contains(hash))
                return null;
            if (Room == 0)
                return new SeriesRefusal("full", "setting", 0, 0);
            Room--;
            _known.Add(hash);
            Taken.Add(hash);
            return null;
        }

        public void Withdraw(ReadOnlySpan<ulong> hashes)
        {
            Withdrawn.AddRange(hashes);
            foreach (var hash in hashes)
                _known.Remove(hash);
        }
    }
}

using ActorMon.Actors.Scraping;
using ActorMon.Actors.Series;
using ActorMon.Actors.Tests.Scraping;
using ActorMon.Model.Matchers;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Series;
using Akka.Actor;
using Xunit.Abstractions;

namespace ActorMon.Actors.Tests.Series;

/// <summary>A target, the link and a partition on disk, as in a node: what a cut takes from the head the target learns by itself.</summary>
public sealed class RejectedLayoutTests : ActorTest, IAsyncLifetime
{
    private const int Partitions = 4;
    private readonly ReplicaStorage _storage;
    private readonly ScrapeFixture _fixture;

    // The target's clock is years behind the storage's, so all it brings is late and is cut at once.
    public RejectedLayoutTests(ITestOutputHelper output) : base(output)
    {
        _storage = new ReplicaStorage(Partitions, Registry, lateSamples: 1);
        _fixture = new ScrapeFixture(Registry);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public void A_layout_that_a_cut_has_taken_away_is_refused_and_registered_anew_without_a_sample_lost()
    {
        var region = Sys.ActorOf(Props.Create(() => new LocalRegion(_storage.Settings)), "region");
        var link = Sys.ActorOf(IngestLinkActor.Props(new IngestSettings(Partitions, 256, TimeSpan.FromMilliseconds(100)), region, _storage.Metrics, LocalHolders.Instance, Links.FakeLinks.None));
        Eventually(() => Assert.Equal(Partitions, Stores().Count()));
        Sys.ActorOf(TargetActor.Props(_fixture.Job, _fixture.Target(), "", _fixture.Runtime, link));
        Eventually(() => Assert.Single(_fixture.Runtime.Board.Active));

        for (var scrape = 1; scrape <= 5; scrape++)
        {
            AwaitCondition(() => Scraped(scrape), Patience, TimeSpan.FromMilliseconds(50));
            Eventually(() => Assert.Equal(Enumerable.Range(1, scrape).Select(n => (double)n), Values("b")));
            Eventually(() => Assert.All(Stores(), store => Assert.False(store.IsWorkUrgent || store.IsWorking)));
        }

        Assert.Equal(Enumerable.Repeat(1d, 5), Values("up"));
        Assert.True(Stores().Sum(store => store.Stats.Cuts) > 1, "nothing was cut");
        Assert.InRange(Metric("actormon_ingest_layouts_unknown_total"), 1, 4);
        Assert.Equal(0, Metric("actormon_scrapes_not_stored_total"));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _storage.Dispose();
    }

    /// <summary>Turns the clock until the target has been asked so often.</summary>
    private bool Scraped(int times)
    {
        if (_fixture.Server.Requests.Count >= times)
            return true;
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        return false;
    }

    private IEnumerable<Tsdb.PartitionStore> Stores() => Enumerable.Range(0, Partitions).Select(p => _storage.Table[new PartitionId(p)]).OfType<Tsdb.PartitionStore>();

    private IEnumerable<double> Values(string name) => Enumerable.Range(0, Partitions).SelectMany(p => _storage.Values(p, Matcher.MetricNamed(name)));
}

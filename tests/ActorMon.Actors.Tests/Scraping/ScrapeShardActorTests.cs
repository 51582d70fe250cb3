using ActorMon.Actors.Scraping;
using ActorMon.Model.Samples;
using ActorMon.Protocol.Scraping;
using Akka.Actor;
using Akka.TestKit;
using Xunit.Abstractions;
using static ActorMon.Protocol.Scraping.ScrapingProtocol;

namespace ActorMon.Actors.Tests.Scraping;

public sealed class ScrapeShardActorTests : ScrapingTest
{
    private readonly TestProbe _control;
    private readonly IActorRef _shard;

    public ScrapeShardActorTests(ITestOutputHelper output) : base(output)
    {
        _control = CreateTestProbe();
        _shard = Sys.ActorOf(ScrapeShardActor.Props(
            "3", new ScrapeShardSettings(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(2)), Fixture.Runtime, Link, _control));
    }

    [Fact]
    public void A_shard_reports_itself_at_its_start_and_again_and_again_and_when_it_is_touched()
    {
        for (var i = 0; i < 3; i++)
            Assert.Equal(new ShardState(3, AssignmentVersion.None, 0), _control.ExpectMsg<ShardState>(Patience));
        _shard.Tell(new TouchShard(3), TestActor);
        Assert.Equal(new ShardState(3, AssignmentVersion.None, 0), ExpectMsg<ShardState>(Patience));
    }

    [Fact]
    public void The_full_set_starts_and_ends_targets_and_the_state_names_its_version()
    {
        Assign(1, "a", "b");
        Assert.Equal(new ShardState(3, new(1, 1), 2), State());
        Eventually(() => Assert.Equal(["a", "b"], Instances()));

        Assign(2, "b", "c");

        Assert.Equal(new ShardState(3, new(1, 2), 2), State());
        Eventually(() => Assert.Equal(["b", "c"], Instances()));
    }

    [Fact]
    public void The_same_version_again_changes_nothing()
    {
        Assign(1, "a");
        Assign(1, "b");
        State();
        Eventually(() => Assert.Equal(["a"], Instances()));
    }

    [Fact]
    public void A_set_for_a_configuration_that_this_node_has_not_yet_is_not_taken()
    {
        Assign(1, configuration: 2, "a");
        Assert.Equal(new ShardState(3, AssignmentVersion.None, 0), State());

        Fixture.Install(2, Fixture.Job);
        Assign(1, configuration: 2, "a");

        Assert.Equal(new ShardState(3, new(1, 1), 1), State());
    }

    [Fact]
    public void Targets_that_a_running_node_takes_over_are_scraped_within_a_quarter_of_their_interval()
    {
        Fixture.Time.Advance(TimeSpan.FromMinutes(1));
        var began = TimestampMs.From(Fixture.Time.GetUtcNow()).Value;
        Assign(1, "a", "b", "c", "d", "e", "f", "g", "h");
        State();

        Eventually(() => Assert.Equal(8, Instances().Length));

        Fixture.Time.Advance(TimeSpan.FromSeconds(2.5));

        for (var target = 0; target < 8; target++)
            Assert.InRange(TimeOf(StoredSoon()) - began, 0, 4_000);
    }

    [Fact]
    public void Targets_of_a_job_that_is_over_its_limit_are_down_with_that_error()
    {
        _shard.Tell(new AssignTargets(3, new(1, 1), 1, [new("j", Fixture.Discovered())], [new("j", "target_limit exceeded")]));
        NextStored();
        Assert.Equal("target_limit exceeded", Assert.Single(Fixture.Runtime.Board.Active).LastError);
    }

    [Fact]
    public void A_target_whose_actor_crashes_is_shown_as_down_and_goes_on_with_its_series_after_the_back_off()
    {
        Assign(1, "a");
        var before = Columns(NextStored());
        Fixture.Bug = new InvalidOperationException("a bug in the client");
        EventFilter.Exception<ScraperFailedException>().ExpectOne(Patience, () => Eventually(() =>
        {
            Fixture.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Contains("crashed", Assert.Single(Fixture.Runtime.Board.Active).LastError, StringComparison.Ordinal);
        }));
        Assert.Equal(1, Metric("actormon_target_actor_restarts_total"));
        Assert.Equal(1, State().Targets);
        Fixture.Bug = null;

        Eventually(() => Assert.Null(Assert.Single(Fixture.Runtime.Board.Active).Up));
        var after = Columns(NextStored());

        Assert.NotEqual(before.Layout, after.Layout);
        Assert.Equal(before.NewSeries.Order(), after.NewSeries.Order());
        Assert.True(Assert.Single(Fixture.Runtime.Board.Active).Up);
    }

    [Fact]
    public void A_target_removed_while_its_actor_waits_for_the_back_off_ends_its_series_and_does_not_come_back()
    {
        Assign(1, "a");
        var scraped = Columns(NextStored());
        Fixture.Bug = new InvalidOperationException("a bug in the client");
        Eventually(() =>
        {
            Fixture.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(1, Metric("actormon_target_actor_restarts_total"));
        });
        Fixture.Bug = null;

        Assign(2);

        Assert.Equal(0, State().Targets);
        Eventually(() => Assert.Empty(Fixture.Runtime.Board.Active));
        var end = Columns(NextIngest().Message);
        Assert.True(AllStale(end));
        Assert.Equal(scraped.SlotCount, end.SlotCount);
        ExpectNoMsg(TimeSpan.FromMilliseconds(500));
        Link.ExpectNoMsg(Silence);
        Assert.Empty(Fixture.Runtime.Board.Active);
    }

    [Fact]
    public void A_set_in_pieces_takes_effect_when_its_last_piece_is_there_in_whatever_order_they_come()
    {
        AssignTargets Piece(long version, int chunk, string instance) =>
            new(3, new(1, version), 1, [new("j", Fixture.Discovered(instance))], []) { Chunk = chunk, Chunks = 3 };
        Assign(1, "a");
        State();

        _shard.Tell(Piece(2, 2, "d"));
        _shard.Tell(Piece(2, 0, "b"));
        _shard.Tell(Piece(2, 0, "b"));
        Assert.Equal(new ShardState(3, new(1, 1), 1), State());
        _shard.Tell(Piece(2, 1, "c"));

        Assert.Equal(new ShardState(3, new(1, 2), 3), State());
        Eventually(() => Assert.Equal(["b", "c", "d"], Instances()));
    }

    [Fact]
    public void Pieces_of_an_older_set_do_not_disturb_the_one_that_is_gathered()
    {
        AssignTargets Piece(long version, int chunk, string instance) =>
            new(3, new(1, version), 1, [new("j", Fixture.Discovered(instance))], []) { Chunk = chunk, Chunks = 2 };

        _shard.Tell(Piece(2, 0, "b"));
        _shard.Tell(Piece(1, 1, "old"));
        _shard.Tell(Piece(2, 1, "c"));

        Assert.Equal(new ShardState(3, new(1, 2), 2), State());
        Eventually(() => Assert.Equal(["b", "c"], Instances()));
    }

    [Fact]
    public void A_reload_leaves_running_targets_a_working_client_until_they_are_told()
    {
        Assign(1, "a");
        NextStored();

        Fixture.Runtime.Clients.Retain([]);

        NextStored();
        Assert.True(Assert.Single(Fixture.Runtime.Board.Active).Up);
        Assert.Equal(0, Metric("actormon_target_actor_restarts_total"));
    }

    [Fact]
    public void A_shard_that_stops_takes_its_targets_along_without_ending_their_series()
    {
        Assign(1, "a");
        NextStored();
        Watch(_shard);

        Sys.Stop(_shard);

        ExpectTerminated(_shard, Patience);
        Assert.Empty(Fixture.Runtime.Board.Active);
        Fixture.Time.Advance(TimeSpan.FromMinutes(1));
        Link.ExpectNoMsg(Silence);
    }

    private void Assign(long number, params string[] instances) => Assign(number, 1, instances);

    private void Assign(long number, long configuration, params string[] instances) => _shard.Tell(
        new AssignTargets(3, new(1, number), configuration, [.. instances.Select(i => new AssignedTarget("j", Fixture.Discovered(i)))], []));

    private ShardState State()
    {
        _shard.Tell(new TouchShard(3), TestActor);
        return ExpectMsg<ShardState>(Patience);
    }

    private string[] Instances() => [.. Fixture.Runtime.Board.Active.Select(s => s.Target.Labels.Get("instance")).Order(StringComparer.Ordinal)];
}

using ActorMon.Actors.Scraping;
using ActorMon.Model.Samples;
using ActorMon.Scraping.Timing;
using Akka.Actor;
using Akka.Event;
using Xunit.Abstractions;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Tests.Scraping;

public sealed class TargetActorTests(ITestOutputHelper output) : ScrapingTest(output)
{
    [Fact]
    public void A_target_is_scraped_at_its_slots_and_shown_on_the_board()
    {
        Start();
        Assert.Null(Assert.Single(Fixture.Runtime.Board.Active).Up);

        var (first, second) = (TimeOf(NextStored()), TimeOf(NextStored()));

        Assert.Equal(10_000, second - first);
        var status = Assert.Single(Fixture.Runtime.Board.Active);
        Assert.Equal(("j", true, ""), (status.Job, status.Up, status.LastError));
    }

    [Fact]
    public void Series_are_registered_by_the_first_scrape_only()
    {
        Start();
        Assert.NotEmpty(Columns(NextStored()).NewSeries);
        Assert.Empty(Columns(NextStored()).NewSeries);
    }

    [Fact]
    public void A_slot_that_comes_while_samples_are_being_stored_is_skipped()
    {
        Start();
        var (ingest, from) = NextIngest();
        Fixture.Time.Advance(TimeSpan.FromSeconds(25));
        Link.ExpectNoMsg(Silence);
        Assert.Single(Fixture.Server.Requests);

        Settle(ingest, from, BatchOutcome.Accepted);

        Assert.Equal(TimeOf(ingest) + 30_000, TimeOf(NextStored()));
    }

    [Fact]
    public void A_slot_that_comes_while_the_target_is_asked_is_skipped()
    {
        Fixture.Hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(Fixture.Job with { Timeout = TimeSpan.FromSeconds(10) });
        UntilRequested();
        Fixture.Hold.SetResult();
        var first = TimeOf(NextStored());
        Assert.Equal(first + 10_000, TimeOf(NextStored()));
    }

    [Fact]
    public void Batches_not_acknowledged_in_time_are_left_to_the_link_and_the_next_scrape_registers_again()
    {
        Start();
        var (lost, _) = NextIngest();
        var values = Columns(lost).Values.ToArray();
        Fixture.Time.Advance(TimeSpan.FromSeconds(30));

        var next = Columns(NextStored());

        Assert.Equal(0, next.FirstNewSlot);
        NextStored();
        // Not given back to the pool: the link may still send them.
        Assert.Equal(values, Columns(lost).Values.ToArray());
        Assert.Equal(1, Metric("actormon_scrapes_not_stored_total"));
    }

    [Fact]
    public void An_answer_that_comes_after_the_time_for_it_is_passed_over()
    {
        Start();
        var (lost, from) = NextIngest();
        Fixture.Time.Advance(TimeSpan.FromSeconds(30));
        var (second, _) = NextIngest();
        Settle(lost, from, BatchOutcome.UnknownLayout);
        Link.ExpectNoMsg(Silence);
        Settle(second, from, BatchOutcome.Accepted);
        Assert.Empty(Columns(NextStored()).NewSeries);
    }

    [Fact]
    public void Samples_of_a_layout_that_the_partition_does_not_know_go_again_with_their_labels()
    {
        Start();
        NextStored();
        var (refused, from) = NextIngest();
        var (time, count, layout) = (TimeOf(refused), Columns(refused).SlotCount, Columns(refused).Layout);

        Settle(refused, from, BatchOutcome.UnknownLayout);

        var (loose, _) = NextIngest();
        var batch = Assert.Single(loose.Batches);
        Assert.Null(batch.Columns);
        Assert.Equal(count, batch.Loose.Length);
        Assert.All(batch.Loose, s => Assert.Equal(time, s.Timestamp.Value));
        Settle(loose, from, BatchOutcome.Accepted);
        var next = Columns(NextStored());
        Assert.NotEqual(layout, next.Layout);
        Assert.Equal((0, count), (next.FirstNewSlot, next.NewSeries.Length));
    }

    [Fact]
    public void Refused_samples_are_counted_and_scraping_goes_on()
    {
        Start();
        var (refused, from) = NextIngest();
        Settle(refused, from, BatchOutcome.Refused);
        Assert.Equal(TimeOf(refused) + 10_000, TimeOf(NextStored()));
        Assert.Equal(1, Metric("actormon_scrapes_not_stored_total"));
    }

    [Fact]
    public void Another_interval_keeps_the_cache_and_moves_the_slots()
    {
        var target = Start();
        var before = Columns(NextStored());
        var (ingest, from) = NextIngest();
        var faster = Fixture.Job with { Interval = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(5) };
        target.Tell(new TargetActor.Reconfigure(faster, Fixture.Target(faster), ""));
        Settle(ingest, from, BatchOutcome.Accepted);

        var (first, second) = (NextStored(), NextStored());

        Assert.Equal(5_000, TimeOf(second) - TimeOf(first));
        Assert.Equal(before.Layout, Columns(first).Layout);
        Assert.Empty(Columns(first).NewSeries);
    }

    [Fact]
    public void A_forced_error_marks_the_target_down_without_asking_it()
    {
        Start(forcedError: "target_limit exceeded (number of targets: 2, limit: 1)");
        NextStored();
        Assert.Empty(Fixture.Server.Requests);
        var status = Assert.Single(Fixture.Runtime.Board.Active);
        Assert.Equal((false, "target_limit exceeded (number of targets: 2, limit: 1)"), (status.Up, status.LastError));
    }

    [Fact]
    public void A_target_that_is_gone_ends_its_series_at_the_first_slot_missed_two_slots_later()
    {
        var target = Start();
        var last = TimeOf(NextStored());
        Watch(target);
        target.Tell(TargetActor.End.Instance);
        Eventually(() => Assert.Empty(Fixture.Runtime.Board.Active));

        var (end, _) = NextIngest();

        var (staleAt, writeAt) = Schedule().EndOfTarget(new TimestampMs(last));
        Assert.Equal(staleAt.Value, TimeOf(end));
        Assert.True(AllStale(Columns(end)));
        Assert.InRange(Fixture.Time.GetUtcNow().ToUnixTimeMilliseconds(), writeAt.Value, writeAt.Value + 5_000);
        Assert.Single(Fixture.Server.Requests);
        ExpectTerminated(target, Patience);
    }

    [Fact]
    public void A_target_that_is_gone_while_it_is_stored_ends_afterwards()
    {
        var target = Start();
        var (ingest, from) = NextIngest();
        target.Tell(TargetActor.End.Instance);
        Settle(ingest, from, BatchOutcome.Accepted);
        var (end, _) = NextIngest();
        Assert.True(AllStale(Columns(end)));
        Assert.Equal(Schedule().NextAfter(new TimestampMs(TimeOf(ingest))).Value, TimeOf(end));
    }

    [Fact]
    public void A_target_that_was_never_scraped_ends_without_a_trace()
    {
        var target = Start();
        Watch(target);
        target.Tell(TargetActor.End.Instance);
        ExpectTerminated(target, Patience);
        Link.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_stop_while_the_target_is_asked_leaves_no_sample_no_entry_and_no_message_behind()
    {
        Fixture.Hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var letters = CreateTestProbe();
        Sys.EventStream.Subscribe(letters, typeof(AllDeadLetters));
        var target = Start();
        UntilRequested();
        Watch(target);

        Sys.Stop(target);

        ExpectTerminated(target, Patience);
        Link.ExpectNoMsg(Silence);
        Assert.Empty(Fixture.Runtime.Board.Active);
        foreach (var letter in letters.ReceiveWhile<object>(m => m, max: Silence, idle: Silence))
            Assert.IsType<SuppressedDeadLetter>(letter);
    }

    private IActorRef Start(ActorMon.Scraping.Jobs.ScrapeJob? job = null, string forcedError = "")
    {
        var target = Sys.ActorOf(TargetActor.Props(job ?? Fixture.Job, Fixture.Target(job), forcedError, Fixture.Runtime, Link));
        Eventually(() => Assert.Single(Fixture.Runtime.Board.Active));
        return target;
    }

    private ScrapeSchedule Schedule() => new(Fixture.Job.Interval, Fixture.Target().Hash, 0);

    private void UntilRequested() => AwaitCondition(
        () =>
        {
            if (!Fixture.Server.Requests.IsEmpty)
                return true;
            if (Fixture.Server.Accepted == 0)
                Fixture.Time.Advance(TimeSpan.FromSeconds(1));
            return false;
        }, Patience, TimeSpan.FromMilliseconds(50));
}

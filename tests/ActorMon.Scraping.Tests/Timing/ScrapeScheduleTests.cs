using ActorMon.Model.Samples;
using ActorMon.Scraping.Timing;
using CsCheck;

namespace ActorMon.Scraping.Tests.Timing;

public sealed class ScrapeScheduleTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    [Fact]
    public void The_phase_comes_from_target_and_seed_alone()
    {
        var schedule = new ScrapeSchedule(Interval, 0x1234_5678_9abc_def0, 42);
        Assert.Equal(schedule, new ScrapeSchedule(Interval, 0x1234_5678_9abc_def0, 42));
        Assert.NotEqual(schedule.Phase, new ScrapeSchedule(Interval, 0x1234_5678_9abc_def0, 43).Phase);
        Assert.Equal(TimeSpan.FromMilliseconds((0x1234_5678_9abc_def0UL ^ 42) % 15_000), schedule.Phase);
    }

    [Fact]
    public void The_next_slot_is_the_first_one_later_and_lies_on_the_grid() =>
        Gen.Select(Gen.Long[-1_000_000_000_000, 4_000_000_000_000], Gen.Int[1, 3_600_000], Gen.ULong).Sample((now, interval, hash) =>
        {
            var schedule = new ScrapeSchedule(TimeSpan.FromMilliseconds(interval), hash, 0);
            var next = schedule.NextAfter(new TimestampMs(now)).Value;
            Assert.InRange(next - now, 1, interval);
            var phase = (next - (long)schedule.Phase.TotalMilliseconds) % interval;
            Assert.Equal(0, phase);
        });

    [Fact]
    public void A_target_that_is_taken_over_is_scraped_within_a_quarter_of_its_interval_and_not_after_its_slot() =>
        Gen.Select(Gen.Long[0, 4_000_000_000_000], Gen.Int[1, 3_600_000], Gen.ULong).Sample((now, interval, hash) =>
        {
            var schedule = new ScrapeSchedule(TimeSpan.FromMilliseconds(interval), hash, 0);
            var delay = schedule.DelayOfTakeover(new TimestampMs(now));
            Assert.True(delay > TimeSpan.Zero && delay <= schedule.DelayFrom(new TimestampMs(now)));
            Assert.True(delay <= schedule.TakeoverSpread + TimeSpan.FromMilliseconds(1));
        });

    [Fact]
    public void Slots_missed_by_a_slow_scrape_are_skipped()
    {
        var schedule = new ScrapeSchedule(Interval, 0, 0);
        Assert.Equal(75_000, schedule.NextAfter(new TimestampMs(60_001), new TimestampMs(15_000)).Value);
    }

    [Fact]
    public void A_timer_that_fires_early_does_not_take_the_same_slot_twice()
    {
        var schedule = new ScrapeSchedule(Interval, 0, 0);
        var early = new TimestampMs(14_995);
        var written = schedule.SampleTime(early, new TimestampMs(0));
        Assert.Equal(15_000, written.Value);
        Assert.Equal(30_000, schedule.NextAfter(new TimestampMs(14_998), written).Value);
    }

    [Theory]
    [InlineData(15_000, 15_000)]
    [InlineData(15_100, 15_000)]
    [InlineData(15_101, 15_101)]
    [InlineData(14_990, 15_000)]
    [InlineData(14_989, 14_989)]
    public void A_scrape_that_starts_near_its_slot_is_written_at_the_slot(long started, long written)
    {
        var schedule = new ScrapeSchedule(Interval, 0, 0);
        Assert.Equal(written, schedule.SampleTime(new TimestampMs(started), TimestampMs.Min).Value);
    }

    [Fact]
    public void Sample_times_always_increase() =>
        Gen.Select(Gen.Long[0, 100_000], Gen.Long[0, 100_000], Gen.Int[1, 20_000]).Sample((started, last, interval) =>
            Assert.True(new ScrapeSchedule(TimeSpan.FromMilliseconds(interval), 5, 9).SampleTime(new TimestampMs(started), new TimestampMs(last)).Value > last));

    [Fact]
    public void Jittered_starts_give_regular_timestamps()
    {
        var schedule = new ScrapeSchedule(Interval, 77, 3);
        var random = new Random(1);
        var last = TimestampMs.Min;
        var slot = schedule.NextAfter(new TimestampMs(1_700_000_000_000));
        for (var i = 0; i < 100; i++)
        {
            var written = schedule.SampleTime(new TimestampMs(slot.Value + random.Next(0, 100)), last);
            Assert.Equal(slot, written);
            (last, slot) = (written, schedule.NextAfter(written));
        }
    }

    [Fact]
    public void A_removed_target_ends_at_the_first_slot_it_missed_and_not_before_another_scraper_could_have_written()
    {
        var (staleAt, writeAt) = new ScrapeSchedule(Interval, 0, 0).EndOfTarget(new TimestampMs(30_000));
        Assert.Equal((45_000, 61_500), (staleAt.Value, writeAt.Value));
    }
}

using ActorMon.Tsdb.Lifecycle;

namespace ActorMon.Tsdb.Tests.Lifecycle;

public class PlannerTests
{
    private const long Hour = 3_600_000;
    private static readonly WindowRanges Ranges = WindowRanges.Of(TimeSpan.FromHours(2), null, TimeSpan.FromDays(15));

    private static PartInfo Part(long sequence, long fromHour, long toHour, long bytes = 1_000, int level = 0) =>
        new(sequence, level, new TimeWindow(fromHour * Hour, toHour * Hour), fromHour * Hour, toHour * Hour - 1, bytes, bytes, 0);

    [Fact]
    public void Windows_lie_on_the_wall_also_before_the_epoch_and_at_the_ends_of_time()
    {
        Assert.Equal(new TimeWindow(0, 2 * Hour), TimeWindow.Of(0, 2 * Hour));
        Assert.Equal(new TimeWindow(2 * Hour, 4 * Hour), TimeWindow.Of(4 * Hour - 1, 2 * Hour));
        Assert.Equal(new TimeWindow(-2 * Hour, 0), TimeWindow.Of(-1, 2 * Hour));
        Assert.Equal(long.MinValue, TimeWindow.Of(long.MinValue, 2 * Hour).Start);
        Assert.Equal(long.MaxValue, TimeWindow.Of(long.MaxValue, 2 * Hour).End);
    }

    [Fact]
    public void Lengths_triple_up_to_a_tenth_of_the_retention_31_days_or_what_was_asked_for()
    {
        Assert.Equal([2 * Hour, 6 * Hour, 18 * Hour], Ranges.Lengths.ToArray());
        Assert.Equal(486 * Hour, WindowRanges.Of(TimeSpan.FromHours(2), null, null).Longest);
        Assert.Equal([2 * Hour], WindowRanges.Of(TimeSpan.FromHours(2), TimeSpan.FromHours(2), null).Lengths.ToArray());
        Assert.Equal([2 * Hour], WindowRanges.Of(TimeSpan.FromHours(2), null, TimeSpan.FromHours(5)).Lengths.ToArray());
    }

    [Fact]
    public void A_window_is_cut_some_time_after_its_end_and_partitions_one_after_the_other()
    {
        long First(int partition)
        {
            var now = 100 * Hour;
            while (CutPlanner.Line(now, Ranges, partition, 32) < 100 * Hour)
                now += 60_000;
            return now - 100 * Hour;
        }
        Assert.Equal(15 * 60_000, First(0));
        Assert.InRange(First(31), 29 * 60_000, 30 * 60_000);
        Assert.True(First(8) < First(9));
    }

    [Fact]
    public void Late_samples_are_cut_when_they_are_many_have_stopped_coming_or_wait_for_long()
    {
        var thresholds = new CutThresholds { Samples = 100, Quiet = TimeSpan.FromMinutes(2), Age = TimeSpan.FromMinutes(15) };
        var late = default(LateArrivals);
        Assert.False(CutPlanner.IsDue(10 * Hour, 9 * Hour, 10 * Hour, late, 10 * Hour, thresholds));
        Assert.True(CutPlanner.IsDue(10 * Hour, 9 * Hour, 8 * Hour, late, 10 * Hour, thresholds));
        Assert.False(CutPlanner.IsDue(10 * Hour, 10 * Hour, 8 * Hour, late, 10 * Hour, thresholds));
        late.Add(99, 0);
        Assert.False(late.IsDue(60_000, thresholds));
        Assert.True(late.IsDue(120_000, thresholds));
        var many = late;
        many.Add(1, 1_000);
        Assert.True(many.IsDue(1_000, thresholds));
        for (var now = 0; now < 15 * 60_000; now += 60_000)
        {
            Assert.False(new LateArrivals().IsDue(now, thresholds));
            late = default;
            for (var t = 0; t <= now; t += 60_000)
                late.Add(1, t);
            Assert.False(late.IsDue(now, thresholds));
        }
        late.Add(1, 15 * 60_000);
        Assert.True(late.IsDue(15 * 60_000, thresholds));
    }

    [Fact]
    public void A_cut_takes_the_window_of_a_part_that_is_there_one_large_window_where_none_is_and_else_the_shortest()
    {
        TimeWindow[] filled = [.. new[] { 0L, 2, 16, 18, 30, 34 }.Select(h => new TimeWindow(h * Hour, (h + 2) * Hour))];
        var plan = CutPlanner.Plan(filled, 36 * Hour, [Part(1, 18, 24, level: 1), Part(2, 30, 32)], Ranges);
        // 0..18: nothing is there; 18: the part's; 30: the part's; 34: an aligned 6 h window would overlap with a part.
        Assert.Equal([(0L, 18L), (18, 24), (30, 32), (34, 36)], plan.Select(p => (p.Window.Start / Hour, p.Window.End / Hour)));
        Assert.Equal([(0L, 4L), (16, 18)], plan[0].Stretches.Select(s => (s.Start / Hour, s.End / Hour)));
    }

    [Fact]
    public void Whatever_a_cut_is_made_of_each_stretch_goes_into_one_part_whose_window_holds_it()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var parts = Enumerable.Range(0, random.Next(8)).Select(i => RandomPart(random, i)).ToList();
            var cutTo = TimeWindow.Of(random.Next(100) * Hour, 2 * Hour).Start;
            var filled = Enumerable.Range(0, 50).Select(i => new TimeWindow(i * 2 * Hour, (i + 1) * 2 * Hour)).Where(w => w.End <= cutTo && random.Next(3) > 0).ToList();
            var plan = CutPlanner.Plan(filled, cutTo, parts, Ranges);
            var stretches = plan.SelectMany(p => p.Stretches).OrderBy(s => s.Start).ToList();
            Assert.Equal(filled.Sum(w => w.Length), stretches.Sum(s => s.Length));
            for (var i = 1; i < stretches.Count; i++)
                Assert.True(stretches[i - 1].End <= stretches[i].Start);
            foreach (var cut in plan)
            {
                Assert.All(cut.Stretches, s => Assert.True(cut.Window.Contains(s)));
                Assert.True(cut.Window.End <= cutTo || parts.Any(p => p.Window == cut.Window));
            }
            Assert.Equal(plan.Count, plan.Select(p => p.Window).Distinct().Count());
        }
    }

    [Fact]
    public void Complete_stretches_are_joined_the_shortest_and_oldest_first()
    {
        List<PartInfo> parts = [Part(1, 0, 2), Part(2, 2, 4), Part(3, 4, 6), Part(4, 6, 8), Part(5, 8, 10)];
        var plan = CompactionPlanner.Next(parts, Ranges, complete: 10 * Hour)!;
        Assert.Equal([1L, 2, 3], plan.Inputs.Select(p => p.Sequence));
        Assert.Equal((0, 6 * Hour, 1), (plan.Window.Start, plan.Window.End, plan.Level));
        // The next stretch is not over.
        Assert.Null(CompactionPlanner.Next([Part(6, 0, 6), Part(4, 6, 8), Part(5, 8, 10)], Ranges, complete: 10 * Hour));
        Assert.NotNull(CompactionPlanner.Next([Part(6, 0, 6), Part(4, 6, 8), Part(5, 8, 10)], Ranges, complete: 12 * Hour));
        Assert.Null(CompactionPlanner.Next([Part(6, 0, 6), Part(4, 6, 8), Part(5, 8, 10)], Ranges, complete: 12 * Hour, maxBytes: 1_999));
        Assert.Equal(18 * Hour, CompactionPlanner.Next([Part(6, 0, 6), Part(7, 12, 18)], Ranges, complete: 18 * Hour)!.Window.End);
        Assert.Null(CompactionPlanner.Next([Part(6, 0, 6), Part(7, 18, 24)], Ranges, complete: 100 * Hour));
    }

    [Fact]
    public void Late_parts_are_merged_with_the_large_one_when_that_is_worth_it_and_among_themselves_before()
    {
        Assert.Null(CompactionPlanner.Next([Part(1, 0, 18, 1_000), Part(2, 0, 18, 100)], Ranges, 0));
        Assert.Equal([1L, 2], CompactionPlanner.Next([Part(1, 0, 18, 1_000), Part(2, 0, 18, 250)], Ranges, 0)!.Inputs.Select(p => p.Sequence));
        Assert.Equal([2L, 3, 4], CompactionPlanner.Next([Part(1, 0, 18, 1_000), Part(2, 0, 18, 10), Part(3, 0, 2, 10), Part(4, 4, 6, 10)], Ranges, 0)!.Inputs.Select(p => p.Sequence));
        var chain = CompactionPlanner.Next([Part(1, 0, 6), Part(2, 4, 10), Part(3, 8, 12), Part(4, 12, 14)], Ranges, 0)!;
        Assert.Equal([1L, 2, 3], chain.Inputs.Select(p => p.Sequence));
        Assert.Equal(new TimeWindow(0, 12 * Hour), chain.Window);
        Assert.True(chain.IsOverlap);
    }

    [Fact]
    public void Compaction_comes_to_an_end_holds_every_input_once_and_leaves_few_parts()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var parts = Enumerable.Range(0, random.Next(40)).Select(i => RandomPart(random, i)).ToList();
            var bytes = parts.Sum(p => p.Bytes);
            var next = 1_000L;
            for (var steps = 0; CompactionPlanner.Next(parts, Ranges, 100 * Hour) is { } plan; steps++)
            {
                Assert.True(steps < 40, "it does not end");
                Assert.True(plan.Inputs.Count >= 2);
                Assert.All(plan.Inputs, input => Assert.True(plan.Window.Contains(input.Window)));
                Assert.Equal(plan.Inputs.Count, parts.RemoveAll(plan.Inputs.Contains));
                parts.Add(new PartInfo(next++, plan.Level, plan.Window, plan.Inputs.Min(i => i.MinTime), plan.Inputs.Max(i => i.MaxTime), plan.Inputs.Sum(i => i.Bytes), 0, 0));
            }
            Assert.Equal(bytes, parts.Sum(p => p.Bytes));
            foreach (var part in parts)
                Assert.True(parts.Count(p => p.Window.Overlaps(part.Window)) <= 1 + 3, "too many parts at one time");
        }
    }

    [Fact]
    public void Retention_by_time_follows_the_data_not_a_clock_that_jumped()
    {
        var day = TimeSpan.FromDays(1);
        Assert.Equal(26 * Hour, RetentionPlanner.Floor(day, now: 50 * Hour, newest: 60 * Hour));
        Assert.Equal(26 * Hour, RetentionPlanner.Floor(day, now: 9_999 * Hour, newest: 50 * Hour));
        Assert.Equal(long.MinValue, RetentionPlanner.Floor(day, 50 * Hour, long.MinValue));
        Assert.Equal(long.MinValue, RetentionPlanner.Floor(null, 50 * Hour, 50 * Hour));
    }

    [Fact]
    public void Retention_by_size_takes_the_oldest_one_by_one_and_no_more_than_must_go()
    {
        (int, PartInfo)[] parts = [(1, Part(1, 0, 2)), (0, Part(1, 0, 2)), (0, Part(2, 2, 4)), (1, Part(2, 2, 4)), (0, Part(3, 4, 6))];
        Assert.Empty(Beyond(parts, 0, 5_000));
        Assert.Equal([(0, 1L)], Beyond(parts, 0, 4_999));
        Assert.Equal([(0, 1L), (1, 1L)], Beyond(parts, 0, 3_500));
        Assert.Equal([(0, 1L), (1, 1L), (0, 2L)], Beyond(parts, 1_000, 3_500));
        // A log that grew for want of a working disk costs half of the room, no more.
        Assert.Equal([(0, 1L), (1, 1L), (0, 2L)], Beyond(parts, 1_000_000, 4_000));
    }

    [Fact]
    public void Partitions_that_drop_one_after_the_other_drop_together_what_one_would_have_said_of_all()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            var left = Enumerable.Range(0, 4).ToDictionary(p => p, _ => Enumerable.Range(1, random.Next(1, 9)).Select(i => RandomPart(random, i)).ToList());
            var all = left.SelectMany(l => l.Value, (l, part) => (l.Key, part)).ToList();
            var limit = all.Sum(p => p.part.Bytes) * random.Next(1, 10) / 10;
            var retention = new NodeRetention(new RetentionPolicy(null, Bytes: limit));
            foreach (var (partition, parts) in left)
                retention.Report(partition, parts, 0, 0);
            foreach (var partition in left.Keys.OrderBy(_ => random.Next()))
            {
                var beyond = retention.BeyondSize(partition);
                left[partition] = [.. left[partition].Where(p => !beyond.Contains(p.Sequence))];
                retention.Report(partition, left[partition], 0, 0);
            }
            var dropped = Beyond(all, 0, limit).ToHashSet();
            Assert.Equal(all.Where(p => !dropped.Contains((p.Key, p.part.Sequence))).Select(p => p.part), left.SelectMany(l => l.Value));
            Assert.True(left.Values.Sum(l => l.Sum(p => p.Bytes)) <= limit);
        }
    }

    [Fact]
    public void A_partition_that_was_closed_costs_the_others_nothing_and_a_policy_may_change()
    {
        var retention = new NodeRetention(new RetentionPolicy(null, Bytes: 3_500));
        retention.Report(0, [Part(1, 0, 2), Part(2, 2, 4)], 0, 4 * Hour);
        Assert.Empty(retention.BeyondSize(0));
        retention.Report(1, [Part(1, 0, 2), Part(2, 2, 4)], 0, 4 * Hour);
        Assert.Equal([1L], retention.BeyondSize(0));
        Assert.Empty(retention.BeyondSize(1));
        retention.Forget(1);
        Assert.Empty(retention.BeyondSize(0));
        retention.Policy = new RetentionPolicy(null, Bytes: 1_000);
        Assert.Equal([1L], retention.BeyondSize(0));
        retention.Policy = new RetentionPolicy(null, Percentage: 50);
        Assert.Empty(retention.BeyondSize(0));
        Assert.Null(retention.LimitBytes);
        Assert.Equal(2_000, new NodeRetention(new RetentionPolicy(null, 1, 20), () => 10_000).LimitBytes);
    }

    private static IReadOnlyList<(int Partition, long Sequence)> Beyond(IReadOnlyList<(int Partition, PartInfo Part)> parts, long logBytes, long limit) =>
        RetentionPlanner.BeyondSize(parts, new HashSet<(int Partition, long Sequence)>(), logBytes, limit);

    private static PartInfo RandomPart(Random random, int sequence)
    {
        var length = Ranges.Lengths[random.Next(3)];
        var start = TimeWindow.Of(random.Next(0, 80) * Hour, length).Start;
        // Now and then one that does not lie on the wall, as after a change of the flags.
        if (random.Next(6) == 0)
            (start, length) = (start + Hour, 3 * Hour);
        return new PartInfo(sequence, random.Next(3), new TimeWindow(start, start + length), start, start + length - 1, random.Next(1, 10_000), 1, 0);
    }
}

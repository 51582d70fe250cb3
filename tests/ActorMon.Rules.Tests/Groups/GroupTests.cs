using ActorMon.Model.Samples;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Groups;
using ActorMon.Rules.Reload;
using ActorMon.Rules.Tests.Support;
using CsCheck;

namespace ActorMon.Rules.Tests.Groups;

public sealed class GroupTests
{
    [Fact]
    public void Slots_of_a_group_are_an_interval_apart_and_the_same_for_every_start() =>
        Gen.Select(Gen.Long[-1_000_000_000, 2_000_000_000_000], Gen.Int[1, 100_000]).Sample((now, interval) =>
        {
            var schedule = new GroupSchedule("f", "g", TimeSpan.FromMilliseconds(interval));
            var slot = schedule.SlotAt(new TimestampMs(now));
            Assert.InRange(now - slot.Value, 0, interval - 1);
            Assert.Equal(slot.Value + interval, schedule.Next(new TimestampMs(now)).Value);
            Assert.Equal(slot, schedule.SlotAt(new TimestampMs(slot.Value + interval - 1)));
        });

    [Fact]
    public void Groups_of_one_interval_do_not_run_all_at_once()
    {
        var slots = Enumerable.Range(0, 50).Select(i => new GroupSchedule("f", $"g{i}", TimeSpan.FromMinutes(1)).SlotAt(new TimestampMs(1_000_000)).Value);
        Assert.InRange(slots.Distinct().Count(), 45, 50);
    }

    [Theory]
    [InlineData(60, 60, 0)]
    [InlineData(119, 60, 0)]
    [InlineData(120, 120, 1)]
    [InlineData(330, 300, 4)]
    public void A_late_group_jumps_forward_and_counts_what_it_missed(int now, int at, int missed)
    {
        var (next, count) = new GroupSchedule("f", "g", TimeSpan.FromMinutes(1)).Following(new TimestampMs(0), new TimestampMs(now * 1000L));
        Assert.Equal((at * 1000L, (long)missed), (next.Value, count));
    }

    [Fact]
    public void Rules_wait_for_those_they_read_and_write_after_those_that_read_them()
    {
        Assert.Equal("0,1 2", Stages(RuleBench.Record("a", "x"), RuleBench.Record("b", "x"), RuleBench.Record("c", "a + b")));
        Assert.Equal("0,1,2", Stages(RuleBench.Record("a", "c"), RuleBench.Record("b", "x"), RuleBench.Record("c", "x")));
        Assert.Equal("0 1,2", Stages(RuleBench.Record("a", "x"), RuleBench.Record("b", "{job=\"any\"}"), RuleBench.Record("c", "x")));
        Assert.Equal("0,2 1", Stages(RuleBench.Alert("A", "x"), RuleBench.Record("b", "ALERTS{alertname=\"A\"}"), RuleBench.Record("c", "ALERTS{alertname=\"B\"}")));
        Assert.Equal("0 1 2", Stages(RuleBench.Record("a", "x"), RuleBench.Record("b", "a"), RuleBench.Alert("C", "{__name__=~\"b.*\"}")));
    }

    [Fact]
    public void Groups_are_kept_changed_added_and_removed_by_file_and_name()
    {
        var same = RuleBench.Section(RuleBench.Record("a", "sum( x )")) with { Name = "same" };
        var changed = RuleBench.Section(RuleBench.Record("a", "x")) with { Name = "changed" };
        RuleGroup[] old = [RuleBench.GroupOf(same), RuleBench.GroupOf(changed), RuleBench.GroupOf(changed with { Name = "gone" })];
        RuleGroup[] next =
        [
            RuleBench.GroupOf(same with { Rules = [RuleBench.Record("a", "sum(x)")] }), RuleBench.GroupOf(changed with { Limit = 3 }),
            RuleBench.GroupOf(changed with { Name = "new" }),
        ];
        var reload = RuleReload.Between(old, next);
        Assert.Same(old[0], Assert.Single(reload.Kept));
        Assert.Equal((old[1], next[1]), Assert.Single(reload.Changed));
        Assert.Same(next[2], Assert.Single(reload.Added));
        Assert.Same(old[2], Assert.Single(reload.Removed));
    }

    [Theory]
    [InlineData(60, 0, "a")]
    [InlineData(0, 60, "a")]
    [InlineData(0, 0, "b")]
    public void A_changed_alert_is_another_group(int hold, int keep, string annotation)
    {
        var before = RuleBench.GroupOf(RuleBench.Alert("A", "up", annotations: ["x", "a"]));
        Assert.True(before.SameAs(RuleBench.GroupOf(RuleBench.Alert("A", "up", annotations: ["x", "a"]))));
        Assert.False(before.SameAs(RuleBench.GroupOf(RuleBench.Alert("A", "up", hold, keep, annotations: ["x", annotation]))));
    }

    [Fact]
    public async Task A_changed_group_goes_on_with_its_alerts_and_ends_series_of_rules_that_are_gone()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Alert("A", "up", 120), RuleBench.Record("gone", "up"), RuleBench.Record("kept", "up")));
        bench.Put("up", 0, 1);
        await bench.EvaluateAsync(60);
        var next = RuleBench.GroupOf(RuleBench.Record("kept", "up + 1"), RuleBench.Alert("A", "up", 60));
        var state = GroupInheritance.Inherit(bench.Group, bench.State, next);
        Assert.Equal(AlertState.Pending, Assert.Single(state.Rules[1].Alerts.Snapshot()).State);
        var evaluator = new GroupEvaluator(next, state, RuleSettings.Default, bench.Queries, bench.Appender);
        var evaluation = await evaluator.EvaluateAsync(new TimestampMs(120_000), CancellationToken.None);
        Assert.Equal([(1, AlertChange.Firing)], evaluation.Events.Select(e => (e.Rule, e.Event.Change)));
        Assert.Equal(["gone 60 1", "gone 120 stale"], await bench.StoredAsync("gone"));
        Assert.Equal(["kept 60 1", "kept 120 2"], await bench.StoredAsync("kept"));
    }

    private static string Stages(params Rules.Files.RuleSection[] rules) => string.Join(' ', RuleBench.GroupOf(rules).Stages.Batches.Select(s => string.Join(',', s)));
}

using ActorMon.Model.Samples;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Restoring;
using ActorMon.Rules.Tests.Support;

namespace ActorMon.Rules.Tests.Evaluation;

public sealed class RestoreTests
{
    private const int Minute = 60;

    [Theory]
    // It was firing: as it was.
    [InlineData(10 * Minute, 0, 30 * Minute, 40 * Minute, 0)]
    // 25 minutes pending of 30, 5 left: less than the grace of 10, so it fires in 10.
    [InlineData(30 * Minute, 0, 25 * Minute, 40 * Minute, (40 + 10 - 30) * Minute)]
    // 5 minutes pending of 30: the 35 it was down do not count.
    [InlineData(30 * Minute, 0, 5 * Minute, 40 * Minute, 35 * Minute)]
    public void The_time_it_was_down_does_not_count_and_nothing_fires_within_the_grace_period(int hold, int activeAt, int downAt, int now, int restored)
    {
        var stored = new SampleBuffer();
        stored.Add(downAt * 1000L, activeAt);
        Assert.Equal(
            new TimestampMs(restored * 1000L),
            ForStateRestore.ActiveAt(TimeSpan.FromSeconds(hold), TimeSpan.FromMinutes(10), new TimestampMs(now * 1000L), stored));
    }

    [Fact]
    public void A_series_that_had_ended_restores_nothing()
    {
        var stored = new SampleBuffer();
        stored.Add(0, 0);
        stored.Add(60_000, SpecialValues.StaleNaN);
        Assert.Null(ForStateRestore.ActiveAt(TimeSpan.FromHours(1), TimeSpan.FromMinutes(10), new TimestampMs(120_000), stored));
    }

    [Fact]
    public async Task After_the_second_evaluation_states_are_looked_up_by_the_labels_that_are_no_templates_and_series_written_from_then_on()
    {
        var rule = RuleBench.Alert("A", "up == 0", forSeconds: 30 * Minute, labels: ["team", "x", "of", "{{ $labels.i }}"]);
        var bench = new RuleBench(RuleBench.GroupOf(rule), restore: true);
        bench.Put("ALERTS_FOR_STATE{alertname=\"A\",team=\"x\",of=\"1\",i=\"1\"}", 1000, 400);
        bench.Put("ALERTS_FOR_STATE{alertname=\"A\",team=\"y\",of=\"1\",i=\"1\"}", 1000, 1);
        bench.Put("up{i=\"1\"}", 2100, 0);
        await bench.EvaluateAsync(2160);
        Assert.False(bench.State.RestoreDue);
        await bench.EvaluateAsync(2220);
        Assert.True(bench.State.RestoreDue);
        Assert.Empty(await bench.StoredAsync("ALERTS"));
        var events = await ForStateRestore.RunAsync(bench.Group, bench.State, bench.Settings, bench.Store, new TimestampMs(2_220_000), CancellationToken.None);
        Assert.Equal([AlertChange.Restored], events.Select(e => e.Event.Change));
        Assert.Equal(400 + (2220 - 1000), bench.TheAlert.ActiveAt.Value / 1000);
        Assert.False(bench.State.RestoreDue);
        await bench.EvaluateAsync(2280);
        Assert.Single(await bench.StoredAsync("ALERTS"));
    }

    [Fact]
    public async Task A_rule_with_a_shorter_wait_than_the_grace_period_starts_anew()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Alert("A", "up == 0", forSeconds: 5 * Minute)), restore: true);
        bench.Put("ALERTS_FOR_STATE{alertname=\"A\"}", 1000, 400);
        bench.Put("up", 2100, 0);
        await bench.EvaluateAsync(2160);
        await bench.EvaluateAsync(2220);
        Assert.Empty(await ForStateRestore.RunAsync(bench.Group, bench.State, RuleSettings.Default, bench.Store, new TimestampMs(2_220_000), CancellationToken.None));
        Assert.Equal(2160, bench.TheAlert.ActiveAt.Value / 1000);
        Assert.True(bench.State.Rules[0].Restored);
    }
}

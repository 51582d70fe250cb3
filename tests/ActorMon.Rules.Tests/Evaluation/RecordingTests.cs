using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Tests.Support;

namespace ActorMon.Rules.Tests.Evaluation;

public sealed class RecordingTests
{
    [Fact]
    public async Task A_result_is_written_under_the_rules_name_and_labels()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Record("out", "sum by (job) (in)", "team", "a", "job", "fixed")));
        bench.Put("in{job=\"x\",instance=\"1\"}", 0, 2);
        bench.Put("in{job=\"x\",instance=\"2\"}", 0, 3);
        var evaluation = await bench.EvaluateAsync(10);
        Assert.Equal(1, evaluation.Samples);
        Assert.Equal(["out{job=\"fixed\", team=\"a\"} 10 5"], await bench.StoredAsync("out"));
        Assert.Equal((RuleHealth.Ok, (string?)null), (bench.State.Rules[0].Health, bench.State.Rules[0].LastError));
    }

    [Fact]
    public async Task A_scalar_is_a_series_without_labels_and_text_is_an_error()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Record("one", "1"), RuleBench.Record("text", "\"a\"")));
        Assert.Equal(1, (await bench.EvaluateAsync(10)).Failures);
        Assert.Equal(["one 10 1"], await bench.StoredAsync("one"));
        Assert.Equal("rule result is not a vector or scalar", bench.State.Rules[1].LastError);
    }

    [Fact]
    public async Task A_series_that_is_no_more_in_the_result_ends_with_a_stale_marker_but_not_when_the_rule_fails()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Record("out", "in > 1")));
        bench.Put("in{a=\"1\"}", 0, 2);
        await bench.EvaluateAsync(10);
        bench.Queries.Failing = "no";
        await bench.EvaluateAsync(20);
        Assert.Equal("no", bench.State.Rules[0].LastError);
        bench.Queries.Failing = null;
        bench.Put("in{a=\"1\"}", 25, 0);
        await bench.EvaluateAsync(30);
        await bench.EvaluateAsync(40);
        Assert.Equal(["out{a=\"1\"} 10 2", "out{a=\"1\"} 30 stale"], await bench.StoredAsync("out"));
    }

    [Fact]
    public async Task Results_that_become_the_same_series_are_refused()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Record("out", "in", "a", "same")));
        bench.Put("in{a=\"1\"}", 0, 2);
        bench.Put("in{a=\"2\"}", 0, 2);
        await bench.EvaluateAsync(10);
        Assert.Equal("vector contains metrics with the same labelset after applying rule labels", bench.State.Rules[0].LastError);
        Assert.Empty(await bench.StoredAsync("out"));
    }

    [Fact]
    public async Task More_series_than_the_groups_limit_are_an_error_and_nothing_is_written()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Section(RuleBench.Record("out", "in")) with { Limit = 1 }));
        bench.Put("in{a=\"1\"}", 0, 2);
        bench.Put("in{a=\"2\"}", 0, 2);
        await bench.EvaluateAsync(10);
        Assert.Equal("exceeded limit of 1 with 2 series", bench.State.Rules[0].LastError);
        Assert.Empty(await bench.StoredAsync("out"));
    }

    [Fact]
    public async Task A_rule_that_follows_sees_what_the_one_before_wrote_and_each_fails_for_itself()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Record("a", "in * 2"), RuleBench.Record("bad", "in + on (x) group_left () in"), RuleBench.Record("b", "a + 1")));
        bench.Put("in{x=\"1\",y=\"1\"}", 0, 2);
        bench.Put("in{x=\"1\",y=\"2\"}", 0, 3);
        Assert.Equal(1, (await bench.EvaluateAsync(10)).Failures);
        Assert.Equal(["b{x=\"1\", y=\"1\"} 10 5", "b{x=\"1\", y=\"2\"} 10 7"], await bench.StoredAsync("b"));
        Assert.Contains("many-to-many", bench.State.Rules[1].LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 7)]
    [InlineData(0, 10)]
    [InlineData(5, 5)]
    public async Task The_query_offset_moves_what_is_read_and_written(int? offset, int writtenAt)
    {
        var section = RuleBench.Section(RuleBench.Record("out", "time()")) with { QueryOffset = offset is { } s ? TimeSpan.FromSeconds(s) : null };
        var bench = new RuleBench(RuleBench.GroupOf(section), RuleSettings.Default with { QueryOffset = TimeSpan.FromSeconds(3) });
        await bench.EvaluateAsync(10);
        Assert.Equal([$"out {writtenAt} {writtenAt}"], await bench.StoredAsync("out"));
    }

    [Fact]
    public async Task Incomplete_data_is_an_error_and_ends_no_series()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Record("out", "sum(in)")));
        bench.Put("in", 0, 2);
        await bench.EvaluateAsync(10);
        bench.Queries.Missing = "partition 3 is missing";
        await bench.EvaluateAsync(20);
        Assert.Equal("partition 3 is missing", bench.State.Rules[0].LastError);
        Assert.Equal(["out 10 2"], await bench.StoredAsync("out"));
    }

    [Fact]
    public async Task What_storage_refuses_is_the_rules_error_and_does_not_count_as_written()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Record("out", "in")));
        bench.Put("in{a=\"1\"}", 0, 2);
        bench.Put("in{a=\"2\"}", 0, 2);
        bench.Appender.RefusingFirst = "out of order sample";
        await bench.EvaluateAsync(10);
        Assert.Equal("out of order sample", bench.State.Rules[0].LastError);
        Assert.Single(bench.State.Rules[0].Series.Written);
        bench.Appender.RefusingFirst = null;
        bench.Appender.Failing = "disk full";
        await bench.EvaluateAsync(20);
        Assert.Equal((RuleHealth.Err, "disk full"), (bench.State.Rules[0].Health, bench.State.Rules[0].LastError));
        Assert.Single(bench.State.Rules[0].Series.Written);
    }

    [Fact]
    public async Task Rules_that_are_asked_together_give_what_they_give_one_by_one()
    {
        var group = RuleBench.GroupOf(
            RuleBench.Record("before", "late"), RuleBench.Record("a", "in"), RuleBench.Record("b", "in * 2"), RuleBench.Record("c", "a + b"), RuleBench.Record("late", "c + 1"),
            RuleBench.Record("all", "count({__name__=~\"a|b|c|late\"})"));
        var bench = new RuleBench(group, RuleSettings.Default);
        bench.Put("in", 0, 2);
        await bench.EvaluateAsync(10);
        await bench.EvaluateAsync(20);
        Assert.Equal(
            ["a 10 2", "a 20 2", "all 10 4", "all 20 4", "b 10 4", "b 20 4", "before 20 7", "c 10 6", "c 20 6", "late 10 7", "late 20 7"],
            await bench.StoredAsync("{__name__!=\"in\"}"));
        Assert.Equal([3, 1, 1, 1], bench.Queries.Batches.Take(bench.Queries.Batches.Count / 2));
    }

    [Fact]
    public async Task A_retired_group_ends_its_series_once()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Record("out", "in"), RuleBench.Alert("A", "in > 0")));
        bench.Put("in", 0, 2);
        await bench.EvaluateAsync(10);
        await bench.Evaluator.RetireAsync(new(20_000), CancellationToken.None);
        await bench.Evaluator.RetireAsync(new(30_000), CancellationToken.None);
        Assert.Equal(["out 10 2", "out 20 stale"], await bench.StoredAsync("out"));
        Assert.Equal(["ALERTS{alertname=\"A\", alertstate=\"firing\"} 10 1", "ALERTS{alertname=\"A\", alertstate=\"firing\"} 20 stale"], await bench.StoredAsync("ALERTS"));
    }
}

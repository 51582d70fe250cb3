using ActorMon.Model.Samples;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Memory;
using ActorMon.Rules.Tests.Support;

namespace ActorMon.Rules.Tests.Memory;

public class GroupMemoryTests
{
    /// <summary>The node that noted a notice as sent may have ended before it left.</summary>
    [Fact]
    public async Task The_next_evaluator_tells_what_fires_at_once_also_when_it_was_told_a_moment_ago()
    {
        var group = RuleBench.GroupOf(RuleBench.Alert("A", "m > 0"));
        var bench = new RuleBench(group);
        bench.Put("m", 0, 1);
        await bench.EvaluateAsync(0);
        Assert.Single(bench.Notices);
        var memory = new GroupMemory(new HistorySettings(TimeSpan.FromDays(1), 10));
        memory.Apply(GroupMemory.Take(group, bench.State, memory.History, new TimestampMs(0)));
        var state = memory.ToState(group);
        state.MarkRestored();

        var next = new GroupEvaluator(group, state, bench.Settings, bench.Queries, bench.Appender);
        var evaluation = await next.EvaluateAsync(new TimestampMs(1000), CancellationToken.None);

        var told = Assert.Single(evaluation.Notices);
        Assert.Equal(bench.Notices[0].StartsAt, told.StartsAt);
    }
}

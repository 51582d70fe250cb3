using ActorMon.Model.Samples;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Groups;
using ActorMon.Rules.Replay;
using ActorMon.Rules.Tests.Support;
using ActorMon.Rules.UnitTests;

namespace ActorMon.Rules.Tests.Replay;

public sealed class ReplayTests
{
    private const int Hours = 30;

    [Fact]
    public async Task A_replay_tells_the_alerts_that_evaluations_at_the_time_had_and_the_series_they_wrote()
    {
        var group = RuleBench.GroupOf(
            RuleBench.Alert("Down", "up == 0", 120, 60, ["of", "{{ $labels.i }}"], ["v", "{{ $value }}", "n", "{{ query \"up\" | len }} series"]), RuleBench.Record("ups", "count(up)"));
        var live = new RuleBench(group);
        var random = new Random(5);
        for (var minute = 0; minute < Hours * 60; minute++)
            for (var i = 0; i < 3; i++)
                live.Put($"up{{i=\"{i}\"}}", minute * 60, random.Next(4) == 0 ? minute / 60 % 2 : (minute / (7 + i)) % 2);
        var replay = await RuleReplay.RunAsync(group, RuleSettings.Default, new EngineRanges(live.Store), new TimestampMs(0), new TimestampMs(Hours * 3_600_000L), CancellationToken.None);
        var schedule = new GroupSchedule(group);
        var transitions = new List<(AlertChange, string, long)>();
        var evaluations = 0;
        for (var at = schedule.Next(new TimestampMs(-1)); at.Value <= Hours * 3_600_000L; at += group.Interval, evaluations++)
            foreach (var change in (await live.Evaluator.EvaluateAsync(at, CancellationToken.None)).Events)
                transitions.Add((change.Event.Change, change.Event.Labels.ToString(), at.Value));
        Assert.Equal(evaluations, replay.Evaluations);
        Assert.Empty(replay.Errors);
        Assert.True(replay.Alerts.Count > 50);
        Assert.Equal(
            transitions.Where(t => t.Item1 == AlertChange.Pending).Select(t => (t.Item2, t.Item3)), replay.Alerts.Select(a => (a.Labels.ToString(), a.ActiveAt.Value)));
        Assert.Equal(
            transitions.Where(t => t.Item1 == AlertChange.Firing).Select(t => (t.Item2, t.Item3)).Order(),
            replay.Alerts.Where(a => a.FiredAt is not null).Select(a => (a.Labels.ToString(), a.FiredAt!.Value.Value)).Order());
        Assert.Equal(
            transitions.Where(t => t.Item1 is AlertChange.Resolved or AlertChange.Withdrawn).Select(t => (t.Item2, t.Item3)).Order(),
            replay.Alerts.Where(a => a.EndedAt is not null).Select(a => (a.Labels.ToString(), a.EndedAt!.Value.Value)).Order());
        Assert.Equal("3 series", replay.Alerts[0].Annotations.Get("n"));
        Assert.Equal(await StoredAsync(live.Store), await StoredAsync(replay.Series));
    }

    [Fact]
    public async Task An_error_is_told_once()
    {
        var group = RuleBench.GroupOf(RuleBench.Alert("A", "up + on () group_left () up"));
        var live = new RuleBench(group);
        live.Put("up{i=\"1\"}", 0, 1);
        live.Put("up{i=\"2\"}", 0, 1);
        var replay = await RuleReplay.RunAsync(group, RuleSettings.Default, new EngineRanges(live.Store), new TimestampMs(0), new TimestampMs(300_000), CancellationToken.None);
        Assert.StartsWith("A: found duplicate series", Assert.Single(replay.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 10, 4, "0-3 4-7 8-10")]
    [InlineData(0, 3, 4, "0-3")]
    [InlineData(5, 5, 4, "5-5")]
    [InlineData(6, 5, 4, "")]
    public void A_stretch_is_cut_into_queries_that_share_no_step(int start, int end, int points, string slices) => Assert.Equal(
        slices, string.Join(' ', RangeSlices.Of(new TimestampMs(start * 1000), new TimestampMs(end * 1000), TimeSpan.FromSeconds(1), points).Select(s => $"{s.Start.Value / 1000}-{s.End.Value / 1000}")));

    private static async Task<List<string>> StoredAsync(MemoryStore store)
    {
        var lines = new List<string>();
        using var all = await store.SelectAsync(
            new(PromQLParser.ParseMatchers("{__name__=~\"ALERTS|ALERTS_FOR_STATE|ups\"}").Matchers!, new TimestampMs(0), new TimestampMs(long.MaxValue)), CancellationToken.None);
        var samples = new SampleBuffer();
        for (var i = 0; i < all.Count; i++)
        {
            all.Read(i, samples);
            lines.Add($"{all.LabelsAt(i)} {string.Join(' ', samples.Times.ToArray())} {string.Join(' ', samples.Values.ToArray().Select(BitConverter.DoubleToInt64Bits))}");
        }
        return lines;
    }

    private sealed class EngineRanges(MemoryStore store) : IRangeQueries
    {
        private readonly QueryEngine _engine = new(new QueryEngineOptions());

        public async ValueTask<QueryResult> RunAsync(string query, TimestampMs start, TimestampMs end, TimeSpan step, CancellationToken cancellation) => await _engine.ExecuteAsync(
            new QueryRequest
            {
                Expression = PromQLParser.Parse(query, ParserOptions.Default).Expr!,
                Text = query,
                Start = start.Value,
                End = end.Value,
                StepMs = (long)step.TotalMilliseconds,
            },
            store, cancellation);
    }
}

using ActorMon.Model.Labels;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Tests.Support;

namespace ActorMon.Rules.Tests.Evaluation;

public sealed class AlertingTests
{
    [Fact]
    public async Task An_alert_is_pending_then_firing_then_resolved_and_its_series_follow()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Alert("Down", "up == 0", forSeconds: 120, labels: ["severity", "page"])));
        bench.Put("up{i=\"1\"}", 0, 0);
        var first = await bench.EvaluateAsync(60);
        Assert.Equal([AlertChange.Pending], first.Events.Select(e => e.Event.Change));
        Assert.Equal([], (await bench.EvaluateAsync(120)).Events);
        Assert.Equal([AlertChange.Firing], (await bench.EvaluateAsync(180)).Events.Select(e => e.Event.Change));
        bench.Put("up{i=\"1\"}", 200, 1);
        Assert.Equal([AlertChange.Resolved], (await bench.EvaluateAsync(240)).Events.Select(e => e.Event.Change));
        const string labels = "alertname=\"Down\", alertstate=\"{0}\", i=\"1\", severity=\"page\"";
        string Series(string state) => "ALERTS{" + labels.Replace("{0}", state, StringComparison.Ordinal) + "}";
        Assert.Equal(
            [$"{Series("firing")} 180 1", $"{Series("firing")} 240 stale", $"{Series("pending")} 60 1", $"{Series("pending")} 120 1", $"{Series("pending")} 180 stale"],
            await bench.StoredAsync("ALERTS"));
        const string forState = "ALERTS_FOR_STATE{alertname=\"Down\", i=\"1\", severity=\"page\"}";
        Assert.Equal([$"{forState} 60 60", $"{forState} 120 60", $"{forState} 180 60", $"{forState} 240 stale"], await bench.StoredAsync("ALERTS_FOR_STATE"));
        Assert.Equal(LabelSet.Of("alertname", "Down", "i", "1", "severity", "page"), bench.TheAlert.Labels);
        Assert.Equal((240, AlertState.Inactive), (bench.TheAlert.ResolvedAt!.Value.Value / 1000, bench.State.Rules[0].State));
    }

    [Fact]
    public async Task A_rule_is_unknown_before_its_first_evaluation()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Alert("A", "up")));
        Assert.Equal(AlertState.Unknown, bench.State.Rules[0].State);
        await bench.EvaluateAsync(60);
        Assert.Equal(AlertState.Inactive, bench.State.Rules[0].State);
    }

    [Fact]
    public async Task Templates_see_labels_value_and_queries_and_an_error_stands_in_their_place()
    {
        var bench = new RuleBench(
            RuleBench.GroupOf(RuleBench.Alert("A", "up", labels: ["of", "{{ $labels.__name__ }}", "gone", "{{ $labels.e }}"], annotations:
                ["v", "{{ $value }} of {{ $externalLabels.dc }}", "q", "{{ query \"up\" | len }} series", "bad", "{{ template \"none\" }}", "unknown", "{{ fail }}", "nonsense", "{{ query \"up(\" }}", "plain", "text", "empty", ""])),
            RuleSettings.Default with { ExternalLabels = LabelSet.Of("dc", "x") });
        bench.Put("up{e=\"\",i=\"1\"}", 0, 4);
        await bench.EvaluateAsync(60);
        var alert = bench.TheAlert;
        Assert.Equal("up", alert.Labels.Get("of"));
        Assert.Equal("4 of x", alert.Annotations.Get("v"));
        Assert.Equal("1 series", alert.Annotations.Get("q"));
        Assert.Equal("<error expanding template: error parsing template __alert_A: template: __alert_A:1: function \"fail\" not defined>", alert.Annotations.Get("unknown"));
        Assert.StartsWith("<error expanding template: error executing template __alert_A: template: __alert_A:1:", alert.Annotations.Get("bad"), StringComparison.Ordinal);
        Assert.Contains("template \"none\" not defined", alert.Annotations.Get("bad"), StringComparison.Ordinal);
        Assert.Contains("error calling query: 1:4: parse error: ", alert.Annotations.Get("nonsense"), StringComparison.Ordinal);
        Assert.Equal("text", alert.Annotations.Get("plain"));
        Assert.True(alert.Annotations.Has("empty"));
    }

    [Fact]
    public async Task Value_and_annotations_are_those_of_the_last_evaluation_and_a_label_with_the_value_makes_another_alert()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Alert("A", "up", annotations: ["v", "{{ $value }}"]), RuleBench.Alert("B", "up", labels: ["v", "{{ $value }}"])));
        bench.Put("up", 0, 4);
        await bench.EvaluateAsync(60);
        bench.Put("up", 70, 5);
        await bench.EvaluateAsync(120);
        Assert.Equal((5, "5"), (bench.TheAlert.Value, bench.TheAlert.Annotations.Get("v")));
        Assert.Equal([("4", AlertState.Inactive), ("5", AlertState.Firing)], bench.State.Rules[1].Alerts.Snapshot().Select(a => (a.Labels.Get("v"), a.State)));
    }

    [Fact]
    public async Task Series_that_become_the_same_alert_are_refused()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Alert("A", "{__name__=~\"a|b\"}")));
        bench.Put("a", 0, 1);
        bench.Put("b", 0, 1);
        await bench.EvaluateAsync(60);
        Assert.Equal("vector contains metrics with the same labelset after applying alert labels", bench.State.Rules[0].LastError);
        Assert.Equal(0, bench.State.Rules[0].Alerts.Count);
    }

    [Fact]
    public async Task More_alerts_than_the_limit_clear_the_rule()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Section(RuleBench.Alert("A", "up")) with { Limit = 1 }));
        bench.Put("up{i=\"1\"}", 0, 1);
        await bench.EvaluateAsync(60);
        bench.Put("up{i=\"2\"}", 70, 1);
        var evaluation = await bench.EvaluateAsync(120);
        Assert.Equal([AlertChange.Cleared], evaluation.Events.Select(e => e.Event.Change));
        Assert.Equal("exceeded limit of 1 with 2 alerts", bench.State.Rules[0].LastError);
        Assert.Equal(0, bench.State.Rules[0].Alerts.Count);
    }

    [Fact]
    public async Task A_firing_alert_is_told_again_after_the_delay_and_its_end_at_once_and_for_a_quarter_of_an_hour()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Alert("A", "up == 0")), RuleSettings.Default with { ResendDelay = TimeSpan.FromMinutes(2) });
        bench.Put("up", 0, 0);
        for (var time = 60; time <= 240; time += 60)
            await bench.EvaluateAsync(time);
        Assert.Equal([(60L, 540L, false), (60L, 720L, false)], bench.Notices.Select(n => (n.StartsAt.Value / 1000, n.EndsAt.Value / 1000, n.IsResolved)));
        bench.Notices.Clear();
        bench.Put("up", 250, 1);
        for (var time = 300; time <= 300 + (20 * 60); time += 60)
            await bench.EvaluateAsync(time);
        Assert.All(bench.Notices, n => Assert.Equal((300L, true), (n.EndsAt.Value / 1000, n.IsResolved)));
        Assert.Equal([300L, 480, 660, 840, 1020, 1200], Enumerable.Range(0, bench.Notices.Count).Select(i => 300L + (i * 180)));
        Assert.Equal(0, bench.State.Rules[0].Alerts.Count);
    }

    [Fact]
    public async Task Missing_data_raises_alerts_but_resolves_none_and_lets_none_be_forgotten()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Alert("A", "up == 0", forSeconds: 60)));
        bench.Put("up{i=\"1\"}", 0, 0);
        await bench.EvaluateAsync(60);
        await bench.EvaluateAsync(120);
        bench.Put("up{i=\"1\"}", 130, 1);
        bench.Put("up{i=\"2\"}", 130, 0);
        bench.Queries.Missing = "partition 3 is missing";
        Assert.Equal([AlertChange.Pending], (await bench.EvaluateAsync(180)).Events.Select(e => e.Event.Change));
        Assert.Equal([AlertChange.Firing], (await bench.EvaluateAsync(240)).Events.Select(e => e.Event.Change));
        Assert.Equal([AlertState.Firing, AlertState.Firing], bench.State.Rules[0].Alerts.Snapshot().Select(a => a.State));
        bench.Queries.Missing = null;
        Assert.Equal([AlertChange.Resolved], (await bench.EvaluateAsync(300)).Events.Select(e => e.Event.Change));
    }

    [Theory]
    [InlineData("absent(up)")]
    [InlineData("count(up) < 2")]
    [InlineData("count(up) > 0")]
    [InlineData("want unless on () up")]
    [InlineData("up or vector(1)")]
    public async Task Missing_data_decides_nothing_about_the_number_or_the_absence_of_series(string expression)
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Alert("A", expression)));
        bench.Put("want", 0, 1);
        bench.Queries.Missing = "partition 3 is missing";
        Assert.Empty((await bench.EvaluateAsync(60)).Events);
        Assert.Equal("data is missing, so nothing was decided: partition 3 is missing", bench.State.Rules[0].LastError);
    }

    [Fact]
    public async Task While_missing_data_decides_nothing_receivers_go_on_being_told_of_what_fires()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Alert("A", "absent(up)")));
        await bench.EvaluateAsync(60);
        bench.Queries.Missing = "partition 3 is missing";
        for (var time = 120; time <= 300; time += 60)
            await bench.EvaluateAsync(time);
        Assert.Equal(3, bench.Notices.Count);
        Assert.DoesNotContain(bench.Notices, n => n.IsResolved);
    }

    [Fact]
    public async Task A_query_that_fails_leaves_alerts_as_they_are()
    {
        var bench = new RuleBench(RuleBench.GroupOf(RuleBench.Alert("A", "up == 0")));
        bench.Put("up", 0, 0);
        await bench.EvaluateAsync(60);
        bench.Queries.Failing = "too many samples";
        var evaluation = await bench.EvaluateAsync(120);
        Assert.Empty(evaluation.Events);
        Assert.Equal(AlertState.Firing, bench.TheAlert.State);
        Assert.Equal(["ALERTS{alertname=\"A\", alertstate=\"firing\"} 60 1"], await bench.StoredAsync("ALERTS"));
        Assert.Equal("too many samples", bench.State.Rules[0].LastError);
    }
}

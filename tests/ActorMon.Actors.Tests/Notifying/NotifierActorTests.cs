using ActorMon.Actors.Notifying;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Relabelling;
using ActorMon.Notifying.Options;
using ActorMon.Testing.Http;
using Xunit.Abstractions;

namespace ActorMon.Actors.Tests.Notifying;

public sealed class NotifierActorTests(ITestOutputHelper output) : NotifierTest(output)
{
    [Fact]
    public async Task Every_Alertmanager_is_told_every_alert()
    {
        await using var a = Alertmanager();
        await using var b = Alertmanager();
        await using var c = Alertmanager();
        Start([Group(a, b), Group(c)]);

        Send("A", "B");

        foreach (var alertmanager in new[] { a, b, c })
            Eventually(() => Assert.Equal(["A", "B"], AllTold(alertmanager)));
        Eventually(() => Assert.Equal(6, Metric("prometheus_notifications_sent_total")));
        Assert.Equal([UrlOf(a), UrlOf(b), UrlOf(c)], Board.Current.Active);
        Assert.Equal(3, Metric("prometheus_notifications_alertmanagers_discovered"));
        Assert.Equal(3, Metric("prometheus_sd_discovered_targets"));
    }

    [Fact]
    public async Task What_comes_before_discovery_is_done_is_told_then()
    {
        await using var a = Alertmanager();
        await using var b = Alertmanager();
        Start([Group(a), Group(b)], early: ["A", "B"]);

        Send("C");

        foreach (var alertmanager in new[] { a, b })
            Eventually(() => Assert.Equal(["A", "B", "C"], AllTold(alertmanager)));
    }

    [Fact]
    public async Task Alerts_are_relabelled_for_all_and_again_for_a_group()
    {
        await using var some = Alertmanager();
        await using var all = Alertmanager();
        RelabelRule Drop(string name) => new() { Action = RelabelAction.Drop, SourceLabels = ["alertname"], Regex = AnchoredRegex.Parse(name) };
        Start(
            [Group(new AlertmanagerOptions { AlertRelabelRules = [Drop("B")] }, some), Group(all)],
            labels: new AlertLabelOptions { ExternalLabels = LabelSet.Of("cluster", "north"), RelabelRules = [Drop("C")] });

        Send("A", "B", "C");

        Eventually(() => Assert.Equal(["A", "B"], AllTold(all)));
        Eventually(() => Assert.Equal(["A"], AllTold(some)));
        Assert.Contains("\"cluster\":\"north\"", all.Requests.First().Text, StringComparison.Ordinal);
        Assert.Contains("\"generatorURL\":\"http://me:9090/graph?g0.expr=up\\u0026g0.tab=1\"", all.Requests.First().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_Alertmanager_delays_no_other_and_what_comes_meanwhile_goes_in_batches()
    {
        var answer = new TaskCompletionSource();
        await using var slow = Alertmanager(() => new ValueTask(answer.Task));
        await using var quick = Alertmanager();
        Start([Group(slow, quick)], new QueueOptions(10, 2));
        Send("1");
        Eventually(() => Assert.Single(slow.Requests));

        Send("2");
        Send("3");
        Send("4");

        Eventually(() => Assert.Equal(["1", "2", "3", "4"], AllTold(quick)));
        Eventually(() => Assert.Equal(3, Metric("prometheus_notifications_queue_length")));
        Assert.Single(slow.Requests);
        answer.SetResult();
        Eventually(() => Assert.Equal([["1"], ["2", "3"], ["4"]], Told(slow)));
        Eventually(() => Assert.Equal(0, Metric("prometheus_notifications_queue_length")));
    }

    [Fact]
    public async Task When_the_queue_is_full_the_oldest_are_dropped_and_counted()
    {
        var answer = new TaskCompletionSource();
        await using var slow = Alertmanager(() => new ValueTask(answer.Task));
        Start([Group(slow)], new QueueOptions(2, 10));
        Send("1");
        Eventually(() => Assert.Single(slow.Requests));

        Send("2", "3");
        Send("4");
        Eventually(() => Assert.Equal(1, Metric("prometheus_notifications_dropped_total")));

        answer.SetResult();
        Eventually(() => Assert.Equal([["1"], ["3", "4"]], Told(slow)));
        Assert.Equal(2, Metric("prometheus_notifications_queue_capacity"));
    }

    [Fact]
    public async Task A_batch_that_fails_is_not_sent_again()
    {
        var answers = 0;
        await using var server = LoopbackServer.Http(_ =>
            Interlocked.Increment(ref answers) == 1 ? HttpReply.Of(503, "Busy") : HttpReply.Ok());
        Start([Group(server)]);
        Send("1", "2");
        Eventually(() => Assert.Equal(2, Metric("prometheus_notifications_errors_total")));

        Send("3");

        Eventually(() => Assert.Equal([["1", "2"], ["3"]], Told(server)));
        Assert.Equal(2, Metric("prometheus_notifications_dropped_total"));
        Eventually(() => Assert.Equal(1, Metric("prometheus_notifications_sent_total")));
        Eventually(() => Assert.Contains(Registry.Collect(), f => f.Name == "prometheus_notifications_latency_seconds" && f.Metrics[0].Summary!.Count == 1));
    }

    [Fact]
    public async Task A_node_without_a_majority_holds_its_alerts()
    {
        var confirmed = false;
        await using var server = Alertmanager();
        Start([Group(server)], maySend: () => Volatile.Read(ref confirmed));
        Send("1");
        Eventually(() => Assert.Equal(1, Metric("prometheus_notifications_queue_length")));
        Assert.Empty(server.Requests);

        Volatile.Write(ref confirmed, true);

        Eventually(() => Assert.Equal(["1"], AllTold(server)));
    }

    [Fact]
    public async Task An_actor_that_crashes_is_started_again_with_what_waited()
    {
        var crashes = 2;
        await using var server = Alertmanager();
        Start([Group(server)], maySend: () => Interlocked.Decrement(ref crashes) < 0 ? true : throw new InvalidOperationException("a bug"));

        Send("1");

        Eventually(() => Assert.Equal(["1"], AllTold(server)));
        Send("2");
        Eventually(() => Assert.Equal(["1", "2"], AllTold(server)));
    }

    [Fact]
    public async Task A_reload_leaves_groups_alone_that_did_not_change_and_empties_the_queues_of_those_that_go()
    {
        var answer = new TaskCompletionSource();
        await using var stays = Alertmanager();
        await using var goes = Alertmanager(() => new ValueTask(answer.Task));
        await using var comes = Alertmanager();
        var kept = Group(stays);
        Start([kept, Group(goes)]);
        Send("1");
        Eventually(() => Assert.Single(goes.Requests));
        Send("2");

        Reload(kept, Group(comes));
        Eventually(() => Assert.Equal([UrlOf(stays), UrlOf(comes)], Board.Current.Active));
        Send("3");

        Eventually(() => Assert.Equal(["1", "2", "3"], AllTold(stays)));
        Eventually(() => Assert.Equal(["3"], AllTold(comes)));
        Assert.All(stays.Requests, request => Assert.Equal(1, request.Connection));
        answer.SetResult();
        Eventually(() => Assert.Equal(["1", "2"], AllTold(goes)));
        Eventually(() => Assert.DoesNotContain(Registry.Collect().Single(f => f.Name == "prometheus_notifications_sent_total").Metrics,
            m => m.Labels.Get("alertmanager") == UrlOf(goes)));
    }

    [Fact]
    public async Task When_only_the_way_of_sending_changes_no_alert_misses_its_Alertmanager()
    {
        await using var server = Alertmanager();
        var group = Group(server);
        Start([group]);

        Reload(group with { Options = new AlertmanagerOptions { PathPrefix = "/x" } });
        Send("1");

        Eventually(() => Assert.Equal(["1"], AllTold(server)));
        Assert.Equal("/x/api/v2/alerts", server.Requests.Single().Target);
    }

    [Fact]
    public async Task A_node_that_stops_sends_what_waits_first()
    {
        var answer = new TaskCompletionSource();
        await using var server = Alertmanager(() => new ValueTask(answer.Task));
        Start([Group(server)], new QueueOptions(10, 1));
        Send("1", "2", "3");
        Eventually(() => Assert.Single(server.Requests));

        Drain();
        ExpectNoMsg(Silence);
        answer.SetResult();

        ExpectMsg<NotifierActor.Drained>(Patience);
        Assert.Equal(["1", "2", "3"], AllTold(server));
    }

    [Fact]
    public async Task Told_not_to_it_waits_only_for_the_request_on_its_way()
    {
        var answer = new TaskCompletionSource();
        await using var server = Alertmanager(() => new ValueTask(answer.Task));
        Start([Group(server)], new QueueOptions(10, 1), drains: false);
        Send("1", "2", "3");
        Eventually(() => Assert.Single(server.Requests));

        Drain();
        Eventually(() => Assert.Equal(2, Metric("prometheus_notifications_dropped_total")));
        answer.SetResult();

        ExpectMsg<NotifierActor.Drained>(Patience);
        Assert.Equal(["1"], AllTold(server));
    }
}

using System.Globalization;
using ActorMon.Actors.Alerting;
using ActorMon.Model.Labels;
using ActorMon.Protocol.Alerting;
using Akka.Actor;
using Xunit.Abstractions;

namespace ActorMon.Actors.Tests.Alerting;

public sealed class AlertWritingTests(ITestOutputHelper output) : AlertmanagerTest(output)
{
    private const int Posts = 30;

    // Until the test ends nothing but a reason to write makes the shard write.
    protected override TimeSpan WriteDelay => TimeSpan.FromMinutes(10);

    private double Written => Registry.Collect().Where(f => f.Name == "actormon_journal_events_total").SelectMany(f => f.Metrics).Sum(m => m.Value);

    [Fact]
    public async Task Alerts_that_come_one_by_one_are_written_together_at_the_latest_when_their_shard_moves_and_those_that_nobody_repeats_are_answered_then()
    {
        MayNotify = false;
        var node = Start();
        for (var i = 0; i < Posts; i++)
            node.Router.Tell(new AlertRouterActor.Route([Alert("A") with { EndsByTimeout = true, Labels = LabelSet.Of("alertname", "A", "instance", i.ToString(CultureInfo.InvariantCulture)) }]), TestActor);
        await AwaitAssertAsync(async () =>
        {
            var held = await node.Runtime.Board.LookAsync(static shard => shard.Alerts.ToArray(), Patience, CancellationToken.None);
            Assert.Equal(Posts, held.Sum(shard => shard.Answer.Length));
        }, Patience);
        Assert.Equal(0, Written);
        Assert.False(HasMessages);
        var shard = Child(node, ShardOf("A"));
        Watch(shard);
        shard.Tell(AlertingProtocol.HandOff.Instance, TestActor);
        var told = ReceiveN(Posts + 1, Patience);
        Assert.Equal(Posts, told.OfType<AlertRouterActor.Routed>().Count(routed => routed.Error is null));
        Assert.Single(told.OfType<Terminated>());
        Assert.Equal(1, Written);
        MayNotify = true;
        Eventually(() => Assert.Equal(Posts, Assert.Single(Webhook.Told).Alerts.Count));
    }

    [Fact]
    public void An_alert_that_its_sender_has_to_repeat_is_answered_at_once()
    {
        MayNotify = false;
        var node = Start();
        Post(node, Alert("A"));
        Assert.Equal(0, Written);
    }

    [Fact]
    public async Task Nothing_is_told_of_an_alert_that_is_not_written()
    {
        var node = Start();
        Post(node, Alert("A"));
        Eventually(() => Assert.Equal(["A"], Told));
        node = Restart(node);
        await AwaitAssertAsync(async () =>
        {
            var held = await node.Runtime.Board.LookAsync(static shard => shard.Alerts.Select(alert => alert.Name).ToArray(), Patience, CancellationToken.None);
            Assert.Equal(["A"], held.SelectMany(shard => shard.Answer));
        }, Patience);
    }
}

using System.Globalization;
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
    public void Alerts_that_come_one_by_one_are_written_together_and_at_the_latest_when_their_shard_moves()
    {
        MayNotify = false;
        var node = Start();
        for (var i = 0; i < Posts; i++)
            Post(node, Alert("A") with { Labels = LabelSet.Of("alertname", "A", "instance", i.ToString(CultureInfo.InvariantCulture)) });
        Assert.Equal(0, Written);
        var shard = Child(node, ShardOf("A"));
        Watch(shard);
        shard.Tell(AlertingProtocol.HandOff.Instance, TestActor);
        ExpectTerminated(shard, Patience);
        Assert.Equal(1, Written);
        MayNotify = true;
        Eventually(() => Assert.Equal(Posts, Assert.Single(Webhook.Told).Alerts.Count));
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

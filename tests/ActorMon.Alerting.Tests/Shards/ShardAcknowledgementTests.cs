using ActorMon.Alerting.Acknowledgements;
using ActorMon.Alerting.Notifications;

namespace ActorMon.Alerting.Tests.Shards;

public sealed class ShardAcknowledgementTests
{
    /// <summary>An entry of the notification log lives for two repeat intervals: eight hours.</summary>
    [Fact]
    public void What_somebody_looks_after_is_not_told_as_new_however_long_it_fires()
    {
        var run = new ShardRun();
        var alert = run.Firing("A");
        run.Take(alert);
        Assert.Single(run.Send(TimeSpan.FromMinutes(1)));
        run.Acknowledged.Apply(AcknowledgementBook.Decide(alert, "ann", "", run.Now).Store!);
        for (var hour = 0; hour < 30; hour++)
        {
            Assert.Empty(run.Send(TimeSpan.FromHours(1)));
            run.Shard.Collect(run.Now);
        }
        run.TakeOver(TimeSpan.FromHours(20));
        run.Shard.Collect(run.Now);
        Assert.Empty(run.Send(TimeSpan.FromHours(1)));
        run.Acknowledged.Release(alert.Labels);
        Assert.Equal(NotificationReason.RepeatInterval, Assert.Single(run.Send(TimeSpan.FromMinutes(10))).Reason);
    }
}

using ActorMon.Host.Node;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Host.Tests.Node;

public sealed class PacedClockTests
{
    private static readonly DateTimeOffset Origin = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private readonly FakeTimeProvider _real = new(Origin.AddSeconds(10));

    [Fact]
    public void Two_nodes_with_the_same_origin_show_the_same_time_whenever_they_started()
    {
        var first = new PacedClock(Origin, 30, _real);
        Assert.Equal(Origin.AddSeconds(300), first.GetUtcNow());
        _real.Advance(TimeSpan.FromSeconds(1));
        var second = new PacedClock(Origin, 30, _real);
        Assert.Equal(Origin.AddSeconds(330), first.GetUtcNow());
        Assert.Equal(first.GetUtcNow(), second.GetUtcNow());
    }

    [Fact]
    public void Elapsed_times_and_timers_follow_its_rate()
    {
        var clock = new PacedClock(Origin, 30, _real);
        var began = clock.GetTimestamp();
        var fired = 0;
        using var timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1));
        _real.Advance(TimeSpan.FromMilliseconds(499));
        Assert.Equal(0, fired);
        _real.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, fired);
        Assert.Equal(15, clock.GetElapsedTime(began).TotalSeconds, 3);
        _real.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, fired);
        Assert.True(timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        _real.Advance(TimeSpan.FromHours(1));
        Assert.Equal(2, fired);
    }
}

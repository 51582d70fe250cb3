using ActorMon.Actors.Control.Partitions;
using ActorMon.Replication.Map;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Actors.Tests.Control.Partitions;

public sealed class MemberClocksTests
{
    private static readonly NodeId Other = new(Guid.Parse("00000000-0000-0000-0000-000000000001"));

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemberClocks _clocks;

    public MemberClocksTests() => _clocks = new MemberClocks(_time);

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public void A_clock_that_is_an_hour_off_is_named_at_once_and_again_only_after_minutes(int seconds)
    {
        var wrong = _clocks.UtcNow + (seconds * 1000L);

        Assert.Equal(TimeSpan.FromSeconds(seconds), _clocks.Heard(Other, wrong, TimeSpan.Zero));
        Assert.Null(_clocks.Heard(Other, wrong, TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromHours(1), _clocks.Largest);
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(TimeSpan.Zero, _clocks.Largest);
        Assert.NotNull(_clocks.Heard(Other, wrong + 360_000, TimeSpan.Zero));
    }

    [Fact]
    public void An_answer_that_was_long_on_its_way_says_nothing()
    {
        Assert.Null(_clocks.Heard(Other, _clocks.UtcNow - 20_000, TimeSpan.FromSeconds(25)));
        Assert.Equal(TimeSpan.Zero, _clocks.Largest);
    }

    [Fact]
    public void A_member_of_an_older_version_does_not_tell_its_time()
    {
        Assert.Null(_clocks.Heard(Other, 0, TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, _clocks.Largest);
    }
}

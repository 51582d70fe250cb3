namespace ActorMon.Actors.Tests;

public sealed class BackoffTests
{
    private static readonly Backoff Backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData(0, 500)]
    [InlineData(1, 1_000)]
    [InlineData(5, 16_000)]
    [InlineData(6, 30_000)]
    [InlineData(1_000_000, 30_000)]
    public void It_doubles_from_the_minimum_and_stays_at_the_maximum(int failures, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Backoff.After(failures));

    [Fact]
    public void A_maximum_below_the_minimum_is_what_is_waited() =>
        Assert.Equal(TimeSpan.FromSeconds(1), new Backoff(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1)).After(0));
}

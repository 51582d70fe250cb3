using ActorMon.Model.Time;
using CsCheck;

namespace ActorMon.Model.Tests.Time;

public sealed class PrometheusDurationTests
{
    [Fact]
    public void What_is_written_reads_back() => Gen.Long[0, 290L * 365 * 24 * 3600 * 1000].Sample(milliseconds =>
    {
        var value = TimeSpan.FromMilliseconds(milliseconds);
        return PrometheusDuration.Parse(PrometheusDuration.Format(value)) == value;
    });

    [Theory]
    [InlineData("", "empty duration string")]
    [InlineData("1", "not a valid duration string: \"1\"")]
    [InlineData("1y1m1d", "not a valid duration string: \"1y1m1d\"")]
    [InlineData("5x", "unknown unit \"x\" in duration \"5x\"")]
    [InlineData("1.5d", "unknown unit \".\" in duration \"1.5d\"")]
    [InlineData("-1s", "not a valid duration string: \"-1s\"")]
    [InlineData("294y", "duration out of range")]
    [InlineData("99999999999999999999s", "not a valid duration string: \"99999999999999999999s\"")]
    public void What_is_no_duration_is_named(string text, string error)
    {
        Assert.False(PrometheusDuration.TryParse(text, out _, out var got));
        Assert.Equal(error, got);
    }

    [Fact]
    public void Negative_durations_are_allowed_on_request()
    {
        Assert.True(PrometheusDuration.TryParseAllowNegative("-1h30m", out var value, out _));
        Assert.Equal(TimeSpan.FromMinutes(-90), value);
        Assert.Equal("-1h30m", PrometheusDuration.Format(value));
    }
}

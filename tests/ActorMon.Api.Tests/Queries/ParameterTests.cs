using ActorMon.Api.Http;

namespace ActorMon.Api.Tests.Queries;

public sealed class ParameterTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-1.5", -1500)]
    [InlineData("1543578564.705", 1543578564705)]
    [InlineData("1e3", 1_000_000)]
    [InlineData("1.0004", 1000)]
    [InlineData("1970-01-01T00:00:01Z", 1000)]
    [InlineData("1970-01-01T01:00:01.123456789+01:00", 1123)]
    [InlineData("1969-12-31T23:59:59.999Z", -1)]
    public void A_time_is_seconds_or_RFC_3339(string text, long expected) => Assert.Equal(expected, ApiParameters.ParseTime(text)?.Value);

    [Theory]
    [InlineData("")]
    [InlineData("NaN")]
    [InlineData("Inf")]
    [InlineData("5m")]
    [InlineData("1e300")]
    [InlineData("1970-01-01")]
    [InlineData("1970-01-01 00:00:01Z")]
    [InlineData("1970-01-01T00:00:01")]
    [InlineData("1970-01-01T00:00:01.123456")]
    [InlineData("1970-01-01T00:00:01.Z")]
    [InlineData("1970-01-01T00:00:01+0100")]
    [InlineData("1970-13-01T00:00:01Z")]
    [InlineData("Thu, 01 Jan 1970 00:00:01 GMT")]
    public void Anything_else_is_no_time(string text) => Assert.Null(ApiParameters.ParseTime(text));

    [Theory]
    [InlineData("a=1&a=2&b=", "a", "1,2")]
    [InlineData("a+b=c%20d%2Be+f", "a b", "c d+e f")]
    [InlineData("a", "a", "")]
    [InlineData("&&a=b=c&", "a", "b=c")]
    [InlineData("a=%E2%82%AC", "a", "€")]
    public void Forms_are_decoded(string encoded, string name, string values) => Assert.Equal(values, string.Join(",", ApiParameters.Parse(encoded).All(name)));

    [Theory]
    [InlineData("1", true)]
    [InlineData("T", true)]
    [InlineData("false", false)]
    [InlineData("yes", null)]
    [InlineData("", null)]
    public void Switches_are_what_Go_takes(string text, bool? expected) => Assert.Equal(expected, ActorMon.Model.Text.GoBool.Parse(text));
}

using System.Globalization;
using System.Text;
using ActorMon.Exposition.Numbers;
using CsCheck;

namespace ActorMon.Exposition.Tests.Numbers;

public class FloatTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-17", -17)]
    [InlineData("+3.", 3)]
    [InlineData(".5e1", 5)]
    [InlineData("9223372036854775808", 9223372036854775808.0)]
    [InlineData("0.013300656000000001", 0.013300656000000001)]
    [InlineData("123456789012345678901234567890", 123456789012345678901234567890.0)]
    [InlineData("1e-400", 0)]
    [InlineData("iNf", double.PositiveInfinity)]
    [InlineData("-infinity", double.NegativeInfinity)]
    [InlineData("NAN", double.NaN)]
    public void Reads_what_Go_reads(string text, double expected)
    {
        Assert.Equal(FloatFault.None, FloatReader.Read(Encoding.ASCII.GetBytes(text), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1.2.3")]
    [InlineData("0x1")]
    [InlineData("+nan")]
    [InlineData(" 1")]
    [InlineData("1,000")]
    [InlineData("infinit")]
    public void Refuses_what_Go_refuses(string text) =>
        Assert.Equal(FloatFault.Syntax, FloatReader.Read(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Tells_a_float_that_is_out_of_range_from_a_malformed_one() => Assert.Equal(FloatFault.Range, FloatReader.Read("1e400"u8, out _));

    [Fact]
    public void Any_decimal_reads_as_the_correctly_rounding_runtime_reads_it() =>
        Gen.Select(Gen.Long, Gen.Int[-30, 30]).Sample((digits, exponent) =>
        {
            foreach (var text in (string[])[$"{digits}e{exponent}", $"{digits}", ((decimal)digits / 1_000_000m).ToString(CultureInfo.InvariantCulture)])
            {
                Assert.Equal(FloatFault.None, FloatReader.Read(Encoding.ASCII.GetBytes(text), out var value));
                Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), value);
            }
        }, iter: 20_000);

    [Theory]
    [InlineData(0, "0", "0.0")]
    [InlineData(-0.0, "0", "0.0")]
    [InlineData(1, "1", "1.0")]
    [InlineData(999999, "999999", "999999.0")]
    [InlineData(1000000, "1e+06", "1e+06")]
    [InlineData(1234567.5, "1.2345675e+06", "1.2345675e+06")]
    [InlineData(0.0001, "0.0001", "0.0001")]
    [InlineData(0.00001234, "1.234e-05", "1.234e-05")]
    [InlineData(-172.8, "-172.8", "-172.8")]
    [InlineData(1e300, "1e+300", "1e+300")]
    [InlineData(5e-324, "5e-324", "5e-324")]
    [InlineData(double.NegativeInfinity, "-Inf", "-Inf")]
    [InlineData(double.NaN, "NaN", "NaN")]
    public void Writes_as_Go_writes(double value, string text, string openMetrics)
    {
        Assert.Equal(text, FloatWriter.ToText(value));
        Assert.Equal(openMetrics, FloatWriter.ToOpenMetrics(value));
    }
}

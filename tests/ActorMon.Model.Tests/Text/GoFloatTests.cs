using System.Text;
using ActorMon.Model.Text;
using CsCheck;

namespace ActorMon.Model.Tests.Text;

public sealed class GoFloatTests
{
    private static readonly Gen<double> Values = Gen.OneOf(
        Gen.Double,
        Gen.ULong.Select(BitConverter.UInt64BitsToDouble),
        Gen.Int.Select(i => (double)i),
        Gen.Select(Gen.Int[-1_000_000, 1_000_000], Gen.Int[0, 6]).Select((m, e) => m / Math.Pow(10, e)));

    [Theory]
    [InlineData(0.0, "0", "0", "0.0")]
    [InlineData(-0.0, "-0", "-0", "-0.0")]
    [InlineData(1.0, "1", "1", "1.0")]
    [InlineData(-1.0, "-1", "-1", "-1.0")]
    [InlineData(0.1, "0.1", "0.1", "0.1")]
    [InlineData(100000.0, "100000", "100000", "100000.0")]
    [InlineData(999999.0, "999999", "999999", "999999.0")]
    [InlineData(1000000.0, "1000000", "1e+06", "1e+06")]
    [InlineData(1234567.0, "1234567", "1.234567e+06", "1.234567e+06")]
    [InlineData(123456789.125, "123456789.125", "1.23456789125e+08", "1.23456789125e+08")]
    [InlineData(0.0001, "0.0001", "0.0001", "0.0001")]
    [InlineData(0.00001, "0.00001", "1e-05", "1e-05")]
    [InlineData(0.000001, "0.000001", "1e-06", "1e-06")]
    [InlineData(0.00000099, "9.9e-07", "9.9e-07", "9.9e-07")]
    [InlineData(1e15, "1000000000000000", "1e+15", "1e+15")]
    [InlineData(1e20, "100000000000000000000", "1e+20", "1e+20")]
    [InlineData(1e21, "1e+21", "1e+21", "1e+21")]
    [InlineData(123456789012345680000.0, "123456789012345680000", "1.2345678901234568e+20", "1.2345678901234568e+20")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308", "1.7976931348623157e+308", "1.7976931348623157e+308")]
    [InlineData(5e-324, "5e-324", "5e-324", "5e-324")]
    [InlineData(-12.5, "-12.5", "-12.5", "-12.5")]
    [InlineData(double.NaN, "NaN", "NaN", "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf", "+Inf", "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf", "-Inf", "-Inf")]
    public void Values_are_written_in_the_forms_of_the_peers(double value, string api, string text, string openMetrics)
    {
        Assert.Equal(api, GoFloat.FormatApi(value));
        Assert.Equal(text, GoFloat.FormatG(value));
        Assert.Equal(openMetrics, GoFloat.FormatOpenMetrics(value));
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(1e6, "1000000")]
    [InlineData(1e-7, "0.0000001")]
    [InlineData(-1.5e22, "-15000000000000000000000")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void The_plain_form_never_has_an_exponent(double value, string text) => Assert.Equal(text, GoFloat.FormatF(value));

    [Theory]
    [InlineData(double.MaxValue, 309)]
    [InlineData(-double.Epsilon, 327)]
    public void The_plain_form_of_the_greatest_and_the_least_has_all_its_zeros(double value, int length) => Assert.Equal(length, GoFloat.FormatF(value).Length);

    [Fact]
    public void What_is_written_reads_back_to_the_same_bits() => Values.Sample(value =>
    {
        foreach (var text in new[] { GoFloat.FormatApi(value), GoFloat.FormatG(value), GoFloat.FormatF(value), GoFloat.FormatOpenMetrics(value) })
        {
            Assert.True(GoFloatParser.TryParse(text, out var read), text);
            Assert.True(double.IsNaN(value) ? double.IsNaN(read) : BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(read), text);
        }
    }, iter: 20_000);

    [Fact]
    public void Decimals_read_as_the_platform_reads_them()
    {
        var digits = Gen.String[Gen.Char['0', '9'], 0, 25];
        var exponents = Gen.OneOf(Gen.Const(""), Gen.Int[-340, 320].Select(e => $"e{e}"));
        Gen.Select(digits, digits, exponents).Sample((whole, fraction, exponent) =>
        {
            var text = $"{whole}.{fraction}{exponent}";
            var parsed = GoFloatParser.TryParse(text, out var value);
            if (whole.Length + fraction.Length == 0)
                return !parsed;
            var expected = double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
            return double.IsInfinity(expected) ? !parsed : parsed && BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(expected);
        }, iter: 20_000);
    }

    [Theory]
    [InlineData("1", 1.0)]
    [InlineData("+1.5", 1.5)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5.0)]
    [InlineData("1E3", 1000.0)]
    [InlineData("1e+03", 1000.0)]
    [InlineData("1e-3", 0.001)]
    [InlineData("9007199254740993", 9007199254740992.0)]
    [InlineData("0.000000000000000000000000001", 1e-27)]
    [InlineData("00000000000000000000000000012", 12.0)]
    [InlineData("1e-400", 0.0)]
    [InlineData("0e99999999999", 0.0)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("+Inf", double.PositiveInfinity)]
    [InlineData("-iNfInItY", double.NegativeInfinity)]
    [InlineData("0x1p3", 8.0)]
    [InlineData("-0X1.8p1", -3.0)]
    [InlineData("0x.8P0", 0.5)]
    [InlineData("0x1.fffffffffffff8p0", 2.0)]
    [InlineData("0x1.00000000000008p0", 1.0)]
    [InlineData("0x1.00000000000008000000001p0", 1.0000000000000002)]
    [InlineData("0x1p-1074", 5e-324)]
    [InlineData("0x1p-1075", 0.0)]
    [InlineData("0x1.8p-1075", 5e-324)]
    public void Floats_of_every_form_are_read(string text, double expected)
    {
        Assert.True(GoFloatParser.TryParse(Encoding.ASCII.GetBytes(text), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1_000")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.2.3")]
    [InlineData("1,5")]
    [InlineData("+NaN")]
    [InlineData("-nan")]
    [InlineData("infin")]
    [InlineData("0x1")]
    [InlineData("0xp1")]
    [InlineData("0x1p")]
    [InlineData("1e400")]
    [InlineData("-1e309")]
    [InlineData("0x1p1024")]
    [InlineData("１")]
    public void What_is_no_float_is_refused(string text) => Assert.False(GoFloatParser.TryParse(text, out _));

    [Fact]
    public void NaN_is_read_in_any_case()
    {
        foreach (var text in new[] { "NaN", "nan", "NAN" })
            Assert.True(GoFloatParser.TryParse(text, out var value) && double.IsNaN(value));
    }

    [Fact]
    public void Quoting_escapes_as_Go_does() =>
        Assert.Equal("\"a\\\"\\\\\\n\\t\\x00\\x7fé😀\\u00a0\\u200b\\xfe\"", GoQuote.Quote("a\"\\\n\t\0\x7Fé😀\u00A0\u200B\uDCFE"));
}

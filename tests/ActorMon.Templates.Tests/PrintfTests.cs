using ActorMon.Templates.Values;
using CsCheck;
using static ActorMon.Templates.Tests.Expanding;

namespace ActorMon.Templates.Tests;

/// <summary>printf against results known of Go's fmt.</summary>
public class PrintfTests
{
    [Theory]
    [InlineData("\"%d|%5d|%-5d|%05d|%+d|% d\" 42 42 42 42 42 42", "42|   42|42   |00042|+42| 42")]
    [InlineData("\"%x|%X|%#x|%o|%#o|%O|%b|%c|%q|%U|%#U\" 255 255 255 8 8 8 5 65 65 65 0x1F600", "ff|FF|0xff|10|010|0o10|101|A|'A'|U+0041|U+1F600 '😀'")]
    [InlineData("\"%.3d|%8.3d|%08.3d|%-8.3d|\" 7 7 7 7", "007|     007|     007|007     |")]
    [InlineData("\"%x|%d\" -255 -1", "-ff|-1")]
    [InlineData("\"%f|%.2f|%8.2f|%-8.2f|%08.2f|%+.1f\" 3.14159 3.14159 3.14159 3.14159 -3.14159 3.14159", "3.141590|3.14|    3.14|3.14    |-0003.14|+3.1")]
    [InlineData("\"%e|%.2E|%g|%.3g|%G\" 123456.789 123456.789 123456.789 123456.789 1e-10", "1.234568e+05|1.23E+05|123456.789|1.23e+05|1E-10")]
    [InlineData("\"%g|%g|%g|%.4g|%.4g|%.4g\" 100000.0 1000000.0 1e-5 1234.0 12345.0 0.00012", "100000|1e+06|1e-05|1234|1.234e+04|0.00012")]
    [InlineData("\"%.0f|%.0f|%.0f|%.0f|%.1f\" 0.5 1.5 2.5 3.5 0.25", "0|2|2|4|0.2")]
    [InlineData("\"%#g|%#.3g|%#f\" 1.5 1.0 2.0", "1.50000|1.00|2.000000")]
    [InlineData("\"%s|%10s|%-10s|%.2s|%q|%x|% x|%X\" \"abc\" \"abc\" \"abc\" \"abc\" \"a\\\"b\" \"abc\" \"abc\" \"é\"", "abc|       abc|abc       |ab|\"a\\\"b\"|616263|61 62 63|C3A9")]
    [InlineData("\"%t|%v|%5t\" true false true", "true|false| true")]
    [InlineData("\"%v %v %v %v\" nil 1 1.5 \"x\"", "<nil> 1 1.5 x")]
    [InlineData("\"%T %T %T %T\" 1 1.5 \"x\" true", "int float64 string bool")]
    [InlineData("\"%d %s\" \"hi\" 5", "%!d(string=hi) %!s(int=5)")]
    [InlineData("\"%d %d\" 1", "1 %!d(MISSING)")]
    [InlineData("\"%d\" 1 2 \"x\"", "1%!(EXTRA int=2, string=x)")]
    [InlineData("\"%\"", "%!(NOVERB)")]
    [InlineData("\"%z\" 1", "%!z(int=1)")]
    [InlineData("\"%d%%\" 50", "50%")]
    [InlineData("\"%[2]d %[1]d\" 1 2", "2 1")]
    [InlineData("\"%[3]d\" 1 2", "%!d(BADINDEX)")]
    [InlineData("\"%*d|%-*d|%.*f\" 5 1 5 2 2 3.14159", "    1|2    |3.14")]
    [InlineData("\"%s\" nil", "%!s(<nil>)")]
    [InlineData("\"%v|%d|%s|%q\" (stringSlice \"a\" \"b\") (list 1 2) (list \"x\" 1) (stringSlice \"a\" \"b\")", "[a b]|[1 2]|[x %!s(int=1)]|[\"a\" \"b\"]")]
    [InlineData("\"%v %+v\" (dict \"b\" 1 \"a\" \"x\") (dict)", "map[a:x b:1] map[]")]
    [InlineData("\"%#v %#v %#v\" \"a\" (stringSlice \"a\") 1", "\"a\" []string{\"a\"} 1")]
    [InlineData("\"%05s|%5.1f|%x\" \"ab\" 2.25 3.0", "000ab|  2.2|0x1.8p+01")]
    [InlineData("\"%v %.3v %8.3f\" 1e21 3.14159 -0.0005", "1e+21 3.14   -0.001")]
    public void Printf_prints_as_go_does(string arguments, string output) => Assert.Equal(output, Expand($"{{{{ printf {arguments} }}}}"));

    [Fact]
    public void Infinities_and_nan_print_by_name()
    {
        Assert.Equal("+Inf", Expand("{{ . }}", double.PositiveInfinity));
        Assert.Equal("-Inf", Expand("{{ . }}", double.NegativeInfinity));
        Assert.Equal("  NaN +Inf", Expand("{{ printf \"%5.2f %f\" .a .b }}", Map(("a", double.NaN), ("b", double.PositiveInfinity))));
    }

    [Fact]
    public void Durations_and_times_print_as_text()
    {
        Assert.Equal("1h2m3.5s 1.5ms 2µs 0s -1m0s", string.Join(' ', new[] { 3_723_500_000_000, 1_500_000, 2_000, 0, -60_000_000_000 }.Select(Time.GoDurationText.Of)));
        Assert.Equal("2023-11-14 22:13:20 +0000 UTC", Expand("{{ now }}"));
        Assert.Equal("1h0m0s 3600000000000", Expand("{{ $d := now.Sub (now.Add -3600000000000) }}{{ $d }} {{ printf \"%d\" $d }}"));
    }

    [Fact]
    public void Shortest_floats_read_back_the_same() => Gen.Double.Sample(value =>
    {
        if (double.IsFinite(value))
            Assert.Equal(value, double.Parse(Printing.GoFloatFormat.Format(value, 'e', -1), System.Globalization.CultureInfo.InvariantCulture));
    });

    [Fact]
    public void Seventeen_digits_read_back_the_same_in_every_form() => Gen.Double[-1e15, 1e15].Sample(value =>
    {
        foreach (var (verb, precision) in new[] { ('e', 16), ('g', 17) })
            Assert.Equal(value, double.Parse(Printing.GoFloatFormat.Format(value, verb, precision), System.Globalization.CultureInfo.InvariantCulture));
    });
}

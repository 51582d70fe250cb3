using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Model.Tests.Text;

public class GoJsonTextTests
{
    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("plain ü 世 🔥", "\"plain ü 世 🔥\"")]
    [InlineData("a\"b\\c\n\t\r\b\f\u0001", "\"a\\\"b\\\\c\\n\\t\\r\\b\\f\\u0001\"")]
    [InlineData("<a & b>\u2028\u2029\u007f", "\"\\u003ca \\u0026 b\\u003e\\u2028\\u2029\u007f\"")]
    public void Texts_are_quoted_as_Go_quotes_them(string text, string json) => Assert.Equal(json, GoJsonText.AppendQuoted(new StringBuilder(), text).ToString());

    /// <summary>Not a case of the theory: attributes cannot hold it.</summary>
    [Fact]
    public void What_is_no_UTF_8_becomes_a_replacement() => Assert.Equal("\"broken \\ufffd pair\"", GoJsonText.AppendQuoted(new StringBuilder(), "broken \ud800 pair").ToString());

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1.5, "1.5")]
    [InlineData(-3e20, "-300000000000000000000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1.5e-7, "1.5e-7")]
    [InlineData(2e-12, "2e-12")]
    public void Numbers_are_written_as_Go_writes_them(double number, string json) => Assert.Equal(json, GoJsonText.OfNumber(number));
}

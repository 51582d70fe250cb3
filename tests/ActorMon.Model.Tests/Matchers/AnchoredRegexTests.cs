using System.Text;
using System.Text.RegularExpressions;
using ActorMon.Model.Matchers;
using ActorMon.Model.Text;

namespace ActorMon.Model.Tests.Matchers;

public sealed class AnchoredRegexTests
{
    [Theory]
    [InlineData("(foo", "missing closing ): `(foo`")]
    [InlineData("foo)", "unexpected ): `foo)`")]
    [InlineData("[a", "missing closing ]: `[a`")]
    [InlineData("x[a\\]", "missing closing ]: `[a\\]`")]
    [InlineData("[z-a]", "invalid character class range: `z-a`")]
    [InlineData("[[:nope:]]", "invalid character class range: `[:nope:]`")]
    [InlineData("\\p{Nope}", "invalid character class range: `\\p{Nope}`")]
    [InlineData("\\pX", "invalid character class range: `\\pX`")]
    [InlineData("*a", "missing argument to repetition operator: `*`")]
    [InlineData("a|*", "missing argument to repetition operator: `*`")]
    [InlineData("(+)", "missing argument to repetition operator: `+`")]
    [InlineData("a**", "invalid nested repetition operator: `**`")]
    [InlineData("a*+", "invalid nested repetition operator: `*+`")]
    [InlineData("a??+", "invalid nested repetition operator: `??+`")]
    [InlineData("a{2}{3}", "invalid nested repetition operator: `{2}{3}`")]
    [InlineData("a{1001}", "invalid repeat count: `{1001}`")]
    [InlineData("a{3,2}", "invalid repeat count: `{3,2}`")]
    [InlineData("(a{100}){100}", "invalid repeat count: `{100}`")]
    [InlineData("a\\", "trailing backslash at end of expression: ``")]
    [InlineData("\\1", "invalid escape sequence: `\\1`")]
    [InlineData("\\C", "invalid escape sequence: `\\C`")]
    [InlineData("\\Z", "invalid escape sequence: `\\Z`")]
    [InlineData("\\x{110000}", "invalid escape sequence: `\\x{110000`")]
    [InlineData("(?=a)", "invalid or unsupported Perl syntax: `(?=`")]
    [InlineData("(?!a)", "invalid or unsupported Perl syntax: `(?!`")]
    [InlineData("(?i-)", "invalid or unsupported Perl syntax: `(?i-)`")]
    [InlineData("(?P=n)", "invalid or unsupported Perl syntax: `(?P`")]
    [InlineData("(?P<n-1>a)", "invalid named capture: `(?P<n-1>`")]
    [InlineData("(?P<n", "invalid named capture: `(?P<n`")]
    [InlineData("(?<=a)b", "invalid named capture: `(?<=a)b`")]
    public void A_pattern_that_is_not_RE2_is_refused_in_the_words_of_Go(string pattern, string error)
    {
        var thrown = Assert.Throws<FormatException>(() => AnchoredRegex.Parse(pattern));
        Assert.Equal("error parsing regexp: " + error, thrown.Message);
    }

    [Fact]
    public void Invalid_UTF8_in_a_pattern_is_refused() =>
        Assert.StartsWith("error parsing regexp: invalid UTF-8", Assert.Throws<FormatException>(() => AnchoredRegex.Parse("a\uDCFE")).Message, StringComparison.Ordinal);

    [Fact]
    public void Relabelling_patterns_show_their_anchors_in_errors() =>
        Assert.Equal("error parsing regexp: missing closing ]: `[regexp)$`", Assert.Throws<FormatException>(() => AnchoredRegex.ParseWithAnchors("[regexp")).Message);

    [Fact]
    public void Nesting_is_bounded()
    {
        var deep = new string('(', 5000) + new string(')', 5000);
        Assert.Contains("expression nests too deeply", Assert.Throws<FormatException>(() => AnchoredRegex.Parse(deep)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"\d+\.\d{1,3}", "10.25", true)]
    [InlineData(@"\d+", "٣", false)]
    [InlineData(@"\w+", "é", false)]
    [InlineData(@"\s", "\u00A0", false)]
    [InlineData(@"[[:alpha:]_]+", "aZ_", true)]
    [InlineData(@"[^[:^digit:]]+", "123", true)]
    [InlineData(@"\pL+", "aéЖ𝒳", true)]
    [InlineData(@"\PL", "1", true)]
    [InlineData(@"\p{Greek}+", "αβγ", true)]
    [InlineData(@"\p{^Greek}", "a", true)]
    [InlineData(@"\p{Han}{2}", "花火", true)]
    [InlineData(@"\p{old_italic}", "\U00010300", true)]
    [InlineData(@"[^\p{Lu}]", "a", true)]
    [InlineData(@"\Qa.b*\E+c", "a.b**c", true)]
    [InlineData(@"\Qa.b", "a.b", true)]
    [InlineData(@"\x41\x{1F600}\101\t", "A😀A\t", true)]
    [InlineData(@"\Aab\z", "ab", true)]
    [InlineData(@"a{,2}", "a{,2}", true)]
    [InlineData(@"a{2", "a{2", true)]
    [InlineData(@"[]a]+", "]a", true)]
    [InlineData(@"[a-]+", "-a", true)]
    [InlineData(@"[\d-z]+", "1-z", true)]
    [InlineData(@"(?-s)a.b", "a\nb", false)]
    [InlineData(@"a.b", "a\nb", true)]
    [InlineData(@"(?m)a$\n^b", "a\nb", true)]
    [InlineData(@"a$\nb", "a\nb", false)]
    [InlineData(@"(?i)straße", "STRAẞE", true)]
    [InlineData(@"(?i)[k-l]+", "KlK", true)]
    [InlineData(@"(?i)σ+", "Σςσ", true)]
    [InlineData(@"(?i)i", "ı", false)]
    [InlineData(@"(?i)i", "İ", false)]
    [InlineData(@"(?i:a)b", "Ab", true)]
    [InlineData(@"(?i:a)b", "AB", false)]
    [InlineData(@"(?i)a(?-i)b", "AB", false)]
    [InlineData(@"((?i)a)b", "AB", false)]
    [InlineData(@"\bab\b.*", "ab cd", true)]
    [InlineData(@"a.c", "a😀c", true)]
    [InlineData(@"a..c", "a😀c", false)]
    [InlineData(@"[^a]", "😀", true)]
    [InlineData(@"[😀-😂]", "😁", true)]
    [InlineData(@"[😀-😂]", "😃", false)]
    [InlineData(@"[a-\x{10FFFF}]", "\U0010FFFF", true)]
    [InlineData(@".+.+", "😀", false)]
    [InlineData(@"a.+", "a", false)]
    [InlineData(@".*a(b|c)?.*", "xxa", true)]
    [InlineData(@"(foo|foobar).+", "foo", false)]
    [InlineData(@"(foo|foobar).+bar", "foobarbar", true)]
    [InlineData(@".*(ab|a).*bc", "abc", true)]
    [InlineData(@".*ſ.*(?i:k)", "ſK", true)]
    [InlineData(@"[^\x00-\x{10FFFF}]", "", false)]
    [InlineData(@"", "", true)]
    [InlineData(@"|a", "", true)]
    [InlineData(@"()", "", true)]
    [InlineData(@"a|b|", "b", true)]
    public void It_matches_whole_values_as_RE2_does(string pattern, string value, bool matches) => Assert.Equal(matches, AnchoredRegex.Parse(pattern).IsMatch(value));

    [Fact]
    public void An_invalid_byte_is_one_character()
    {
        var value = ByteText.Decode([0xFE, (byte)'a', 0xFF]);
        Assert.True(AnchoredRegex.Parse(".a.").IsMatch(value));
        Assert.True(AnchoredRegex.Parse("[^b]a[^b]").IsMatch(value));
        Assert.False(AnchoredRegex.Parse("a.?").IsMatch(value));
        Assert.False(AnchoredRegex.Parse("[a-z]+").IsMatch(value));
    }

    [Fact]
    public void Sets_prefixes_and_catch_alls_are_known_before_matching()
    {
        Assert.Equal(["GET", "POST"], AnchoredRegex.Parse("GET|POST").SetMatches);
        Assert.Null(AnchoredRegex.Parse("GET|").SetMatches);
        Assert.Null(AnchoredRegex.Parse("GET.*").SetMatches);
        Assert.Equal("GET", AnchoredRegex.Parse("GET.*").Prefix);
        Assert.Equal("GET", AnchoredRegex.Parse("GET[0-9]+x").Prefix);
        Assert.Equal("", AnchoredRegex.Parse("(?i)GET.*").Prefix);
        Assert.True(AnchoredRegex.Parse("^(.*)$").MatchesEverything);
        Assert.False(AnchoredRegex.Parse(".+").MatchesEverything);
    }

    [Fact]
    public void A_long_alternation_is_one_set()
    {
        var values = Enumerable.Range(0, 5000).Select(i => $"value-{i}").ToArray();
        var regex = AnchoredRegex.Parse(string.Join('|', values));
        Assert.Equal(values, regex.SetMatches);
        Assert.True(regex.IsMatch("value-4999"));
        Assert.False(regex.IsMatch("value-5000"));
    }

    [Theory]
    [InlineData("f(.*)", "foo", "ch$1-ch${1}", "choo-choo")]
    [InlineData("f(.*)", "foo", "$1x", "")]
    [InlineData("(?P<head>f)(?<tail>.*)", "foo", "${tail}${head}$tail", "oofoo")]
    [InlineData("(a)|(b)", "b", "[$1|$2|$3]", "[|b|]")]
    [InlineData("(.*)", "abc", "$1$0$2", "abcabc")]
    [InlineData("a.c", "abc", "<$0>$$", "<abc>$")]
    [InlineData("a", "a", "$ ${ ${} ${a-b} $", "$ ${ ${} ${a-b} $")]
    [InlineData("(a)", "a", "$01", "")]
    [InlineData("([^:]+)(?::\\d+)?;(\\d+)", "host:80;9090", "$1:$2", "host:9090")]
    [InlineData("(.+?)-?(\\d*)", "web-12", "$1/$2", "web/12")]
    [InlineData("(?:(a)|b)*", "ab", "$1", "a")]
    [InlineData("(😀.)x", "😀éx", "$1", "😀é")]
    public void Templates_expand_as_in_Go(string pattern, string value, string template, string expected)
    {
        Assert.True(AnchoredRegex.Parse(pattern).TryExpand(value, template, out var result));
        Assert.Equal(expected, result);
    }

    [Fact]
    public void Nothing_is_expanded_without_a_match()
    {
        Assert.False(AnchoredRegex.Parse("a(b)").TryExpand("ac", "$1", out _));
        Assert.False(AnchoredRegex.Parse("ab").TryExpand("ac", "x", out _));
    }

    [Fact]
    public void Random_patterns_agree_with_the_platforms_own_engine()
    {
        // Patterns of the dialect that both share, over a small alphabet, so that matches are frequent.
        var random = new Random(20251);
        for (var i = 0; i < 3000; i++)
        {
            var pattern = RandomPattern(random, 3);
            var ours = AnchoredRegex.Parse(pattern);
            var theirs = new Regex($"\\A(?s:{pattern})\\z", RegexOptions.CultureInvariant);
            for (var j = 0; j < 12; j++)
            {
                var value = RandomValue(random);
                Assert.True(ours.IsMatch(value) == theirs.IsMatch(value), $"{pattern} on '{value}': ours {ours.IsMatch(value)}");
            }
        }
    }

    private static string RandomValue(Random random)
    {
        var text = new StringBuilder();
        for (var length = random.Next(6); length > 0; length--)
            text.Append("abAB-\n"[random.Next(6)]);
        return text.ToString();
    }

    private static string RandomPattern(Random random, int depth)
    {
        string[] leaves = ["a", "b", "ab", "-", ".", ".*", ".+", "[ab]", "[^a]", "a?", "(?i:a)", "(?i:ab)", "", "b{1,2}", "\\n"];
        if (depth == 0 || random.Next(4) == 0)
            return leaves[random.Next(leaves.Length)];
        return random.Next(6) switch
        {
            0 => $"({RandomPattern(random, depth - 1)}|{RandomPattern(random, depth - 1)})",
            1 => $"(?:{RandomPattern(random, depth - 1)})?",
            2 => $"({RandomPattern(random, depth - 1)})*",
            _ => RandomPattern(random, depth - 1) + RandomPattern(random, depth - 1),
        };
    }
}

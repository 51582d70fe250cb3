using ActorMon.Alerting.Matchers;
using CsCheck;

namespace ActorMon.Alerting.Tests;

public class MatcherFuzzTests
{
    private static readonly Gen<string> Text = Gen.Char["ab{}=!~,\\\"'` n\n🙂"].Array[0, 24].Select(chars => new string(chars));

    [Fact]
    public void Any_text_parses_or_is_refused_with_a_reason() => Text.Sample(text =>
    {
        foreach (var syntax in Enum.GetValues<MatcherSyntax>())
        {
            var parsed = MatcherParser.ParseList(text, syntax);
            Assert.True(parsed.Error is null || (parsed.Error.Length > 0 && parsed.Matchers.Count == 0));
            _ = MatcherParser.ParseOne(text, syntax);
        }
    });

    [Fact]
    public void What_was_parsed_prints_so_that_it_parses_again() => Text.Sample(text =>
    {
        var parsed = MatcherParser.ParseList(text, MatcherSyntax.Utf8Strict);
        if (parsed.Error is not null)
            return;
        var set = new MatcherSet(parsed.Matchers);
        Assert.Equal(set, new MatcherSet(MatcherParser.ParseList(set.ToString(), MatcherSyntax.Utf8Strict).Matchers));
    });
}

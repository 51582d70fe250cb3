using ActorMon.Http.Proxies;

namespace ActorMon.Http.Tests;

public sealed class NoProxyRulesTests
{
    [Theory]
    [InlineData("", "localhost", 80, true)]
    [InlineData("", "127.0.0.1", 80, true)]
    [InlineData("", "127.3.4.5", 80, true)]
    [InlineData("", "[::1]", 80, true)]
    [InlineData("", "example.com", 80, false)]
    [InlineData("*", "example.com", 80, true)]
    [InlineData("foo, * ", "example.com", 80, true)]
    [InlineData("example.com", "example.com", 80, true)]
    [InlineData("example.com", "EXAMPLE.com", 80, true)]
    [InlineData("Example.COM", "a.example.com", 80, true)]
    [InlineData("example.com", "badexample.com", 80, false)]
    [InlineData(".example.com", "example.com", 80, false)]
    [InlineData(".example.com", "a.example.com", 80, true)]
    [InlineData("*.example.com", "a.b.example.com", 80, true)]
    [InlineData("*.example.com", "example.com", 80, false)]
    [InlineData("example.com:8080", "example.com", 8080, true)]
    [InlineData("example.com:8080", "example.com", 80, false)]
    [InlineData("example.com:http", "example.com", 80, false)]
    [InlineData("10.0.0.1", "10.0.0.1", 80, true)]
    [InlineData("10.0.0.1:80", "10.0.0.1", 80, true)]
    [InlineData("10.0.0.1:80", "10.0.0.1", 81, false)]
    [InlineData("10.0.0.0/8", "10.255.1.2", 80, true)]
    [InlineData("10.1.2.3/8", "10.255.1.2", 80, true)]
    [InlineData("10.0.0.0/30", "10.0.0.4", 80, false)]
    [InlineData("10.0.0.0/33", "10.0.0.0", 80, false)]
    [InlineData("0.0.0.0/0", "8.8.8.8", 80, true)]
    [InlineData("10.0.0.0/8", "name.with.10.0.0.1", 80, false)]
    [InlineData("2001:db8::1", "2001:db8::1", 80, true)]
    [InlineData("[2001:db8::1]:443", "[2001:db8::1]", 443, true)]
    [InlineData("[2001:db8::1]:443", "2001:db8::1", 80, false)]
    [InlineData("2001:db8::/32", "2001:db8:1::5", 80, true)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", 80, true)]
    [InlineData(",, ,", "example.com", 80, false)]
    public void A_host_goes_direct_when_a_rule_names_it(string rules, string host, int port, bool direct) =>
        Assert.Equal(direct, NoProxyRules.Parse(rules).GoesDirect(host, port));

    [Fact]
    public void Any_text_is_a_list_of_rules() => CsCheck.Check.Sample(
        CsCheck.Gen.Select(CsCheck.Gen.String[CsCheck.Gen.Char["*.:/,[]a1 %"], 0, 20], CsCheck.Gen.String[CsCheck.Gen.Char[".:[]a1%"], 0, 10]),
        (rules, host) => { NoProxyRules.Parse(rules).GoesDirect(host, 80); });
}

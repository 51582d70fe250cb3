using ActorMon.Configuration.Sections;
using ActorMon.Configuration.Units;

namespace ActorMon.Configuration.Tests.Units;

public sealed class UnitsTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("15MB", 15L << 20)]
    [InlineData("15MiB", 15L << 20)]
    [InlineData("1.5KB", 1536)]
    [InlineData("1GB512MB", 1536L << 20)]
    [InlineData("-1GB", -(1L << 30))]
    [InlineData("7B", 7)]
    public void Sizes_read_as_powers_of_two(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var size, out _));
        Assert.Equal(bytes, size);
    }

    [Theory]
    [InlineData("100", "units: unknown unit  in 100")]
    [InlineData("1ZB", "units: unknown unit ZB in 1ZB")]
    [InlineData("1kb", "units: unknown unit kb in 1kb")]
    [InlineData("", "units: invalid ")]
    [InlineData("MB", "units: invalid MB")]
    [InlineData("99EB", "units: invalid 99EB")]
    public void Sizes_of_another_form_are_refused(string text, string problem)
    {
        Assert.False(ByteSize.TryParse(text, out _, out var said));
        Assert.Equal(problem, said);
    }

    [Fact]
    public void Every_printed_size_reads_back()
    {
        var random = new Random(8);
        for (var i = 0; i < 2_000; i++)
        {
            // Beyond 2^53 the sum of the parts is rounded, in the peers too.
            var size = random.NextInt64(1L << random.Next(1, 53));
            Assert.True(ByteSize.TryParse(ByteSize.Format(size), out var again, out _), ByteSize.Format(size));
            Assert.Equal(size, again);
        }
    }

    [Theory]
    [InlineData("http://a:80/x?y=1#z", "http", "a:80")]
    [InlineData("HTTP://u:p@[::1]:80", "http", "[::1]:80")]
    [InlineData("localhost:9090", "localhost", "")]
    [InlineData("/only/a/path", "", "")]
    [InlineData("unix:///var/run/docker.sock", "unix", "")]
    [InlineData("", "", "")]
    public void Urls_read_as_loosely_as_in_the_peers(string text, string scheme, string host)
    {
        Assert.True(PeerUrl.TryParse(text, out var url, out var problem), problem);
        Assert.Equal(new PeerUrl(scheme, host), url);
    }

    [Theory]
    [InlineData("://x", "missing protocol scheme")]
    [InlineData("127.0.0.1:9090", "first path segment in URL cannot contain colon")]
    [InlineData("http://a:b", "invalid port \":b\" after host")]
    [InlineData("http://a b", "invalid character \" \" in host name")]
    [InlineData("http://[::1", "missing ']' in host")]
    [InlineData("http://a/%zz", "invalid URL escape \"%zz\"")]
    [InlineData("http://a\u0001", "net/url: invalid control character in URL")]
    public void Urls_the_peers_refuse_are_refused(string text, string problem)
    {
        Assert.False(PeerUrl.TryParse(text, out _, out var said));
        Assert.EndsWith(problem, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://u:geheim@h/p?q", "http://u:xxxxx@h/p?q")]
    [InlineData("http://u@h/p", "http://u@h/p")]
    [InlineData("http://h:80/a:b@c", "http://h:80/a:b@c")]
    public void Passwords_in_urls_are_never_shown(string url, string shown) => Assert.Equal(shown, PeerUrl.Redact(url));

    [Theory]
    [InlineData("$A-${B}", "1-2")]
    [InlineData("$$A", "$A")]
    [InlineData("a$", "a$")]
    [InlineData("${", "")]
    [InlineData("${}x", "x")]
    [InlineData("$ x", "$ x")]
    [InlineData("plain", "plain")]
    public void Environment_variables_expand_as_in_go(string text, string expanded) =>
        Assert.Equal(expanded, EnvironmentExpansion.Expand(text, name => name switch { "A" => "1", "B" => "2", _ => "" }));

    [Theory]
    [InlineData("*.yml", "a.yml", true)]
    [InlineData("a*b*c", "axxbyyc", true)]
    [InlineData("a*b*c", "axxbyy", false)]
    [InlineData("?.y[a-m]l", "x.yml", true)]
    [InlineData("[^a].yml", "a.yml", false)]
    [InlineData("\\*.yml", "*.yml", true)]
    [InlineData("*", "", true)]
    public void Globs_match_one_segment(string pattern, string name, bool matches) => Assert.Equal(matches, GlobPattern.IsMatch(pattern, name));

    [Theory]
    [InlineData("5s", 5)]
    [InlineData("1m30s", 90)]
    [InlineData("1.5s", 1.5)]
    [InlineData("2000000000", 2)]
    public void Go_durations_read(string text, double seconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }
}

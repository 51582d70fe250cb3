using ActorMon.Host.CommandLine;
using ActorMon.Host.Node;

namespace ActorMon.Host.Tests.Node;

public sealed class NodeOptionsTests
{
    [Theory]
    [InlineData("127.0.0.1:9090", "127.0.0.1:9090")]
    [InlineData(":9090", "0.0.0.0:9090")]
    [InlineData("localhost:80", "127.0.0.1:80")]
    [InlineData("[::1]:9090", "[::1]:9090")]
    public void An_address_is_host_and_port(string text, string endpoint) => Assert.Equal(endpoint, NodeOptions.ParseEndpoint(text)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("9090")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:70000")]
    [InlineData("::1:9090")]
    [InlineData("[::1]")]
    [InlineData("http://127.0.0.1:9090")]
    [InlineData("no such host:80")]
    public void Other_texts_are_not_addresses(string text) => Assert.Null(NodeOptions.ParseEndpoint(text));

    [Fact]
    public void Every_listen_address_is_taken() =>
        Assert.Equal(["127.0.0.1:1", "127.0.0.2:2"], Options("--web.listen-address=127.0.0.1:1", "--web.listen-address=127.0.0.2:2").ListenAddresses.Select(a => a.ToString()));

    [Theory]
    [InlineData("", "http://localhost:9090/", new string[0])]
    [InlineData("/prom", "https://example.com/prom/", new[] { "--web.external-url=https://example.com/prom/" })]
    [InlineData("", "https://example.com/prom/", new[] { "--web.external-url=https://example.com/prom/", "--web.route-prefix=/" })]
    [InlineData("/a/b", "http://localhost:9090/", new[] { "--web.route-prefix=a/b/" })]
    public void The_route_prefix_is_the_external_path_unless_it_is_given(string prefix, string url, string[] arguments)
    {
        var options = Options(arguments);
        Assert.Equal(prefix, options.RoutePrefix);
        Assert.Equal(new Uri(url), options.ExternalUrl);
    }

    [Fact]
    public void Features_may_be_listed_and_repeated() =>
        Assert.Equal(["a", "b", "c"], Options("--enable-feature=a, b", "--enable-feature=c").Features.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(null)]
    [InlineData(null, "--no-config.auto-reload", "--config.auto-reload-interval=5s")]
    [InlineData(30, "--config.auto-reload")]
    [InlineData(5, "--config.auto-reload", "--config.auto-reload-interval=5s")]
    [InlineData(5, "--config.auto-reload-interval=5s")]
    [InlineData(30, "--enable-feature=auto-reload-config")]
    public void Auto_reload_is_asked_for_by_switch_interval_or_feature(int? seconds, params string[] arguments) =>
        Assert.Equal(seconds, (int?)Options(arguments).AutoReloadInterval?.TotalSeconds);

    [Theory]
    [InlineData("'--web.listen-address': \"nonsense\" is not host:port", "--web.listen-address=nonsense")]
    [InlineData("'--cluster.listen-address': \"x\" is not host:port", "--cluster.listen-address=x")]
    [InlineData("'--cluster.seed-nodes': \"b\" is not host:port", "--cluster.seed-nodes=a:1,b")]
    [InlineData("'--cluster.zone': ", "--cluster.zone=a\"b")]
    [InlineData("'--web.external-url': \"ftp://x\" is not a URL", "--web.external-url=ftp://x")]
    [InlineData("'--web.cors.origin': ", "--web.cors.origin=(")]
    [InlineData("'--enable-feature': otlp-deltatocumulative and otlp-native-delta-ingestion exclude", "--enable-feature=otlp-deltatocumulative,otlp-native-delta-ingestion")]
    public void What_is_wrong_is_named_with_its_flag(string error, string argument)
    {
        var (options, text) = From(argument);
        Assert.Null(options);
        Assert.StartsWith("flag " + error, text, StringComparison.Ordinal);
    }

    private static NodeOptions Options(params string[] arguments)
    {
        var (options, error) = From(arguments);
        Assert.Null(error);
        return options!;
    }

    private static (NodeOptions? Options, string? Error) From(params string[] arguments) =>
        NodeOptions.From(Assert.IsType<CommandLineResult.Run>(CommandLineParser.Parse(arguments)).Flags);
}

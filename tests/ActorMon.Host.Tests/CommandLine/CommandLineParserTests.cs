using ActorMon.Host.CommandLine;

namespace ActorMon.Host.Tests.CommandLine;

public sealed class CommandLineParserTests
{
    [Theory]
    [InlineData("--query.timeout=10s")]
    [InlineData("--query.timeout", "10s")]
    [InlineData("--query.timeout=1m", "--query.timeout=10s")]
    public void A_value_follows_an_equals_sign_or_is_the_next_argument_and_the_last_one_counts(params string[] arguments) =>
        Assert.Equal(TimeSpan.FromSeconds(10), Flags(arguments).Duration("query.timeout"));

    [Theory]
    [InlineData(true, "--web.enable-lifecycle")]
    [InlineData(true, "--web.enable-lifecycle=true")]
    [InlineData(false, "--web.enable-lifecycle=false")]
    [InlineData(false, "--no-web.enable-lifecycle")]
    [InlineData(true, "--no-web.enable-lifecycle", "--web.enable-lifecycle")]
    public void A_switch_is_on_off_or_negated(bool on, params string[] arguments) => Assert.Equal(on, Flags(arguments).Switch("web.enable-lifecycle"));

    [Fact]
    public void A_switch_does_not_take_the_next_argument() => Assert.Contains("unexpected false", Error("--web.enable-lifecycle", "false"), StringComparison.Ordinal);

    [Fact]
    public void A_repeatable_flag_keeps_every_value() =>
        Assert.Equal(["127.0.0.1:1", "127.0.0.1:2"], Flags("--web.listen-address=127.0.0.1:1", "--web.listen-address", "127.0.0.1:2").List("web.listen-address"));

    [Fact]
    public void The_short_name_of_the_storage_path_is_the_long_one() => Assert.Equal("/x", Flags("--storage.path=/x").Text("storage.tsdb.path"));

    [Fact]
    public void A_hidden_flag_is_taken() => Assert.Equal("240", Flags("--storage.tsdb.samples-per-chunk=240").Text("storage.tsdb.samples-per-chunk"));

    [Theory]
    [InlineData("unknown long flag '--no.such.flag'", "--no.such.flag=1")]
    [InlineData("unknown long flag '--no-query.timeout'", "--no-query.timeout")]
    [InlineData("unexpected word", "word")]
    [InlineData("unexpected -x", "-x")]
    [InlineData("expected argument for flag '--config.file'", "--config.file")]
    [InlineData("flag '--query.timeout': unknown unit", "--query.timeout=5x")]
    [InlineData("flag '--query.timeout': empty duration string", "--query.timeout=")]
    [InlineData("flag '--query.timeout': 0s is not at least 1ms", "--query.timeout=0s")]
    [InlineData("flag '--query.max-concurrency': \"many\" is not a whole number", "--query.max-concurrency=many")]
    [InlineData("flag '--query.max-concurrency': 0 is not in 1..100000", "--query.max-concurrency=0")]
    [InlineData("flag '--web.max-connections': -1 is not at least 1", "--web.max-connections=-1")]
    [InlineData("flag '--storage.tsdb.wal-sync': \"never\" is not one of interval, always", "--storage.tsdb.wal-sync=never")]
    [InlineData("flag '--storage.tsdb.wal-segment-size': 1KB is not in 10MiB..256MiB", "--storage.tsdb.wal-segment-size=1KB")]
    [InlineData("flag '--storage.tsdb.retention.size': ", "--storage.tsdb.retention.size=lots")]
    [InlineData("flag '--web.enable-lifecycle': \"yes\" is not true or false", "--web.enable-lifecycle=yes")]
    [InlineData("flag '--log.level': \"loud\" is not one of debug, info, warn, error", "--log.level=loud")]
    [InlineData("flag '--log.format': \"xml\" is not one of logfmt, json", "--log.format=xml")]
    public void A_wrong_argument_is_named(string error, params string[] arguments) => Assert.StartsWith(error, Error(arguments), StringComparison.Ordinal);

    [Fact]
    public void Limits_beyond_32_bits_are_taken() => Assert.Equal(5_000_000_000, Flags("--query.max-samples=5000000000").Integer("query.max-samples"));

    [Fact]
    public void Version_and_help_win_over_what_follows_them()
    {
        Assert.IsType<CommandLineResult.ShowVersion>(CommandLineParser.Parse(["--version", "--bogus"]));
        Assert.IsType<CommandLineResult.ShowHelp>(CommandLineParser.Parse(["-h"]));
        Assert.IsType<CommandLineResult.ShowHelp>(CommandLineParser.Parse(["--config.file=x", "--help"]));
    }

    [Fact]
    public void Effective_values_hold_each_flag_once_and_no_alias()
    {
        var values = Flags("--storage.path=/x", "--enable-feature=a", "--enable-feature=b").Effective().ToDictionary();
        Assert.Equal("/x", values["storage.tsdb.path"]);
        Assert.Equal("a,b", values["enable-feature"]);
        Assert.DoesNotContain("storage.path", values.Keys);
    }

    private static FlagValues Flags(params string[] arguments) => Assert.IsType<CommandLineResult.Run>(CommandLineParser.Parse(arguments)).Flags;

    private static string Error(params string[] arguments) => Assert.IsType<CommandLineResult.Invalid>(CommandLineParser.Parse(arguments)).Error;
}

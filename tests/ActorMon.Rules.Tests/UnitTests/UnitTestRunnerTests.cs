using ActorMon.Model.Samples;
using ActorMon.Rules.Files;
using ActorMon.Rules.Tests.Support;
using ActorMon.Rules.UnitTests;

namespace ActorMon.Rules.Tests.UnitTests;

public sealed class UnitTestRunnerTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Rules_run_from_the_start_and_see_no_sample_of_their_future()
    {
        var test = new UnitTest
        {
            Interval = Minute,
            Start = new TimestampMs(1_000_000),
            Input = [new InputSeries("in", "1 2 3")],
            Expressions = [Expect("early", 0, "early", 1), Expect("early", 2, "early", 3), Expect("timestamp(early)", 2, "", 1000 + 120)],
        };
        Assert.Empty(await RunAsync(test, RuleBench.Record("early", "count_over_time(in[10m] @ 1120)")));
    }

    [Fact]
    public async Task Alerts_are_compared_with_the_evaluation_at_or_before_their_time()
    {
        var test = new UnitTest
        {
            Interval = Minute,
            Input = [new InputSeries("up", "0x5 1x5")],
            Alerts = [Alerts(1.5, "A"), Alerts(2.5, "A", ["instance", "x"]), Alerts(6, "A")],
        };
        var failures = await RunAsync(test, RuleBench.Alert("A", "up == 0", forSeconds: 120));
        var differ = Assert.IsType<AlertsDiffer>(Assert.Single(failures));
        Assert.Equal(TimeSpan.FromMinutes(2.5), differ.At);
        Assert.Equal("A", Assert.Single(differ.Got).Labels.Get("alertname"));
        Assert.Equal("x", Assert.Single(differ.Expected).Labels.Get("instance"));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task Values_are_compared_exactly_or_to_the_last_bit(bool fuzzy, int failures)
    {
        var test = new UnitTest { Interval = Minute, Input = [new InputSeries("x", "2.9999999999999996")], Expressions = [Expect("x", 0, "x", 3)] };
        Assert.Equal(failures, (await new UnitTestRunner(new UnitTestFile([], Minute, [], fuzzy, [test]), [], RuleBench.Checks).RunAsync(test, CancellationToken.None)).Failures.Count);
    }

    [Fact]
    public async Task A_rule_that_fails_ends_the_test()
    {
        var test = new UnitTest { Interval = Minute, Input = [new InputSeries("x{a=\"1\"}", "1"), new InputSeries("x{a=\"2\"}", "1")], Expressions = [Expect("nothing", 5, "", 1)] };
        var failed = Assert.IsType<RuleFailed>(Assert.Single(await RunAsync(test, RuleBench.Record("r", "x + on () group_left () x"))));
        Assert.Equal(("r", 0L), (failed.Rule, failed.At.Value));
    }

    [Fact]
    public async Task Broken_tests_say_what_is_wrong()
    {
        var input = new UnitTest { Interval = Minute, Input = [new InputSeries("up{", "1")] };
        Assert.Contains("parse error", Assert.IsType<TestUnusable>(Assert.Single(await RunAsync(input))).Text, StringComparison.Ordinal);
        var name = new UnitTest { Interval = Minute, Name = "n", Alerts = [Alerts(5, "")] };
        Assert.Equal("an item under alert_rule_test misses required attribute alertname at eval_time 5m (in TestGroup n)", Assert.IsType<TestUnusable>(Assert.Single(await RunAsync(name))).Text);
        var labels = new UnitTest { Interval = Minute, Expressions = [Expect("vector(1)", 0, "{", 1), Expect("1 +", 0, "", 1)] };
        Assert.All(await RunAsync(labels), f => Assert.Contains("parse error", Assert.IsType<ExpressionFailed>(f).Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Groups_run_in_the_order_asked_for()
    {
        var first = RuleBench.Section(RuleBench.Record("a", "b")) with { Name = "first" };
        var second = RuleBench.Section(RuleBench.Record("b", "time()")) with { Name = "second" };
        var test = new UnitTest { Interval = Minute, Expressions = [Expect("a", 1, "a", 60)] };
        async Task<int> Failures(params string[] order) => (await new UnitTestRunner(
            new UnitTestFile([], Minute, order, false, [test]), [new RuleFile("f", [first, second])], RuleBench.Checks).RunAsync(test, CancellationToken.None)).Failures.Count;
        Assert.Equal(0, await Failures("second", "first"));
        Assert.Equal(1, await Failures("first", "second"));
    }

    private static ExpressionTest Expect(string expression, double minutes, string labels, double value) =>
        new(expression, TimeSpan.FromMinutes(minutes), [new ExpectedSample(labels, value, "")]);

    private static AlertTest Alerts(double minutes, string name, params string[][] labels) =>
        new(TimeSpan.FromMinutes(minutes), name, [.. labels.Select(l => new ExpectedAlert(new Dictionary<string, string> { [l[0]] = l[1] }, new Dictionary<string, string>()))]);

    private static async Task<IReadOnlyList<UnitTestFailure>> RunAsync(UnitTest test, params RuleSection[] rules)
    {
        var file = new UnitTestFile([], Minute, [], false, [test]);
        return (await new UnitTestRunner(file, [new RuleFile("f.yml", [RuleBench.Section(rules)])], RuleBench.Checks).RunAsync(test, CancellationToken.None)).Failures;
    }
}

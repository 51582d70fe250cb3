using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Inhibition;
using ActorMon.Alerting.Routing;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Tests;

public class RoutingTests
{
    [Fact]
    public void An_explanation_names_the_matcher_that_refused_and_the_sibling_that_stopped_the_search()
    {
        var tree = new RoutingTree(Some.Route("", Some.Route("a=1"), Some.Route("a=2"), Some.Route("b=1")));
        var explained = RouteExplanation.Of(tree, LabelSet.Of("a", "2", "b", "1"));
        Assert.Equal(RouteOutcome.TakenByChildren, explained.Outcome);
        Assert.Equal([RouteOutcome.Refused, RouteOutcome.Chosen, RouteOutcome.NotReached], explained.Children.Select(child => child.Outcome));
        Assert.Equal("a=\"1\"", Assert.Single(explained.Children[0].Refusing).ToString());
        Assert.Same(tree.Root.Routes[1], explained.Children[2].StoppedBy);
    }

    [Fact]
    public void The_explanation_chooses_the_routes_that_match()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var tree = new RoutingTree(RandomRoute(random, 3) with { Matchers = Some.Matchers("") });
            var labels = LabelSet.Of("a", random.Next(3).ToString(), "b", random.Next(3).ToString());
            var chosen = new List<Route>();
            Collect(RouteExplanation.Of(tree, labels), chosen);
            Assert.Equal(tree.Match(labels), chosen);
        }
    }

    [Fact]
    public void A_written_empty_group_by_is_not_inherited_and_times_and_labels_are()
    {
        var tree = new RoutingTree(new RouteSpec
        {
            Receiver = "r",
            GroupBy = ["x"],
            GroupWait = TimeSpan.FromSeconds(1),
            Labels = new Dictionary<string, string> { ["team"] = "a", ["tier"] = "1" },
            MuteTimeIntervals = ["night"],
            Routes = [new RouteSpec { GroupBy = [], Labels = new Dictionary<string, string> { ["team"] = "b" } }, new RouteSpec()],
        });
        var (first, second) = (tree.Root.Routes[0].Options, tree.Root.Routes[1].Options);
        Assert.Empty(first.GroupBy);
        Assert.Equal(["x"], second.GroupBy);
        Assert.Equal(("r", TimeSpan.FromSeconds(1)), (first.Receiver, first.GroupWait));
        Assert.Equal(("b", "1"), (first.Labels["team"], first.Labels["tier"]));
        Assert.Empty(second.MuteTimeIntervals);
    }

    [Fact]
    public void Routes_with_the_same_matchers_share_a_key_but_not_an_id()
    {
        var tree = new RoutingTree(Some.Route("", Some.Route("a=1"), Some.Route("a=1")));
        Assert.Equal(tree.Root.Routes[0].Key, tree.Root.Routes[1].Key);
        Assert.NotEqual(tree.Root.Routes[0].Id, tree.Root.Routes[1].Id);
    }

    [Fact]
    public void What_is_probably_a_mistake_is_warned_about()
    {
        var config = new AlertingConfig
        {
            Route = Some.Route("", Some.Route("a=1"), Some.Route("a=1,b=2")) with { Receiver = "used" },
            Receivers = [new ReceiverSettings("used", new Dictionary<string, string>(), []), new ReceiverSettings("idle", new Dictionary<string, string>(), [])],
            InhibitRules =
            [
                new InhibitRule { Source = Some.Matchers("severity=critical,x=\"\""), Target = Some.Matchers("severity=warning,x=\"\""), Equal = ["x"] },
                new InhibitRule { Source = Some.Matchers("severity=critical"), Target = Some.Matchers("severity=warning"), Equal = ["severity"] },
            ],
        };
        var warnings = AlertingLint.Check(config).Select(warning => warning.Text).ToArray();
        Assert.Equal(4, warnings.Length);
        Assert.Contains("is never reached", warnings[0], StringComparison.Ordinal);
        Assert.Contains("\"idle\" is used by no route", warnings[1], StringComparison.Ordinal);
        Assert.Contains("absent on both sides", warnings[2], StringComparison.Ordinal);
        Assert.Contains("never holds anything back", warnings[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Routes_that_contradict_one_above_are_never_reached_and_do_not_use_their_receivers()
    {
        var config = new AlertingConfig
        {
            Route = Some.Route("", Some.Route("a=1", Some.Route("a=2,b=1", Some.Route("c=1")) with { Receiver = "idle" }), Some.Route("d=1", Some.Route("") with { Receiver = "inner" }) with { Receiver = "taken" })
                with
            { Receiver = "used" },
            Receivers = [.. new[] { "used", "idle", "inner", "taken" }.Select(name => new ReceiverSettings(name, new Dictionary<string, string>(), []))],
        };
        var warnings = AlertingLint.Check(config).Select(warning => warning.Text).ToArray();
        Assert.Equal(
            [
                "route {a=\"2\",b=\"1\"} is never reached: a=\"2\" contradicts a=\"1\"", "receiver \"idle\" is used by no route that an alert can reach",
                "receiver \"taken\" is used by no route that an alert can reach",
            ],
            warnings);
    }

    [Fact]
    public void Alerts_that_are_here_show_which_labels_an_inhibition_takes_for_equal_because_nobody_has_them()
    {
        var config = new AlertingConfig
        {
            Route = Some.Route("") with { Receiver = "used" },
            Receivers = [new ReceiverSettings("used", new Dictionary<string, string>(), [])],
            InhibitRules = [new InhibitRule { Source = Some.Matchers("severity=critical"), Target = Some.Matchers("severity=warning"), Equal = ["cluster", "job"] }],
        };
        Assert.Empty(AlertingLint.Check(config));
        LabelSet[] alerts = [LabelSet.Of("severity", "critical", "job", "x"), LabelSet.Of("severity", "warning")];
        Assert.Contains("label \"cluster\" is absent in", Assert.Single(AlertingLint.Check(config, alerts)).Text, StringComparison.Ordinal);
    }

    private static void Collect(RouteExplanation explanation, List<Route> chosen)
    {
        foreach (var child in explanation.Children)
            Collect(child, chosen);
        if (explanation.Outcome == RouteOutcome.Chosen)
            chosen.Add(explanation.Route);
    }

    private static RouteSpec RandomRoute(Random random, int depth) => new()
    {
        Matchers = Some.Matchers($"{"ab"[random.Next(2)]}=~\"[{random.Next(3)}{random.Next(3)}]\""),
        Continue = random.Next(2) == 0,
        Routes = depth == 0 ? [] : [.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomRoute(random, depth - 1))],
    };
}

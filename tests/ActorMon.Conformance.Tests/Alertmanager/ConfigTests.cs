using System.Text.Json;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Routing;
using ActorMon.Configuration.Alertmanager;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Loading;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Alertmanager;

public sealed class ConfigTests
{
    private const string Minimal = "route: {receiver: r}\nreceivers: [{name: r}]\n";

    private static JsonElement Expected => ConformanceData.Json("alertmanager", "config", "expected.json");

    [ConformanceFact]
    public void Good_files_load()
    {
        var run = new ConformanceRun("alertmanager/config", "good");
        foreach (var file in Directory.GetFiles(ConformanceData.PathOf("alertmanager", "config", "good")).Order(StringComparer.Ordinal))
            run.Case(Path.GetFileName(file), () => Assert.Empty(AlertmanagerConfigLoader.Load(file, new DiskConfigFiles()).Errors));
        run.Finish(24);
    }

    [ConformanceFact]
    public void Bad_files_are_refused_in_the_originals_words()
    {
        var run = new ConformanceRun("alertmanager/config", "bad");
        foreach (var file in Expected.GetProperty("bad").EnumerateObject())
            run.Case(file.Name, () => Expect(file.Value, AlertmanagerConfigLoader.Load(ConformanceData.PathOf("alertmanager", "config", "bad", file.Name), new DiskConfigFiles())));
        run.Finish(26);
    }

    [ConformanceFact]
    public void Documents_load_or_are_refused()
    {
        var run = new ConformanceRun("alertmanager/config", "inline");
        foreach (var @case in Expected.GetProperty("inline").EnumerateArray())
            run.Case(Kit.Text(@case, "name"), () => Expect(@case, Load(Kit.Text(@case, "yaml"))));
        run.Finish(50);
    }

    [ConformanceFact]
    public void Sections_of_integrations_are_checked()
    {
        var run = new ConformanceRun("alertmanager/config", "notifierSections");
        foreach (var @case in Expected.GetProperty("notifierSections").EnumerateArray())
        {
            if (Kit.Text(@case, "name") == "VictorOpsConfiguration")
            {
                run.Skip("the kit joins the section of the original's first sub-test, which it accepts, with the error of its second");
                continue;
            }
            run.Case(Kit.Text(@case, "name"), () =>
            {
                var type = Kit.Text(@case, "section").Replace("Config", "", StringComparison.Ordinal).ToLowerInvariant();
                var section = Kit.Text(@case, "yaml").Trim('\n').Replace("\n", "\n    ", StringComparison.Ordinal);
                var text = $"global: {{smtp_smarthost: 'h:1', smtp_from: f, slack_api_url: 'http://h', victorops_api_key: k}}\nroute: {{receiver: r}}\nreceivers:\n- name: r\n  {type}_configs:\n  - {section}\n";
                Expect(@case, Load(text));
            });
        }
        run.Finish(8);
    }

    [ConformanceFact]
    public void Smarthosts_have_a_host_and_a_port()
    {
        var run = new ConformanceRun("alertmanager/config", "hostPort");
        foreach (var @case in Expected.GetProperty("hostPort").EnumerateArray())
            run.Case(Kit.Text(@case, "in"), () =>
                Assert.Equal(@case.TryGetProperty("err", out _), Load($"global: {{smtp_smarthost: {Kit.Text(@case, "in")}}}\n{Minimal}").Config is null));
        run.Finish(6);
    }

    [ConformanceFact]
    public void Webhook_addresses_may_be_templates()
    {
        var run = new ConformanceRun("alertmanager/config", "secretTemplateUrl");
        foreach (var @case in Expected.GetProperty("secretTemplateUrl").EnumerateArray())
            run.Case(Kit.Text(@case, "name"), () =>
            {
                var result = Load($"route: {{receiver: r}}\nreceivers:\n- name: r\n  webhook_configs:\n  - url: {Kit.Text(@case, "input")}\n");
                if (@case.GetProperty("expectError").GetBoolean())
                    Assert.Contains(result.Errors, e => e.Text.Contains(Kit.Text(@case, "errorMsg"), StringComparison.Ordinal));
                else
                    // An empty address is no wrong address, but a webhook without one is refused for that.
                    Assert.All(result.Errors, e => Assert.Equal("one of url or url_file must be configured", e.Text));
            });
        run.Finish(8);
    }

    [ConformanceFact]
    public void Alerts_are_routed()
    {
        var run = new ConformanceRun("alertmanager/route", "trees");
        foreach (var tree in Kit.File("route.json").GetProperty("trees").EnumerateArray())
        {
            var routes = Tree(Kit.Text(tree, "routeYaml"));
            foreach (var @case in tree.GetProperty("cases").EnumerateArray())
                run.Case($"{Kit.Text(tree, "name")}: {@case.GetProperty("labels")}", () =>
                {
                    var matched = routes.Match(Kit.Labels(@case.GetProperty("labels")));
                    Assert.Equal(@case.GetProperty("routeKeys").EnumerateArray().Select(key => key.GetString()!), matched.Select(route => route.Key));
                    Assert.Equal(@case.GetProperty("expected").EnumerateArray().Select(Shown), matched.Select(route => Shown(route.Options)));
                });
        }
        run.Finish(24);
    }

    [ConformanceFact]
    public void The_tool_names_the_receivers_of_an_alert()
    {
        var run = new ConformanceRun("alertmanager/route", "amtoolRouting");
        foreach (var @case in Kit.File("route.json").GetProperty("amtoolRouting").EnumerateArray())
            run.Case(@case.ToString(), () =>
            {
                var file = "cli-" + Path.GetFileName(Kit.Text(@case, "configFile"));
                var config = AlertmanagerConfigLoader.Load(ConformanceData.PathOf("alertmanager", "config", "good", file), new DiskConfigFiles()).Config!;
                var matched = new RoutingTree(config.Alerting.Route).Match(Kit.Labels(@case.GetProperty("alert")));
                Assert.Equal(@case.GetProperty("expectedReceivers").EnumerateArray().Select(r => r.GetString()!), matched.Select(route => route.Options.Receiver));
            });
        run.Finish(4);
    }

    [ConformanceFact]
    public void Time_intervals_are_read()
    {
        var run = new ConformanceRun("alertmanager/timeinterval", "yaml");
        var data = Kit.File("timeinterval.json");
        foreach (var @case in data.GetProperty("yaml").EnumerateArray())
            run.Case(Kit.Text(@case, "yaml"), () => ExpectIntervals(@case, Kit.Text(@case, "yaml")));
        foreach (var @case in data.GetProperty("complete").EnumerateArray())
            run.Case(Kit.Text(@case, "yaml"), () => ExpectIntervals(@case, "- " + Kit.Text(@case, "yaml").Replace("---", "", StringComparison.Ordinal).Trim('\n').Replace("\n", "\n  ", StringComparison.Ordinal)));
        foreach (var @case in data.GetProperty("timeRange").EnumerateArray())
            run.Case(Kit.Text(@case, "yaml"), () =>
                Assert.Equal(@case.TryGetProperty("error", out _), LoadIntervals($"- times: [{Kit.Text(@case, "yaml")}]").Config is null));
        run.Finish(31);
    }

    private static void ExpectIntervals(JsonElement @case, string yaml)
    {
        var result = LoadIntervals(yaml.Replace("---", "", StringComparison.Ordinal));
        if (@case.TryGetProperty("error", out _))
        {
            Expect(@case, result);
            return;
        }
        Assert.Empty(result.Errors);
        TimeIntervalTests.ExpectMoments(@case, result.Config!.Alerting.TimeIntervals[0].Contains);
    }

    private static AlertmanagerLoadResult LoadIntervals(string yaml) =>
        Load($"{Minimal}time_intervals:\n- name: n\n  time_intervals:\n  {yaml.Trim('\n').Replace("\n", "\n  ", StringComparison.Ordinal)}\n");

    private static RoutingTree Tree(string routeYaml)
    {
        var receivers = string.Concat(new[] { "notify-def", "notify-A", "notify-testing", "notify-productionA", "notify-productionB", "notify-BC" }.Select(name => $"- name: {name}\n"));
        var result = Load($"receivers:\n{receivers}route:\n  {routeYaml.Trim('\n').Replace("\n", "\n  ", StringComparison.Ordinal)}\n");
        Assert.Empty(result.Errors);
        return new RoutingTree(result.Config!.Alerting.Route);
    }

    /// <summary>Loads with classic names and matchers, as the original's tests of its configuration run.</summary>
    private static AlertmanagerLoadResult Load(string text)
    {
        var files = new MemoryConfigFiles();
        files.Write("alertmanager.yml", text);
        return AlertmanagerConfigLoader.Load("alertmanager.yml", files, MatcherSyntax.Classic);
    }

    private static void Expect(JsonElement expected, AlertmanagerLoadResult result)
    {
        if (expected.TryGetProperty("ok", out _) || (expected.TryGetProperty("error", out var none) && none.ValueKind == JsonValueKind.Null))
        {
            Assert.Empty(result.Errors);
            return;
        }
        var part = Kit.Text(expected, "errorContains");
        if (part.Length > 0)
            Assert.Contains(result.Errors, e => e.Text.Contains(part, StringComparison.Ordinal));
        else
            Assert.Contains(Kit.Text(expected, "error"), result.Errors.Select(e => e.Kind == ConfigErrorKind.Shape ? $"yaml: unmarshal errors:\n  line {e.Line}: {e.Text}" : e.Text));
    }

    private static string Shown(JsonElement options) => string.Join('|',
        Kit.Text(options, "Receiver"), string.Join(',', options.GetProperty("GroupBy").EnumerateArray().Select(name => name.GetString()!).Order(StringComparer.Ordinal)),
        options.GetProperty("GroupByAll").GetBoolean(), Kit.Duration(options.GetProperty("GroupWait")), Kit.Duration(options.GetProperty("GroupInterval")),
        Kit.Duration(options.GetProperty("RepeatInterval")));

    private static string Shown(RouteOptions options) => string.Join('|',
        options.Receiver, string.Join(',', options.GroupBy), options.GroupByAll, options.GroupWait, options.GroupInterval, options.RepeatInterval);
}

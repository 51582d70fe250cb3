using System.Globalization;
using System.Net;
using System.Text.Json;

namespace ActorMon.Host.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class RuleFileTests
{
    private const string Configuration = "rule_files: [rules/*.yml]\n";

    [Fact]
    public async Task Rule_files_load_by_their_patterns_and_a_reload_with_a_wrong_one_names_it_and_changes_nothing()
    {
        await using var node = new HostNode(Configuration);
        Write(node, "a.yml", Group("first", "  - {record: one, expr: 1}"));
        Write(node, "b.yml", Group("second", "  - {alert: Always, expr: one > 0, labels: {severity: page}}"));
        await node.StartAsync("--web.enable-lifecycle", "--query.max-samples=50");
        await node.UntilAsync("the recorded series and the alert are there", async () => await node.ResultAsync("one") != "[]" && await node.ResultAsync("ALERTS") != "[]");
        Assert.Equal("first second", await GroupsAsync(node));

        Write(node, "a.yml", Group("first", "  - {record: changed, expr: 2}"));
        Write(node, "c.yml", Group("third", "  - {record: three, expr: 3}\n  - alert: Broken\n    expr: sum(one"));
        Assert.Equal(HttpStatusCode.InternalServerError, await node.StatusAsync(HttpMethod.Post, "/-/reload"));
        Assert.Contains("c.yml: 7:11: group \"third\", rule 2, \"Broken\": could not parse expression: ", node.Text, StringComparison.Ordinal);
        Assert.Equal("0", await node.MetricAsync("prometheus_config_last_reload_successful"));
        Assert.Equal("first second", await GroupsAsync(node));
        // What runs goes on.
        var evaluated = await EvaluationsAsync(node, "first");
        await node.UntilAsync("the groups are evaluated on", async () => await EvaluationsAsync(node, "first") > evaluated);
        Assert.Equal("[]", await node.ResultAsync("changed"));

        Write(node, "c.yml", Group("third", "  - {record: three, expr: 3}\n  - {record: many, expr: \"sum_over_time(vector(1)[100s:1s])\"}"));
        Assert.Equal(HttpStatusCode.OK, await node.StatusAsync(HttpMethod.Post, "/-/reload"));
        await node.UntilAsync("what is new is recorded and what is gone has ended", async () => await node.ResultAsync("changed") != "[]" && await node.ResultAsync("one") == "[]"
            && await node.ResultAsync("three") != "[]");
        Assert.Equal("first second third", await GroupsAsync(node));
        // One rule that exceeds a limit says so; the other ones of its group are as before.
        await node.UntilAsync("the limit is exceeded", async () => (await RulesAsync(node))["many"].Health == "err");
        Assert.Contains("too many samples", (await RulesAsync(node))["many"].LastError, StringComparison.Ordinal);
        Assert.Equal("ok", (await RulesAsync(node))["three"].Health);
        Assert.Equal(0, await node.StopAsync());
    }

    [Fact]
    public async Task A_node_does_not_start_with_a_wrong_rule_file_and_says_where_it_is_wrong()
    {
        await using var node = new HostNode(Configuration);
        Write(node, "a.yml", Group("first", "  - {alert: A, expr: up, labels: {\"a b\": x}, annotations: {text: \"{{ nothing }}\"}}"));

        Assert.NotEqual(0, await node.Launch().ExitAsync());

        Assert.Contains("a.yml: group \"first\", rule 1, \"A\": annotation \"text\": ", node.Text, StringComparison.Ordinal);
    }

    private static string Group(string name, string rules) => $"groups:\n- name: {name}\n  interval: 1s\n  rules:\n{rules}\n";

    private static void Write(HostNode node, string file, string text)
    {
        Directory.CreateDirectory(Path.Combine(node.Folder, "rules"));
        File.WriteAllText(Path.Combine(node.Folder, "rules", file), text);
    }

    private static async Task<List<JsonElement>> DataAsync(HostNode node)
    {
        using var document = JsonDocument.Parse(await node.GetAsync("/api/v1/rules"));
        return [.. document.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray().Select(g => g.Clone())];
    }

    private static async Task<string> GroupsAsync(HostNode node) => string.Join(' ', (await DataAsync(node)).Select(g => g.GetProperty("name").GetString()));

    private static async Task<Dictionary<string, (string Health, string LastError)>> RulesAsync(HostNode node) => (await DataAsync(node)).SelectMany(g => g.GetProperty("rules").EnumerateArray())
        .ToDictionary(r => r.GetProperty("name").GetString()!, r => (r.GetProperty("health").GetString()!, r.TryGetProperty("lastError", out var error) ? error.GetString()! : ""));

    private static async Task<double> EvaluationsAsync(HostNode node, string group) => (await node.GetAsync("/metrics")).Split('\n')
        .Where(line => line.StartsWith("prometheus_rule_evaluations_total{", StringComparison.Ordinal) && line.Contains(";" + group + "\"", StringComparison.Ordinal))
        .Sum(line => double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
}

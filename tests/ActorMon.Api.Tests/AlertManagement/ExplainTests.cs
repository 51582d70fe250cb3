using System.Text.Json;
using ActorMon.Alerting.History;
using ActorMon.Api.Tests.Support;
using ActorMon.Model.Labels;

namespace ActorMon.Api.Tests.AlertManagement;

public sealed class ExplainTests
{
    private const string Prefix = "/api/v1/alertmanager";
    private readonly ApiWorld _world = new();

    [Fact]
    public async Task An_alert_that_is_held_back_is_explained_from_route_to_group()
    {
        await _world.PostJson("/api/v2/alerts", """[{"labels":{"alertname":"B","severity":"critical"}},{"labels":{"alertname":"B","severity":"warning","team":"x"}}]""");
        await _world.PostJson("/api/v2/silences",
            """{"matchers":[{"name":"team","value":"x","isRegex":false}],"startsAt":"2023-11-14T22:00:00Z","endsAt":"2099-01-01T00:00:00Z","comment":"moving","createdBy":"me"}""");
        var alert = LabelSet.Of("alertname", "B", "severity", "warning", "team", "x");
        _world.Alertmanager.Events.Add(new AlertEvent(_world.Time.GetUtcNow(), AlertEventKind.Received, alert) { Node = "a" });
        _world.Alertmanager.Events.Add(new AlertEvent(_world.Time.GetUtcNow(), AlertEventKind.Received, LabelSet.Of("alertname", "B", "severity", "warning", "team", "x", "more", "y")));

        var explained = (await Explain("""{"alertname":"B","severity":"warning","team":"x"}""")).Data;
        Assert.Equal("suppressed", explained.GetProperty("state").GetString());
        Assert.Equal("moving", Assert.Single(explained.GetProperty("silencedBy").EnumerateArray()).GetProperty("comment").GetString());
        Assert.Single(explained.GetProperty("inhibitedBy").EnumerateArray());
        var routes = explained.GetProperty("route").GetProperty("routes").EnumerateArray().Select(route => $"{route.GetProperty("outcome").GetString()} {route.GetProperty("refusing")}");
        Assert.Equal(["chosen []", """refused ["severity=\"page\""]"""], routes);
        var group = Assert.Single(explained.GetProperty("groups").EnumerateArray());
        Assert.Equal("""{}/{team="x"}:{alertname="B"} team groupWait 2023-11-14T22:13:50Z""",
            $"{group.GetProperty("key").GetString()} {group.GetProperty("receiver").GetString()} {group.GetProperty("waitsFor").GetString()} {group.GetProperty("nextFlush").GetString()}");
        Assert.Equal("received", Assert.Single(explained.GetProperty("events").EnumerateArray()).GetProperty("event").GetString());
    }

    [Fact]
    public async Task An_alert_nobody_knows_is_explained_as_if_it_came()
    {
        var explained = (await Explain("""{"alertname":"Z"}""")).Data;
        Assert.Equal((JsonValueKind.Null, "unknown"), (explained.GetProperty("alert").ValueKind, explained.GetProperty("state").GetString()));
        var group = Assert.Single(explained.GetProperty("groups").EnumerateArray());
        Assert.Equal("default False none", $"{group.GetProperty("receiver").GetString()} {group.GetProperty("exists").GetBoolean()} {group.GetProperty("waitsFor").GetString()}");
    }

    [Theory]
    [InlineData("", "400 bad_data: no labels parameter provided")]
    [InlineData("[1]", "400 bad_data: error parsing labels: not a JSON object of strings")]
    public async Task Labels_are_an_object_of_strings(string labels, string expected) => Assert.Equal(expected, (await Explain(labels)).Failure);

    [Fact]
    public async Task The_history_is_narrowed_by_matchers_time_kind_and_number()
    {
        var now = _world.Time.GetUtcNow();
        foreach (var (minutes, kind, name) in new[] { (-3000, AlertEventKind.Received, "a"), (-30, AlertEventKind.Received, "a"), (-20, AlertEventKind.Sent, "a"), (-10, AlertEventKind.Failed, "b"), (-5, AlertEventKind.Sent, "a") })
            _world.Alertmanager.Events.Add(new AlertEvent(now.AddMinutes(minutes), kind, LabelSet.Of("alertname", name)) { Receiver = "team", Integration = "webhook[0]", By = ["x"], Detail = "why" });
        Assert.Equal("received sent failed sent", await History(""));
        Assert.Equal("received received sent failed sent", await History("?start=2023-11-01T00:00:00Z"));
        Assert.Equal("sent failed", await History("?event=sent&event=Failed&end=2023-11-14T22:05:00Z"));
        Assert.Equal("sent sent", await History("?filter=alertname%3Da&limit=2"));
        Assert.Equal("", await History("?filter=%7Balertname%3D~%22b%7Cc%22,alertname!%3Db%7D"));
        var last = (await _world.Get(Prefix + "/history?limit=1")).Data.GetProperty("events")[0];
        Assert.Equal("""{"time":"2023-11-14T22:08:20Z","event":"sent","labels":{"alertname":"a"},"fingerprint":"FP","group":"","receiver":"team","integration":"webhook[0]","by":["x"],"detail":"why","node":""}""",
            last.ToString().Replace(last.GetProperty("fingerprint").GetString()!, "FP", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("?event=gone", "400 bad_data: invalid parameter \"event\": \"gone\" is none of received, grouped, silenced, inhibited, muted, sent, failed, resolved, acknowledged, unacknowledged")]
    [InlineData("?event=1", "400 bad_data: invalid parameter \"event\": \"1\" is none of received, grouped, silenced, inhibited, muted, sent, failed, resolved, acknowledged, unacknowledged")]
    [InlineData("?filter=a", "400 bad_data: invalid parameter \"filter\": bad matcher format: a")]
    [InlineData("?start=2&end=1", "400 bad_data: end timestamp must not be before start time")]
    public async Task A_wrong_question_about_the_past_is_refused(string parameters, string expected) =>
        Assert.Equal(expected, (await _world.Get(Prefix + "/history" + parameters)).Failure);

    [Fact]
    public async Task Lint_tells_what_is_probably_not_meant_so()
    {
        var warnings = (await _world.Get(Prefix + "/lint")).Data.GetProperty("warnings");
        Assert.Equal(0, warnings.GetArrayLength());
    }

    [Fact]
    public async Task What_other_nodes_did_not_tell_is_a_warning_or_denied()
    {
        _world.Alertmanager.Missing = ["node b does not answer"];
        foreach (var path in new[] { "/explain?labels=%7B%22a%22:%22b%22%7D", "/history?", "/silences/preview?filter=a%3Db", "/silences/expiring?" })
        {
            Assert.Equal("""["node b does not answer"]""", (await _world.Get(Prefix + path)).Json.GetProperty("warnings").ToString());
            Assert.Equal("500 unavailable: node b does not answer", (await _world.Get(Prefix + path + "&partial_response=deny")).Failure);
        }
    }

    [Fact]
    public async Task A_node_without_an_alertmanager_says_so() => Assert.Equal(
        "404 not_found: no Alertmanager runs here: no configuration of one was given", (await new ApiWorld(withoutAlertmanager: true).Get(Prefix + "/lint")).Failure);

    private Task<ApiReply> Explain(string labels) => _world.Get($"{Prefix}/explain?labels={Uri.EscapeDataString(labels)}");

    private async Task<string> History(string parameters) => string.Join(' ', (await _world.Get(Prefix + "/history" + parameters)).Data.GetProperty("events").EnumerateArray()
        .Select(happened => happened.GetProperty("event").GetString()));
}

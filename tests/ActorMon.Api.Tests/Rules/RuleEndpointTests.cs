using System.Text.Json;
using ActorMon.Api.Ports;
using ActorMon.Api.Tests.Support;
using ActorMon.Model.Labels;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;

namespace ActorMon.Api.Tests.Rules;

public sealed class RuleEndpointTests
{
    private static readonly DateTimeOffset Evaluated = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly ApiWorld _world = new();

    public RuleEndpointTests()
    {
        var slow = new KnownRule(true, "Slow", "latency > 1", LabelSet.Of("severity", "page"), LabelSet.Of("summary", "{{ $value }}"), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(90))
        {
            State = AlertState.Firing,
            Health = RuleHealth.Ok,
            EvaluationTime = TimeSpan.FromMilliseconds(2),
            LastEvaluation = Evaluated,
            Alerts =
            [
                new ActiveAlert(LabelSet.Of("alertname", "Slow", "instance", "a"), LabelSet.Of("summary", "2"), AlertState.Firing, Evaluated.AddMinutes(-9), Evaluated.AddSeconds(-30), 2),
                new ActiveAlert(LabelSet.Of("alertname", "Slow", "instance", "b"), LabelSet.Of("summary", "3.5"), AlertState.Pending, Evaluated.AddMinutes(-1), null, 3.5),
            ],
        };
        var sum = new KnownRule(false, "job:latency:sum", "sum by (job) (latency)", LabelSet.Empty, LabelSet.Empty, TimeSpan.Zero, TimeSpan.Zero)
        {
            Health = RuleHealth.Err,
            LastError = "query timed out in query execution",
        };
        var team = new KnownRule(false, "team:up", "up", LabelSet.Of("team", "a"), LabelSet.Empty, TimeSpan.Zero, TimeSpan.Zero);
        _world.Rules.Groups.Add(new KnownGroup("1", "/r/a.yml", "latency", TimeSpan.FromSeconds(30), 7, [slow, sum]) { EvaluationTime = TimeSpan.FromMilliseconds(3), LastEvaluation = Evaluated });
        _world.Rules.Groups.Add(new KnownGroup("2", "/r/a.yml", "up", TimeSpan.FromMinutes(1), 0, [team]));
        _world.Rules.Groups.Add(new KnownGroup("3", "/r/b.yml", "latency", TimeSpan.FromMinutes(1), 0, [sum]));
    }

    [Fact]
    public async Task Groups_are_told_as_the_original_tells_them()
    {
        var groups = (await _world.Get("/api/v1/rules")).Data.GetProperty("groups");
        Assert.Equal(
            """
            {"name":"latency","file":"/r/a.yml","rules":[{"state":"firing","name":"Slow","query":"latency > 1","duration":300,"keepFiringFor":90,"labels":{"severity":"page"},"annotations":{"summary":"{{ $value }}"},"alerts":[{"labels":{"alertname":"Slow","instance":"a"},"annotations":{"summary":"2"},"state":"firing","activeAt":"2026-01-02T02:55:05Z","keepFiringSince":"2026-01-02T03:03:35Z","value":"2e+00"},{"labels":{"alertname":"Slow","instance":"b"},"annotations":{"summary":"3.5"},"state":"pending","activeAt":"2026-01-02T03:03:05Z","value":"3.5e+00"}],"health":"ok","evaluationTime":0.002,"lastEvaluation":"2026-01-02T03:04:05Z","type":"alerting"},{"name":"job:latency:sum","query":"sum by (job) (latency)","health":"err","lastError":"query timed out in query execution","evaluationTime":0,"lastEvaluation":"0001-01-01T00:00:00Z","type":"recording"}],"interval":30,"limit":7,"evaluationTime":0.003,"lastEvaluation":"2026-01-02T03:04:05Z"}
            """,
            groups[0].GetRawText());
        Assert.Equal(3, groups.GetArrayLength());
    }

    [Theory]
    [InlineData("", "a/latency:Slow,job:latency:sum a/up:team:up b/latency:job:latency:sum")]
    [InlineData("type=alert", "a/latency:Slow")]
    [InlineData("type=Record", "a/latency:job:latency:sum a/up:team:up b/latency:job:latency:sum")]
    [InlineData("rule_name[]=Slow&rule_name[]=team:up", "a/latency:Slow a/up:team:up")]
    [InlineData("rule_group[]=latency", "a/latency:Slow,job:latency:sum b/latency:job:latency:sum")]
    [InlineData("file[]=/r/b.yml", "b/latency:job:latency:sum")]
    [InlineData("file[]=/r/b.yml&rule_name[]=Slow", "")]
    [InlineData("match[]={severity=\"page\"}&match[]={team=~\"a|b\"}", "a/latency:Slow a/up:team:up")]
    [InlineData("match[]={severity=\"page\",team=\"a\"}", "")]
    [InlineData("type=record&match[]={team!=\"\"}", "a/up:team:up")]
    public async Task Filters_leave_the_rules_they_name(string query, string expected)
    {
        var groups = (await _world.Get("/api/v1/rules?" + query)).Data.GetProperty("groups").EnumerateArray();
        Assert.Equal(expected, string.Join(' ', groups.Select(g =>
            $"{Text(g, "file")[3..4]}/{Text(g, "name")}:{string.Join(',', g.GetProperty("rules").EnumerateArray().Select(r => Text(r, "name")))}")));
    }

    [Fact]
    public async Task Alerts_can_be_left_out()
    {
        var rule = (await _world.Get("/api/v1/rules?exclude_alerts=true")).Data.GetProperty("groups")[0].GetProperty("rules")[0];
        Assert.Equal(("firing", 0), (Text(rule, "state"), rule.GetProperty("alerts").GetArrayLength()));
    }

    [Fact]
    public async Task Groups_come_in_pages()
    {
        var seen = new List<string>();
        var next = "";
        do
        {
            var page = (await _world.Get("/api/v1/rules?group_limit=2" + next)).Data;
            seen.Add(string.Join(',', page.GetProperty("groups").EnumerateArray().Select(g => Text(g, "file")[3..4] + Text(g, "name"))));
            next = page.TryGetProperty("groupNextToken", out var token) ? "&group_next_token=" + token.GetString() : "";
        }
        while (next.Length > 0);
        Assert.Equal(["alatency,aup", "blatency"], seen);
    }

    [Fact]
    public async Task Active_alerts_of_all_groups_are_listed_and_silent_nodes_are_named()
    {
        _world.Rules.Silent = ["node 3 does not answer"];
        var reply = await _world.Get("/api/v1/alerts");
        Assert.Equal(["a", "b"], reply.Data.GetProperty("alerts").EnumerateArray().Select(a => a.GetProperty("labels").GetProperty("instance").GetString()));
        Assert.Equal(["node 3 does not answer"], reply.Json.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()));
    }

    [Theory]
    [InlineData("", "pending firing resolved pending")]
    [InlineData("match[]={instance=\"b\"}", "pending")]
    [InlineData("match[]={instance=\"b\"}&match[]={alertname=\"Slow\",instance=\"a\"}", "pending firing resolved pending")]
    [InlineData("start=2026-01-02T03:05:00Z&end=2026-01-02T03:06:10Z", "firing resolved")]
    [InlineData("limit=2", "resolved pending")]
    [InlineData("match[]={instance=\"c\"}", "")]
    public async Task The_history_of_alerts_is_asked_by_matchers_and_times(string query, string changes)
    {
        var minute = 0;
        foreach (var (change, instance) in new[] { (AlertChange.Pending, "a"), (AlertChange.Firing, "a"), (AlertChange.Resolved, "a"), (AlertChange.Pending, "b") })
            _world.Rules.Past.Add(new PastTransition(
                "/r/a.yml", "latency", "Slow", change, LabelSet.Of("alertname", "Slow", "instance", instance), LabelSet.Of("summary", "2"), 2, Evaluated, Evaluated.AddMinutes(minute++), "n2"));
        _world.Time.SetUtcNow(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));

        var past = (await _world.Get("/api/v1/alerts/history?" + query)).Data.GetProperty("transitions").EnumerateArray().ToList();

        Assert.Equal(changes, string.Join(' ', past.Select(t => Text(t, "change"))));
        if (query.Length == 0)
            Assert.Equal(
                """{"evaluation":"2026-01-02T03:05:05Z","change":"firing","state":"firing","labels":{"alertname":"Slow","instance":"a"},"annotations":{"summary":"2"},"activeAt":"2026-01-02T03:04:05Z","value":"2e+00","rule":"Slow","group":"latency","file":"/r/a.yml","node":"n2"}""",
                past[1].GetRawText());
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}

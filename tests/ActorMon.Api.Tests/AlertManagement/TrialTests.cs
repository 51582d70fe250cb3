using ActorMon.Alerting.History;
using ActorMon.Api.Tests.Support;
using ActorMon.Model.Labels;

namespace ActorMon.Api.Tests.AlertManagement;

public sealed class TrialTests
{
    private const string Prefix = "/api/v1/alertmanager/test";

    private readonly ApiWorld _world = new();

    [Fact]
    public async Task An_alert_that_is_made_up_is_routed_grouped_and_shown_as_it_would_be_sent()
    {
        var labels = Uri.EscapeDataString("""{"alertname":"A","severity":"page"}""");
        var answer = (await _world.Get($"{Prefix}?labels={labels}&annotations=%7B%22s%22:%22x%22%7D&template=hi")).Data.GetProperty("notifications");
        const string expected = """
            [{"group":"{}/{severity=\"page\"}:{alertname=\"A\"}","receiver":"other","labels":{"alertname":"A"},"routeLabels":{},
            "alerts":[{"labels":{"alertname":"A","severity":"page"},"status":"firing"}],"rendered":"HI","renderError":"",
            "integrations":[{"integration":"webhook[0]","error":"","messages":[{"method":"POST","address":"http://x/<secret>","headers":[{"name":"A","value":"b"}],"body":"{}"}]}]}]
            """;
        Assert.Equal(expected.ReplaceLineEndings(""), answer.ToString());
        Assert.False(_world.Trials.WasSent);
        Assert.Equal("x", _world.Trials.Alerts[0].Annotations.Get("s"));
    }

    [Fact]
    public async Task Alerts_that_are_here_or_were_are_taken_by_a_filter_and_may_be_told_as_resolved_to_another_receiver()
    {
        await _world.PostJson("/api/v2/alerts", """[{"labels":{"alertname":"A","x":"1"}},{"labels":{"alertname":"B","x":"2"}}]""");
        await _world.Get($"{Prefix}?filter=x%3D1");
        Assert.Equal(["A"], _world.Trials.Alerts.Select(alert => alert.Name));
        var answer = await _world.Send("POST", $"{Prefix}/send?filter=alertname%3D~%22A%7CB%22&resolved=true&receiver=team");
        Assert.Equal(["A", "B"], _world.Trials.Alerts.Select(alert => alert.Name).Order(StringComparer.Ordinal));
        Assert.True(_world.Trials.WasSent);
        Assert.Equal("team", _world.Trials.Receiver);
        var notification = answer.Data.GetProperty("notifications")[0];
        Assert.Equal("resolved", notification.GetProperty("alerts")[0].GetProperty("status").GetString());
        Assert.Equal("503", notification.GetProperty("integrations")[0].GetProperty("error").GetString());
    }

    [Fact]
    public async Task Alerts_of_the_past_come_from_the_history()
    {
        _world.Alertmanager.Events.Add(new AlertEvent(_world.Time.GetUtcNow().AddDays(-2), AlertEventKind.Received, LabelSet.Of("alertname", "Gone", "x", "1")));
        await _world.Get($"{Prefix}?filter=x%3D1");
        Assert.Empty(_world.Trials.Alerts);
        await _world.Get($"{Prefix}?filter=x%3D1&start=0");
        Assert.Equal("Gone", Assert.Single(_world.Trials.Alerts).Name);
    }

    [Theory]
    [InlineData("", "400 bad_data: one of the parameters labels and filter is needed")]
    [InlineData("?labels=x", "400 bad_data: error parsing labels: not a JSON object of strings")]
    [InlineData("?filter=a%3Db&receiver=none", "400 bad_data: there is no receiver \"none\"")]
    [InlineData("?filter=a%3Db&resolved=2", "400 bad_data: invalid resolved \"2\": must be boolean")]
    public async Task A_wrong_question_is_refused(string parameters, string expected) => Assert.Equal(expected, (await _world.Get(Prefix + parameters)).Failure);

    [Fact]
    public async Task Nothing_is_sent_by_a_read() => Assert.Equal(405, (await _world.Get(Prefix + "/send?filter=a%3Db")).Status);
}

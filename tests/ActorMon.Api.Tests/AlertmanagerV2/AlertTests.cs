using System.Text.Json;
using ActorMon.Api.Tests.Support;

namespace ActorMon.Api.Tests.AlertmanagerV2;

public sealed class AlertTests
{
    private readonly ApiWorld _world = new();

    [Fact]
    public async Task A_posted_alert_is_listed_in_the_original_s_form()
    {
        var posted = await _world.PostJson("/api/v2/alerts",
            """[{"labels":{"alertname":"A","severity":"page","empty":""},"annotations":{"s":"é"},"startsAt":"2023-11-14T20:13:20.1234567891+01:00","generatorURL":"http://g/x"}]""");
        Assert.Equal((200, ""), (posted.Status, posted.Text));
        var listed = await _world.Get("/api/v2/alerts");
        Assert.Equal(("application/json", "no-store"), (listed.ContentType, listed.Headers.CacheControl.ToString()));
        const string shown = """
            [{"annotations":{"s":"é"},"endsAt":"2023-11-14T22:18:20.000Z","fingerprint":"FINGERPRINT","receivers":[{"name":"other"}],"startsAt":"2023-11-14T19:13:20.123Z",
            "status":{"inhibitedBy":[],"mutedBy":[],"silencedBy":[],"state":"active"},"updatedAt":"2023-11-14T22:13:20.000Z","generatorURL":"http://g/x",
            "labels":{"alertname":"A","severity":"page"}}]
            """;
        Assert.Equal(shown.ReplaceLineEndings("") + "\n", listed.Text.Replace(listed.Json[0].GetProperty("fingerprint").GetString()!, "FINGERPRINT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Alerts_come_in_the_order_of_their_fingerprints_and_not_once_they_are_resolved()
    {
        for (var i = 0; i < 20; i++)
            await Post($$"""{"alertname":"A{{i}}"}""");
        await _world.PostJson("/api/v2/alerts", """[{"labels":{"alertname":"over"},"startsAt":"2020-01-01T00:00:00Z","endsAt":"2020-01-02T00:00:00Z"}]""");
        var fingerprints = (await _world.Get("/api/v2/alerts")).Json.EnumerateArray().Select(a => a.GetProperty("fingerprint").GetString()!).ToList();
        Assert.Equal(20, fingerprints.Count);
        Assert.Equal(fingerprints.Order(StringComparer.Ordinal), fingerprints);
        _world.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("[]\n", (await _world.Get("/api/v2/alerts")).Text);
    }

    [Theory]
    [InlineData("", "crit,free,held,page,quiet")]
    [InlineData("?active=false", "held,quiet")]
    [InlineData("?silenced=false", "crit,free,held,page")]
    [InlineData("?inhibited=false&silenced=maybe", "crit,free,page")]
    [InlineData("?filter=name%3D%22free%22", "free")]
    [InlineData("?filter=name%3D~%22f.*%7Ch.*%22&filter=severity!%3D%22%22", "held")]
    [InlineData("?active=true&active=false", "held,quiet")]
    [InlineData("?active=false&active=", "crit,free,held,page,quiet")]
    [InlineData("?receiver=other&receiver=te.m", "crit,held")]
    [InlineData("?receiver=te.m", "crit,held")]
    [InlineData("?receiver=other%7Cteam", "crit,held,page")]
    [InlineData("?receiver=tea", "")]
    [InlineData("?receiver_matchers=owner%3D%22blue%22", "page")]
    [InlineData("?receiver_matchers=name!%3D%22default%22&receiver_matchers=owner%3Dred", "crit,held")]
    public async Task Parameters_narrow_the_list(string parameters, string expected)
    {
        await PostEachKind();
        Assert.Equal(expected, Names((await _world.Get("/api/v2/alerts" + parameters)).Json.EnumerateArray()));
        Assert.Equal(expected, Names((await _world.Get("/alertmanager/api/v2/alerts" + parameters)).Json.EnumerateArray()));
    }

    [Theory]
    [InlineData("", "A/default:free,quiet B/team:crit,held C/other:page")]
    [InlineData("?muted=false", "A/default:free,quiet B/team:crit,held")]
    [InlineData("?active=false", "A/default:quiet B/team:held")]
    [InlineData("?receiver=team", "B/team:crit,held")]
    public async Task Groups_come_by_labels_and_receiver(string parameters, string expected)
    {
        await PostEachKind();
        var groups = (await _world.Get("/api/v2/alerts/groups" + parameters)).Json.EnumerateArray().Select(group =>
            $"{group.GetProperty("labels").GetProperty("alertname").GetString()}/{group.GetProperty("receiver").GetProperty("name").GetString()}:{Names(group.GetProperty("alerts").EnumerateArray())}");
        Assert.Equal(expected, string.Join(' ', groups));
    }

    [Fact]
    public async Task A_group_has_the_labels_of_its_route_and_says_what_mutes_it()
    {
        await PostEachKind();
        var groups = (await _world.Get("/api/v2/alerts/groups")).Json.EnumerateArray().ToDictionary(group => group.GetProperty("receiver").GetProperty("name").GetString()!);
        Assert.Equal("""{"desk":"7"}""", groups["team"].GetProperty("routeLabels").ToString());
        var status = groups["other"].GetProperty("alerts")[0].GetProperty("status");
        Assert.Equal("suppressed [\"always\"]", $"{status.GetProperty("state").GetString()} {status.GetProperty("mutedBy")}");
    }

    [Theory]
    [InlineData("?filter=a", "\"bad matcher format: a\"")]
    [InlineData("?filter=a%3D~%22(%22", "\"error parsing regexp: missing closing ): `^(?:()$`\"")]
    [InlineData("?receiver=(", "\"failed to parse receiver param: error parsing regexp: missing closing ): `^(?:()$`\"")]
    [InlineData("?receiver_matchers=a", "\"failed to parse receiver_matchers param: bad matcher format: a\"")]
    public async Task A_wrong_parameter_is_named(string parameters, string expected)
    {
        foreach (var path in new[] { "/api/v2/alerts", "/api/v2/alerts/groups" })
        {
            var answer = await _world.Get(path + parameters);
            Assert.Equal((400, expected + "\n"), (answer.Status, answer.Text));
        }
    }

    [Fact]
    public async Task Valid_alerts_are_stored_although_others_of_the_body_are_bad()
    {
        var answer = await _world.PostJson("/api/v2/alerts",
            """[{"labels":{"a":""}},{"labels":{"name":"good"}},{"labels":{"":"x"}},{"labels":{"a":"x"},"startsAt":"2022-01-01T00:00:00Z","endsAt":"2021-01-01T00:00:00Z"},{"labels":{"name":"fine"}}]""");
        Assert.Equal(400, answer.Status);
        Assert.Equal("at least one label pair required\ninvalid label set: invalid name \"\"\nstart time must be before end time", answer.Json.GetString());
        Assert.Equal("fine,good", Names((await _world.Get("/api/v2/alerts")).Json.EnumerateArray()));
        var metrics = (await _world.Get("/alertmanager/metrics")).Text;
        Assert.Contains("alertmanager_alerts_received_total{status=\"firing\",version=\"v2\"} 4\n", metrics, StringComparison.Ordinal);
        Assert.Contains("alertmanager_alerts_received_total{status=\"resolved\",version=\"v2\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("alertmanager_alerts_invalid_total{version=\"v2\"} 3\n", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 422, 602, "alerts in body is required")]
    [InlineData("null", 422, 602, "alerts in body is required")]
    [InlineData("[{}]", 422, 602, "0.labels in body is required")]
    [InlineData("[{\"labels\":{\"a\":\"b\"}},null]", 422, 602, "1.labels in body is required")]
    [InlineData("[{\"labels\":{\"a\":\"b\"},\"generatorURL\":\"not a url\"}]", 422, 601, "0.generatorURL in body must be of type uri: \"not a url\"")]
    [InlineData("{\"labels\":{}}", 400, 400, "parsing alerts body from \"\" failed, because json: cannot unmarshal object into Go value of type models.PostableAlerts")]
    [InlineData("[{\"labels\":{\"a\":1}}]", 400, 400, "parsing alerts body from \"\" failed, because json: cannot unmarshal number into Go struct field Alert.labels of type string")]
    [InlineData("[{\"labels\":{\"a\":\"b\"},\"startsAt\":\"x\"}]", 400, 400, "parsing alerts body from \"\" failed, because parsing time \"x\" as \"2006-01-02T15:04:05Z07:00\": cannot parse it")]
    public async Task A_body_that_is_no_list_of_alerts_is_refused_as_a_whole(string body, int status, int code, string message)
    {
        var answer = await _world.PostJson("/api/v2/alerts", body);
        Assert.Equal((status, code, message), (answer.Status, answer.Json.GetProperty("code").GetInt32(), answer.Json.GetProperty("message").GetString()));
        Assert.Equal("[]\n", (await _world.Get("/api/v2/alerts")).Text);
    }

    [Theory]
    [InlineData("[{\"labels\":")]
    [InlineData("[{\"labels\":{\"a\":\"\\ud800\"}}]")]
    [InlineData("[] []")]
    [InlineData("[1,]")]
    public async Task Broken_json_is_a_bad_request(string body)
    {
        var answer = await _world.PostJson("/api/v2/alerts", body);
        Assert.Equal(400, answer.Status);
        Assert.StartsWith("parsing alerts body from \"\" failed, because ", answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_fields_may_be_of_any_case_and_unknown_ones_are_passed_over()
    {
        await _world.PostJson("/api/v2/alerts", """[{"More":{"x":[1,{"y":null}]},"LABELS":{"name":"good","name":"better"},"Annotations":null,"endsat":"2023-11-14T22:14:20Z"}]""");
        var alert = (await _world.Get("/api/v2/alerts")).Json[0];
        Assert.Equal("better 2023-11-14T22:14:20.000Z 2023-11-14T22:14:20.000Z",
            $"{alert.GetProperty("labels").GetProperty("name").GetString()} {alert.GetProperty("startsAt").GetString()} {alert.GetProperty("endsAt").GetString()}");
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused_and_is_no_matter_to_others()
    {
        var world = new ApiWorld(settings => settings with { AlertmanagerBodyLimit = 1000 });
        var answer = await world.PostJson("/api/v2/alerts", $$$"""[{"labels":{"a":"{{{new string('x', 1000)}}}"}}]""");
        Assert.Equal((413, "the alerts body is longer than 1000 bytes"), (answer.Status, answer.Json.GetProperty("message").GetString()));
        Assert.Equal(200, (await world.PostJson("/api/v2/alerts", """[{"labels":{"a":"b"}}]""")).Status);
    }

    [Fact]
    public async Task What_nodes_out_of_reach_hold_is_missing_with_a_warning_or_denied()
    {
        _world.Alertmanager.Missing = ["shard 3: node b does not answer"];
        await Post("""{"name":"a"}""");
        foreach (var path in new[] { "/api/v2/alerts", "/api/v2/alerts/groups" })
        {
            var answer = await _world.Get(path);
            Assert.Equal((200, "shard 3: node b does not answer"), (answer.Status, answer.Headers["X-ActorMon-Warning"].ToString()));
            var denied = await _world.Get(path + "?partial_response=deny");
            Assert.Equal((500, "\"shard 3: node b does not answer\"\n"), (denied.Status, denied.Text));
        }
    }

    private async Task PostEachKind()
    {
        await Post("""{"alertname":"A","name":"free"}""", """{"alertname":"A","name":"quiet"}""", """{"alertname":"B","name":"crit","severity":"critical","team":"x"}""",
            """{"alertname":"B","name":"held","severity":"warning","team":"x"}""", """{"alertname":"C","name":"page","severity":"page"}""");
        await _world.PostJson("/api/v2/silences",
            """{"matchers":[{"name":"name","value":"quiet","isRegex":false}],"startsAt":"2023-11-14T22:00:00Z","endsAt":"2099-01-01T00:00:00Z","comment":"c","createdBy":"me"}""");
    }

    private async Task Post(params string[] labels) =>
        Assert.Equal(200, (await _world.PostJson("/api/v2/alerts", $"[{string.Join(',', labels.Select(set => $$"""{"labels":{{set}}}"""))}]")).Status);

    private static string Names(IEnumerable<JsonElement> alerts) =>
        string.Join(',', alerts.Select(alert => alert.GetProperty("labels").GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
}

using ActorMon.Alerting.History;
using ActorMon.Api.Tests.Support;
using ActorMon.Model.Labels;

namespace ActorMon.Api.Tests.AlertManagement;

public sealed class SilenceToolTests
{
    private const string Prefix = "/api/v1/alertmanager/silences";
    private readonly ApiWorld _world = new();

    [Fact]
    public async Task A_preview_shows_what_would_be_held_back_now_and_in_the_last_day()
    {
        await _world.PostJson("/api/v2/alerts", """[{"labels":{"alertname":"A","job":"web"}},{"labels":{"alertname":"B","job":"web"}}]""");
        var now = _world.Time.GetUtcNow();
        foreach (var (hours, name) in new[] { (-30, "old"), (-20, "A2"), (-10, "A2"), (-5, "A3"), (-4, "B2") })
            _world.Alertmanager.Events.Add(new AlertEvent(now.AddHours(hours), AlertEventKind.Received, LabelSet.Of("alertname", name, "job", "web")));
        var preview = (await _world.Get(Prefix + "/preview?filter=alertname%3D~%22A.*%7Cold%22&filter=job%3D%22web%22")).Data;
        Assert.Equal("""{"alertname":"A","job":"web"}""", Assert.Single(preview.GetProperty("now").EnumerateArray()).GetProperty("labels").ToString());
        Assert.Equal(
            ["""{"labels":{"alertname":"A3","job":"web"},"first":"2023-11-14T17:13:20Z","last":"2023-11-14T17:13:20Z"}""",
             """{"labels":{"alertname":"A2","job":"web"},"first":"2023-11-14T02:13:20Z","last":"2023-11-14T12:13:20Z"}"""],
            preview.GetProperty("past").EnumerateArray().Select(alert => alert.ToString()));
        Assert.Equal("""["job=\"web\""]""", preview.GetProperty("idleMatchers").ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?filter=a%3D~%22.*%22")]
    public async Task A_preview_of_everything_is_refused_as_such_a_silence_is(string parameters) =>
        Assert.Equal("400 bad_data: invalid parameter \"filter\": at least one matcher must not match the empty string", (await _world.Get(Prefix + "/preview" + parameters)).Failure);

    [Fact]
    public async Task Silences_that_end_soon_come_with_the_alerts_they_alone_hold_back()
    {
        await _world.PostJson("/api/v2/alerts", """[{"labels":{"a":"1"}},{"labels":{"a":"2","b":"1"}},{"labels":{"c":"1"}}]""");
        var soon = await Silence("a", 40);
        await Silence("b", 600);
        var sooner = await Silence("c", 20);
        await Silence("d", -1);
        Assert.Equal($"{sooner}:1 {soon}:1", await Expiring(""));
        Assert.Equal($"{sooner}:1", await Expiring("?within=30m"));
        Assert.Equal("400 bad_data: invalid parameter \"within\": cannot parse \"x\" to a valid duration", (await _world.Get(Prefix + "/expiring?within=x")).Failure);
    }

    [Fact]
    public async Task A_deleted_silence_is_forgotten()
    {
        var id = await Silence("a", 40);
        Assert.Equal(204, (await _world.Send("DELETE", $"{Prefix}/{id}")).Status);
        Assert.Equal(404, (await _world.Get($"/api/v2/silence/{id}")).Status);
        Assert.Equal("404 not_found: silence not found", (await _world.Send("DELETE", $"{Prefix}/{id}")).Failure);
    }

    [Fact]
    public async Task A_silence_is_edited_under_its_id_and_what_it_was_is_kept()
    {
        var id = await Silence("a", 40);
        _world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(204, (await Edit(id, "b", "2024-01-01T00:00:00Z")).Status);
        var shown = (await _world.Get($"/api/v2/silence/{id}")).Json;
        Assert.Equal("b 2023-11-14T22:13:20.000Z 2024-01-01T00:00:00.000Z",
            $"{shown.GetProperty("matchers")[0].GetProperty("name").GetString()} {shown.GetProperty("startsAt").GetString()} {shown.GetProperty("endsAt").GetString()}");
        var versions = (await _world.Get($"{Prefix}/{id}/versions")).Data.GetProperty("versions").EnumerateArray();
        Assert.Equal(
            ["2023-11-14T22:13:20Z [] me c", """2023-11-14T22:14:20Z ["matchers","endsAt","createdBy","comment"] you longer"""],
            versions.Select(version => $"{version.GetProperty("at").GetString()} {version.GetProperty("changed")} "
                + $"{version.GetProperty("silence").GetProperty("createdBy").GetString()} {version.GetProperty("silence").GetProperty("comment").GetString()}"));
    }

    [Fact]
    public async Task An_edit_that_cannot_be_is_refused()
    {
        var id = await Silence("a", 40);
        Assert.Equal("404 not_found: silence not found", (await Edit("d2d9e9c4-0000-4000-8000-000000000000", "b", "2024-01-01T00:00:00Z")).Failure);
        Assert.Equal("400 bad_data: invalid silence: end time must not be before start time", (await Edit(id, "b", "2020-01-01T00:00:00Z")).Failure);
        Assert.Equal(422, (await _world.Send("PUT", $"{Prefix}/{id}/edit", "{}"u8.ToArray(), "application/json")).Status);
        await _world.Send("DELETE", $"/api/v2/silence/{id}");
        Assert.Equal("400 bad_data: the silence has ended: make a new one", (await Edit(id, "b", "2024-01-01T00:00:00Z")).Failure);
        Assert.Equal("404 not_found: silence not found", (await _world.Get($"{Prefix}/none/versions")).Failure);
    }

    private Task<ApiReply> Edit(string id, string label, string end) => _world.Send("PUT", $"{Prefix}/{id}/edit", System.Text.Encoding.UTF8.GetBytes(
        $$$"""{"matchers":[{"name":"{{{label}}}","value":"x","isRegex":false}],"startsAt":"2023-11-14T22:14:00Z","endsAt":"{{{end}}}","comment":"longer","createdBy":"you"}"""), "application/json");

    private async Task<string> Expiring(string parameters) => string.Join(' ', (await _world.Get(Prefix + "/expiring" + parameters)).Data.GetProperty("silences").EnumerateArray()
        .Select(expiring => $"{expiring.GetProperty("silence").GetProperty("id").GetString()}:{expiring.GetProperty("releases").GetArrayLength()}"));

    private async Task<string> Silence(string label, int minutes)
    {
        var (start, end) = (_world.Time.GetUtcNow(), _world.Time.GetUtcNow().AddMinutes(Math.Abs(minutes)));
        if (minutes < 0)
            (start, end) = (start.AddDays(1), end.AddDays(1));
        var answer = await _world.PostJson("/api/v2/silences",
            $$$"""{"matchers":[{"name":"{{{label}}}","value":".+","isRegex":true}],"startsAt":"{{{start:O}}}","endsAt":"{{{end:O}}}","comment":"c","createdBy":"me"}""");
        return answer.Json.GetProperty("silenceID").GetString()!;
    }
}

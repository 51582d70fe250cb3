using ActorMon.Api.Tests.Support;

namespace ActorMon.Api.Tests.AlertmanagerV2;

public sealed class SilenceTests
{
    private const string Matchers = """[{"name":"z","value":"b.*","isRegex":true},{"name":"a","value":"b","isRegex":false,"isEqual":false}]""";

    private readonly ApiWorld _world = new();

    [Fact]
    public async Task A_silence_is_made_shown_changed_in_place_and_ended()
    {
        var id = await Create("2023-11-14T22:00:00Z", "2099-01-01T00:00:00Z");
        const string template = """
            {"id":"ID","status":{"state":"active"},"updatedAt":"2023-11-14T22:13:20.000Z","annotations":{"ticket":"7"},"comment":"x<y","createdBy":"me","endsAt":"2099-01-01T00:00:00.000Z",
            "matchers":[{"isEqual":false,"isRegex":false,"name":"a","value":"b"},{"isEqual":true,"isRegex":true,"name":"z","value":"b.*"}],"startsAt":"2023-11-14T22:13:20.000Z"}
            """;
        var shown = template.ReplaceLineEndings("").Replace("ID", id, StringComparison.Ordinal);
        Assert.Equal($"[{shown}]\n", (await _world.Get("/api/v2/silences")).Text);
        Assert.Equal(shown + "\n", (await _world.Get($"/alertmanager/api/v2/silence/{id}")).Text);

        Assert.Equal(id, await Create("2023-11-14T22:13:20Z", "2030-01-01T00:00:00Z", id));
        Assert.Equal("2030-01-01T00:00:00.000Z", (await _world.Get($"/api/v2/silence/{id.ToUpperInvariant()}")).Json.GetProperty("endsAt").GetString());

        for (var i = 0; i < 2; i++)
        {
            var ended = await _world.Send("DELETE", $"/api/v2/silence/{id}");
            Assert.Equal((200, ""), (ended.Status, ended.Text));
        }
        Assert.Equal("expired", (await _world.Get($"/api/v2/silence/{id}")).Json.GetProperty("status").GetProperty("state").GetString());
        Assert.NotEqual(id, await Create("2023-11-14T22:13:20Z", "2030-01-01T00:00:00Z", id));
    }

    [Theory]
    [InlineData("", "3 2 4 5 1")]
    [InlineData("?expired=false", "3 2 4 5")]
    [InlineData("?active=false&expired=no", "4 5")]
    [InlineData("?pending=0", "3 2 1")]
    [InlineData("?active=false&pending=false&expired=false", "3 2 4 5 1")]
    [InlineData("?filter=z%3D~%22b.*%22", "3 2 4 5 1")]
    [InlineData("?filter=z%3D%22b%22", "")]
    public async Task Silences_come_active_pending_ended_each_by_what_happens_next(string parameters, string expected)
    {
        await Create("2023-11-14T22:00:00Z", "2023-11-14T22:14:00Z");
        await Create("2023-11-14T22:00:00Z", "2024-02-01T00:00:00Z");
        await Create("2023-11-14T22:00:00Z", "2024-01-01T00:00:00Z");
        await Create("2024-03-01T00:00:00Z", "2025-01-01T00:00:00Z");
        await Create("2024-04-01T00:00:00Z", "2024-05-01T00:00:00Z");
        _world.Time.Advance(TimeSpan.FromMinutes(1));
        var ids = (await _world.Get("/api/v2/silences" + parameters)).Json.EnumerateArray().Select(silence => silence.GetProperty("id").GetString()![^1]);
        Assert.Equal(expected, string.Join(' ', ids));
    }

    [Theory]
    [InlineData("{}", 422, "{\"code\":602,\"message\":\"comment in body is required\"}")]
    [InlineData("{\"comment\":\"\",\"createdBy\":\"\",\"endsAt\":\"2099-01-01T00:00:00Z\",\"startsAt\":\"2099-01-01T00:00:00Z\",\"matchers\":[]}", 422, "{\"code\":612,\"message\":\"matchers in body should have at least 1 items\"}")]
    [InlineData("{\"comment\":\"\",\"createdBy\":\"\",\"endsAt\":\"2099-01-01T00:00:00Z\",\"matchers\":[{\"name\":\"a\"}]}", 422, "{\"code\":602,\"message\":\"matchers.0.isRegex in body is required\"}")]
    [InlineData("{\"comment\":\"\",\"createdBy\":\"\",\"endsAt\":\"2099-01-01T00:00:00Z\",\"matchers\":[{\"name\":\"a\",\"value\":\"b\",\"isRegex\":false}]}", 422, "{\"code\":602,\"message\":\"startsAt in body is required\"}")]
    [InlineData("{\"comment\":1}", 400, "{\"code\":400,\"message\":\"parsing silence body from \\\"\\\" failed, because json: cannot unmarshal number into Go struct field Silence.comment of type string\"}")]
    public async Task What_a_silence_must_have_is_asked_for(string body, int status, string expected)
    {
        var answer = await _world.PostJson("/api/v2/silences", body);
        Assert.Equal((status, expected + "\n"), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("2022-01-01T00:00:00Z", "2021-01-01T00:00:00Z", "", "a", 400, "Failed to create silence: start time must be before end time")]
    [InlineData("2022-01-01T00:00:00Z", "2023-01-01T00:00:00Z", "", "a", 400, "Failed to create silence: end time can't be in the past")]
    [InlineData("2022-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "abc", "a", 404, "silence not found")]
    [InlineData("2022-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "", "", 400, "invalid silence: matcher set 0: at least one matcher must not match the empty string")]
    public async Task A_silence_that_cannot_be_is_refused(string start, string end, string id, string value, int status, string expected)
    {
        var answer = await _world.PostJson("/api/v2/silences", Body(start, end, id, $$"""[{"name":"a","value":"{{value}}","isRegex":false}]"""));
        Assert.Equal((status, expected), (answer.Status, answer.Json.GetString()));
    }

    [Fact]
    public async Task An_id_is_a_uuid_and_known()
    {
        foreach (var method in new[] { "GET", "DELETE" })
        {
            var wrong = await _world.Send(method, "/api/v2/silence/abc");
            Assert.Equal((422, "{\"code\":601,\"message\":\"silenceID in path must be of type uuid: \\\"abc\\\"\"}\n"), (wrong.Status, wrong.Text));
            var unknown = await _world.Send(method, "/api/v2/silence/d2d9e9c4-0000-4000-8000-000000000000");
            Assert.Equal((404, ""), (unknown.Status, unknown.Text));
        }
    }

    private async Task<string> Create(string start, string end, string id = "")
    {
        var answer = await _world.PostJson("/api/v2/silences", Body(start, end, id, Matchers));
        Assert.Equal(200, answer.Status);
        return answer.Json.GetProperty("silenceID").GetString()!;
    }

    private static string Body(string start, string end, string id, string matchers) =>
        $$"""{"annotations":{"ticket":"7"},"id":"{{id}}","matchers":{{matchers}},"startsAt":"{{start}}","endsAt":"{{end}}","comment":"x<y","createdBy":"me"}""";
}

using System.Text;
using System.Text.Json;
using ActorMon.Api.Tests.Support;

namespace ActorMon.Api.Tests.AlertManagement;

/// <summary>Silences that come again, by the original's API with a field more and by the API of their own. It is 2023-11-14 22:13:20.</summary>
public sealed class RecurringSilenceTests
{
    private const string Path = "/api/v1/alertmanager/recurring-silences";
    private readonly ApiWorld _world = new();

    [Fact]
    public async Task One_that_is_posted_with_a_rule_is_a_silence_at_its_next_time_and_says_whose()
    {
        var posted = await _world.PostJson("/api/v2/silences", Body("FREQ=WEEKLY;BYDAY=SA"));
        Assert.Equal(200, posted.Status);
        var silence = Parsed(await _world.Get("/api/v2/silence/" + Parsed(posted).GetProperty("silenceID").GetString()));
        Assert.Equal(("2023-11-18T21:00:00.000Z", "2023-11-18T23:00:00.000Z", "pending"),
            (silence.GetProperty("startsAt").GetString(), silence.GetProperty("endsAt").GetString(), silence.GetProperty("status").GetProperty("state").GetString()));
        var recurrence = silence.GetProperty("recurrence");
        Assert.Equal(("FREQ=WEEKLY;BYDAY=SA", "Europe/Berlin", """["2023-12-30"]"""),
            (recurrence.GetProperty("rule").GetString(), recurrence.GetProperty("timeZone").GetString(), recurrence.GetProperty("except").ToString()));

        var listed = Assert.Single((await _world.Get(Path)).Data.GetProperty("silences").EnumerateArray());
        Assert.Equal(recurrence.GetProperty("id").GetString(), listed.GetProperty("id").GetString());
        Assert.Equal(("2023-11-11T22:00:00", "2h", "2023-11-18T21:00:00Z"),
            (listed.GetProperty("start").GetString(), listed.GetProperty("duration").GetString(), listed.GetProperty("nextStartsAt").GetString()));
    }

    [Fact]
    public async Task It_is_changed_and_ended_by_its_own_id_and_its_occurrence_follows()
    {
        var id = (await _world.PostJson(Path, Body("FREQ=WEEKLY;BYDAY=SA"))).Data.GetProperty("id").GetString();
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await Put(id!, Body("FREQ=WEEKLY;BYDAY=SU"))).Status);
        Assert.Equal(["2023-11-19T21:00:00.000Z"], await PendingAsync());
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(204, (await _world.Send("DELETE", $"{Path}/{id}")).Status);
        Assert.Empty(await PendingAsync());
        Assert.Equal("404 not_found: recurring silence not found", (await _world.Send("DELETE", $"{Path}/{id}")).Failure);
        Assert.Equal("404 not_found: recurring silence not found", (await Put(id!, Body("FREQ=DAILY"))).Failure);
    }

    [Theory]
    [InlineData("FREQ=HOURLY", "Europe/Berlin", "invalid recurring silence: invalid rule: FREQ=HOURLY is none of DAILY, WEEKLY, MONTHLY, YEARLY")]
    [InlineData("FREQ=DAILY", "Moon", "invalid recurring silence: unknown time zone Moon")]
    public async Task What_is_wrong_is_said(string rule, string zone, string error)
    {
        Assert.Equal("400 bad_data: " + error, (await _world.PostJson(Path, Body(rule, zone))).Failure);
        var refused = await _world.PostJson("/api/v2/silences", Body(rule, zone));
        Assert.Equal((400, $"\"{error}\""), (refused.Status, refused.Text.Trim()));
    }

    [Fact]
    public async Task Without_a_recurrence_there_is_nothing_to_recur() => Assert.Equal(
        "400 bad_data: a recurring silence needs a recurrence",
        (await _world.PostJson(Path, """{"matchers":[{"name":"a","value":"x","isRegex":false}],"startsAt":"2023-11-11T21:00:00Z","endsAt":"2023-11-11T23:00:00Z","comment":"c","createdBy":"me"}""")).Failure);

    [Fact]
    public async Task A_silence_until_resolved_says_so()
    {
        await _world.PostJson("/api/v2/silences",
            """{"matchers":[{"name":"a","value":"x","isRegex":false}],"startsAt":"2023-11-14T22:00:00Z","endsAt":"2099-01-01T00:00:00Z","comment":"c","createdBy":"me","untilResolved":true}""");
        Assert.True(Assert.Single(Parsed(await _world.Get("/api/v2/silences")).EnumerateArray()).GetProperty("untilResolved").GetBoolean());
    }

    private static string Body(string rule, string zone = "Europe/Berlin") =>
        $$$"""{"matchers":[{"name":"a","value":"x","isRegex":false}],"startsAt":"2023-11-11T21:00:00Z","endsAt":"2023-11-11T23:00:00Z","comment":"c","createdBy":"me","recurrence":{"rule":"{{{rule}}}","timeZone":"{{{zone}}}","except":["2023-12-30"]}}""";

    private static JsonElement Parsed(ApiReply reply) => JsonDocument.Parse(reply.Text).RootElement;

    private Task<ApiReply> Put(string id, string body) => _world.Send("PUT", $"{Path}/{id}", Encoding.UTF8.GetBytes(body), "application/json");

    private async Task<string[]> PendingAsync() => [.. Parsed(await _world.Get("/api/v2/silences?active=false&expired=false")).EnumerateArray().Select(silence => silence.GetProperty("startsAt").GetString()!)];
}

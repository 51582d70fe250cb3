using System.Net;
using System.Text.Json;
using ActorMon.Testing.Http;
using static ActorMon.Testing.Http.AlertmanagerCalls;

namespace ActorMon.Host.Tests.Processes;

/// <summary>Silences and acknowledgements as the user of one node has them, over a kill.</summary>
[Collection(ProcessTests.Name)]
public sealed class SilencesOfANodeTests
{
    [Fact]
    public async Task What_people_said_of_alerts_outlives_a_kill()
    {
        await using var webhook = LoopbackServer.Http(static _ => HttpReply.Ok(""));
        await using var node = new HostNode();
        var path = Path.Combine(node.Folder, "alertmanager.yml");
        await File.WriteAllTextAsync(path, $$"""
            route: {receiver: hook, group_by: [alertname], group_wait: 100ms, group_interval: 500ms, repeat_interval: 1s}
            receivers:
              - name: hook
                webhook_configs: [{url: "{{webhook.Url("/hook")}}"}]

            """);
        var flag = "--alertmanager.config.file=" + path;
        await node.StartAsync(flag);
        await node.UntilAsync("the silences are known", async () => await node.StatusAsync(HttpMethod.Get, "/api/v2/silences") == HttpStatusCode.OK);

        // Edited in place: another matcher under the same id.
        var now = TimeProvider.System.GetUtcNow();
        var id = await SilenceAsync(node.Url, Silence("Other", now, now.AddHours(2), "me", "first"));
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(node.Url, HttpMethod.Put, $"{Management}/silences/{id}/edit", Silence("Edited", now, now.AddHours(3), "bob", "second")));
        // Recurs: now, and every day at this time.
        var occurrence = await SilenceAsync(node.Url, Silence("Nightly", now.AddMinutes(-5), now.AddHours(1), "me", "nightly", ""","recurrence":{"rule":"FREQ=DAILY"}"""));
        Assert.Equal("active", (await JsonAsync(node, "/api/v2/silence/" + occurrence)).GetProperty("status").GetProperty("state").GetString());
        await node.UntilAsync("alerts are taken", async () =>
            await SendAsync(node.Url, HttpMethod.Post, "/api/v2/alerts", """[{"labels":{"alertname":"Known"}},{"labels":{"alertname":"Nightly"}},{"labels":{"alertname":"Loud"}}]""") == HttpStatusCode.OK);
        // Acknowledged.
        await node.UntilAsync("the first page", () => Task.FromResult(Pages(webhook, "Known") > 0));
        Assert.Equal(HttpStatusCode.NoContent, await FormAsync(node.Url, Management + "/acknowledge", $"labels={Labels("Known")}&owner=ann&comment=on+it"));
        Assert.Equal(HttpStatusCode.NoContent, await FormAsync(node.Url, Management + "/acknowledge", $"labels={Labels("Loud")}&owner=ann"));
        Assert.Equal(HttpStatusCode.NoContent, await FormAsync(node.Url, Management + "/unacknowledge", $"labels={Labels("Loud")}"));
        // Nothing of what was said before is under way any more.
        var repeated = Pages(webhook, "Loud");
        await node.UntilAsync("pages are repeated", () => Task.FromResult(Pages(webhook, "Loud") >= repeated + 2));
        await node.UntilAsync("the journal has it all", async () =>
            (await node.GetAsync("/metrics")).Split('\n').Where(line => line.StartsWith("actormon_journal_behind_events", StringComparison.Ordinal)).All(line => line.EndsWith(" 0", StringComparison.Ordinal)));

        await node.KillAsync();
        await node.StartAsync(flag);

        await node.UntilAsync("the silences are back", async () => (await node.GetAsync("/api/v2/silences")).Contains("second", StringComparison.Ordinal));
        var versions = (await DataAsync(node, $"{Management}/silences/{id}/versions")).GetProperty("versions").EnumerateArray()
            .Select(version => $"{version.GetProperty("by").GetString()} {version.GetProperty("silence").GetProperty("comment").GetString()} {version.GetProperty("changed")}");
        Assert.Equal(["me first []", """bob second ["matchers","endsAt","createdBy","comment"]"""], versions);
        Assert.Equal("FREQ=DAILY", Assert.Single((await DataAsync(node, Management + "/recurring-silences")).GetProperty("silences").EnumerateArray()).GetProperty("rule").GetString());
        Assert.Equal("ann", Assert.Single((await DataAsync(node, Management + "/acknowledgements")).GetProperty("acknowledgements").EnumerateArray()).GetProperty("owner").GetString());
        Assert.Equal("on it", (await DataAsync(node, $"{Management}/explain?labels={Labels("Known")}")).GetProperty("acknowledged").GetProperty("comment").GetString());

        // The one that nobody looks after is told again and again, the acknowledged one is not, the silenced one never was.
        var (known, loud) = (Pages(webhook, "Known"), Pages(webhook, "Loud"));
        await node.UntilAsync("other pages are repeated", () => Task.FromResult(Pages(webhook, "Loud") >= loud + 3));
        Assert.True(known == Pages(webhook, "Known"), await node.GetAsync(Management + "/history?filter=" + Uri.EscapeDataString("alertname=Known")));
        Assert.Equal(0, Pages(webhook, "Nightly"));

        var preview = await DataAsync(node, Management + "/silences/preview?filter=" + Uri.EscapeDataString("alertname=~\"Known|Loud\""));
        Assert.Equal(2, preview.GetProperty("now").GetArrayLength());
        var expiring = await DataAsync(node, Management + "/silences/expiring?within=2h");
        Assert.Equal(occurrence, Assert.Single(expiring.GetProperty("silences").EnumerateArray()).GetProperty("silence").GetProperty("id").GetString());

        // Its end is told, and ends the acknowledgement.
        var ended = TimeProvider.System.GetUtcNow().ToString("O");
        Assert.Equal(HttpStatusCode.OK, await SendAsync(node.Url, HttpMethod.Post, "/api/v2/alerts", $$"""[{"labels":{"alertname":"Known"},"endsAt":"{{ended}}"}]"""));
        await node.UntilAsync("the end is told", () => Task.FromResult(Pages(webhook, "Known") > known));
        await node.UntilAsync("nobody has to look after it", async () => (await DataAsync(node, Management + "/acknowledgements")).GetProperty("acknowledgements").GetArrayLength() == 0);
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(node.Url, HttpMethod.Delete, $"{Management}/silences/{id}", null));
        Assert.Equal(HttpStatusCode.NotFound, await node.StatusAsync(HttpMethod.Get, $"{Management}/silences/{id}/versions"));
    }

    [Fact]
    public async Task A_silence_until_resolved_ends_with_its_alert()
    {
        await using var node = new HostNode();
        var path = Path.Combine(node.Folder, "alertmanager.yml");
        await File.WriteAllTextAsync(path, "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n");
        await node.StartAsync("--alertmanager.config.file=" + path);
        var now = TimeProvider.System.GetUtcNow();
        await node.UntilAsync("the alert is taken", async () => await SendAsync(node.Url, HttpMethod.Post, "/api/v2/alerts", """[{"labels":{"alertname":"A"}}]""") == HttpStatusCode.OK);
        var id = await SilenceAsync(node.Url, Silence("A", now, now.AddDays(2), "me", "until it is over", ""","untilResolved":true"""));
        await node.UntilAsync("the alert is silenced", async () => (await node.GetAsync("/api/v2/alerts?active=false")).Contains(id, StringComparison.Ordinal));
        // It begins and ends again and again: the owner has to have seen that the silence was needed.
        await node.UntilAsync("it is ended with its alert", async () =>
        {
            if ((await JsonAsync(node, "/api/v2/silence/" + id)).GetProperty("status").GetProperty("state").GetString() == "expired")
                return true;
            var at = TimeProvider.System.GetUtcNow();
            var end = (at - now).TotalSeconds % 40 < 20 ? at.AddMinutes(5) : at;
            await SendAsync(node.Url, HttpMethod.Post, "/api/v2/alerts", $$"""[{"labels":{"alertname":"A"},"endsAt":"{{end:O}}"}]""");
            return false;
        });
    }

    private static int Pages(LoopbackServer webhook, string name) => webhook.Requests.Count(request => request.Text.Contains($"\"alertname\":\"{name}\"", StringComparison.Ordinal));

    private static async Task<JsonElement> JsonAsync(HostNode node, string path)
    {
        using var document = JsonDocument.Parse(await node.GetAsync(path));
        return document.RootElement.Clone();
    }

    private static async Task<JsonElement> DataAsync(HostNode node, string path) => (await JsonAsync(node, path)).GetProperty("data");
}

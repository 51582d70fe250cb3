using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorMon.EndToEnd.Tests.Cluster;
using ActorMon.EndToEnd.Tests.Processes;
using Xunit.Abstractions;

namespace ActorMon.EndToEnd.Tests.Alertmanager;

/// <summary>The same configuration and the same stream of alerts to Debian's Alertmanager and to a node: both tell the same groups the same, in the same order and at the same times.</summary>
[Trait("Category", "Peers")]
public sealed class SideBySide(ITestOutputHelper output) : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Both_tell_the_same_of_every_group()
    {
        var start = await NextStartAsync();
        var figures = new Figures(output, "beside Debian's Alertmanager");
        await Task.WhenAll(SideBySidePlan.All.Select(plan => RunAsync(plan, start, figures)));
        figures.AssertGoals();
    }

    private async Task RunAsync(SideBySidePlan plan, DateTimeOffset start, Figures figures)
    {
        await using var toldByThem = new ToldGroups();
        await using var toldByUs = new ToldGroups();
        var folder = _folder[plan.Name.Replace(' ', '-')];
        await using var theirs = new DebianAlertmanager(Path.Combine(folder, "theirs"));
        theirs.WriteConfiguration(plan.Configuration(toldByThem.Url, start));
        await File.WriteAllTextAsync(Path.Combine(folder, "alertmanager.yml"), plan.Configuration(toldByUs.Url, start));
        await using var ours = new Node(Path.Combine(folder, "ours"), "", "--alertmanager.config.file=" + Path.Combine(folder, "alertmanager.yml"));
        await Task.WhenAll(theirs.StartAsync(), ours.StartAsync());
        await Eventually.Async("the node's Alertmanager is ready", async () => (await ours.TextAsync("/api/v2/status")).Contains("\"status\":\"ready\"", StringComparison.Ordinal), TimeSpan.FromSeconds(60));

        var stream = new AlertStream(plan.Seed);
        MetricsServer[] both = [theirs, ours];
        var silences = new Dictionary<(MetricsServer, string), string>();
        for (var slot = 0; slot < AlertStream.Slots; slot++)
        {
            await UntilAsync(start + (slot * AlertStream.Slot));
            var alerts = stream.At(slot, start);
            await Task.WhenAll(both.Select(server => PostAsync(server, "/api/v2/alerts", alerts)));
            foreach (var (matcher, value, from, until) in plan.Silences)
                foreach (var server in both)
                    if (slot == from)
                        silences[(server, matcher)] = await SilenceAsync(server, matcher, value, start);
                    else if (slot == until)
                        await ExpireAsync(server, silences[(server, matcher)]);
        }
        // Whatever ends by its timeout has been told.
        await UntilAsync(start + (AlertStream.Slots * AlertStream.Slot) + AlertStream.ResolveTimeout + AlertStream.GroupWait + TimeSpan.FromSeconds(2));
        Compare(plan, toldByThem.ByGroup(), toldByUs.ByGroup(), start, figures);
    }

    private static void Compare(SideBySidePlan plan, Dictionary<string, List<ToldGroup>> theirs, Dictionary<string, List<ToldGroup>> ours, DateTimeOffset start, Figures figures)
    {
        var furthest = TimeSpan.Zero;
        var count = 0;
        foreach (var group in theirs.Keys.Union(ours.Keys).Order(StringComparer.Ordinal))
        {
            var (one, other) = (theirs.GetValueOrDefault(group) ?? [], ours.GetValueOrDefault(group) ?? []);
            Assert.True(one.Select(t => t.Content).SequenceEqual(other.Select(t => t.Content)), $"{plan.Name}: {group}\ntheirs:\n{Text(one, start)}\nours:\n{Text(other, start)}");
            foreach (var (a, b) in one.Zip(other))
                furthest = (a.At - b.At).Duration() is var apart && apart > furthest ? apart : furthest;
            count += one.Count;
        }
        Assert.NotEqual(0, count);
        figures.Add(string.Create(CultureInfo.InvariantCulture, $"{plan.Name}: {count} notifications of {theirs.Count} groups are the same"));
        figures.Goal($"{plan.Name}: furthest apart", furthest, 1);
        // Less than lies between a flush and what happens before it, or the same may have been told for another reason.
        Assert.True(furthest < AlertStream.GroupWait, $"{plan.Name}: {furthest} apart");
    }

    private static string Text(List<ToldGroup> told, DateTimeOffset start) =>
        string.Join('\n', told.Select(t => string.Create(CultureInfo.InvariantCulture, $"{(t.At - start).TotalSeconds:F1} s {t.Content}")));

    private static async Task PostAsync(MetricsServer server, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        Assert.Equal(System.Net.HttpStatusCode.OK, await server.PostAsync(path, content));
    }

    private static async Task<string> SilenceAsync(MetricsServer server, string name, string value, DateTimeOffset start)
    {
        var silence = $$"""
            {"matchers":[{"name":"{{name}}","value":"{{value}}","isRegex":true,"isEqual":true}],"startsAt":"{{AlertStream.Time(start)}}","endsAt":"{{AlertStream.Time(start.AddHours(1))}}","createdBy":"me","comment":"known"}
            """;
        using var http = new HttpClient();
        using var content = new StringContent(silence, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(server.Url, "/api/v2/silences"), content);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.GetProperty("silenceID").GetString()!;
    }

    private static async Task ExpireAsync(MetricsServer server, string id)
    {
        using var http = new HttpClient();
        using var answer = await http.DeleteAsync(new Uri(server.Url, "/api/v2/silence/" + id));
        Assert.True(answer.IsSuccessStatusCode);
    }

    /// <summary>Slot 0 of a stream whose <see cref="SideBySidePlan.TurnSlot"/> is at a full minute, in time for all servers to start, and not around midnight.</summary>
    private static async Task<DateTimeOffset> NextStartAsync()
    {
        var starts = TimeSpan.FromSeconds(30);
        while (true)
        {
            var now = TimeProvider.System.GetUtcNow();
            var turn = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero);
            while (turn - (SideBySidePlan.TurnSlot * AlertStream.Slot) < now + starts)
                turn = turn.AddMinutes(1);
            if (turn.TimeOfDay > TimeSpan.FromMinutes(5))
                return turn - (SideBySidePlan.TurnSlot * AlertStream.Slot);
            await Task.Delay(TimeSpan.FromSeconds(30));
        }
    }

    private static async Task UntilAsync(DateTimeOffset time)
    {
        while (time - TimeProvider.System.GetUtcNow() is var rest && rest > TimeSpan.Zero)
            await Task.Delay(rest + TimeSpan.FromMilliseconds(1));
    }
}

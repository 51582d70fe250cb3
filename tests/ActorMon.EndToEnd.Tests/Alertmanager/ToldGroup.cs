using System.Collections.Concurrent;
using System.Text.Json;
using ActorMon.Testing.Http;

namespace ActorMon.EndToEnd.Tests.Alertmanager;

/// <summary>One notification of a webhook: of which group, what of which alerts.</summary>
/// <param name="Group">Receiver and group labels.</param>
/// <param name="Content">Status of the group and of each alert with its labels and start, in the order of the labels.</param>
public sealed record ToldGroup(string Group, string Content, DateTimeOffset At);

/// <summary>Webhooks of one Alertmanager: takes everything, and keeps it with its time.</summary>
public sealed class ToldGroups : IAsyncDisposable
{
    private readonly ConcurrentQueue<ToldGroup> _told = [];
    private readonly LoopbackServer _server;

    public ToldGroups() => _server = LoopbackServer.Http(Take);

    public string Url => _server.Url("/hook").ToString();

    /// <summary>In the order of their arrival, by group.</summary>
    public Dictionary<string, List<ToldGroup>> ByGroup() => _told.GroupBy(t => t.Group).ToDictionary(g => g.Key, g => g.OrderBy(t => t.At).ToList(), StringComparer.Ordinal);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private HttpReply Take(ReceivedRequest request)
    {
        var at = TimeProvider.System.GetUtcNow();
        using var document = JsonDocument.Parse(request.Body);
        var body = document.RootElement;
        var alerts = body.GetProperty("alerts").EnumerateArray()
            .Select(a => $"{a.GetProperty("status").GetString()} {Text(a.GetProperty("labels"))} since {a.GetProperty("startsAt").GetString()} {a.GetProperty("fingerprint").GetString()}")
            .Order(StringComparer.Ordinal);
        _told.Enqueue(new ToldGroup(
            body.GetProperty("receiver").GetString() + " " + Text(body.GetProperty("groupLabels")), $"{body.GetProperty("status").GetString()}\n  {string.Join("\n  ", alerts)}", at));
        return HttpReply.Ok("");
    }

    private static string Text(JsonElement labels) =>
        "{" + string.Join(",", labels.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}={p.Value.GetString()}")) + "}";
}

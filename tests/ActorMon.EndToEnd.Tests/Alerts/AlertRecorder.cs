using System.Net;
using System.Text;
using System.Text.Json;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Alerts;

/// <summary>An alert as it was told to an Alertmanager.</summary>
/// <param name="At">When the request had come.</param>
public sealed record ToldAlert(
    DateTimeOffset At, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Raw)
{
    public string Name => Labels["alertname"];
}

/// <summary>Takes alerts as an Alertmanager does and keeps them.</summary>
/// <param name="now">The clock of the one who sends.</param>
public sealed class AlertRecorder(Func<DateTimeOffset> now) : LoopbackPages
{
    private readonly List<ToldAlert> _told = [];
    private readonly List<string> _bodies = [];

    /// <summary>Everything told so far.</summary>
    public IReadOnlyList<ToldAlert> Told
    {
        get
        {
            lock (_told)
                return [.. _told];
        }
    }

    public IReadOnlyList<string> Bodies
    {
        get
        {
            lock (_told)
                return [.. _bodies];
        }
    }

    protected override async Task AnswerAsync(HttpListenerContext context)
    {
        var at = now();
        using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        if (context.Request is not { HttpMethod: "POST", ContentType: "application/json" } || context.Request.Url!.AbsolutePath != "/api/v2/alerts")
        {
            context.Response.StatusCode = (int)HttpStatusCode.NotFound;
            return;
        }
        using var alerts = JsonDocument.Parse(body);
        lock (_told)
        {
            _bodies.Add(body);
            foreach (var alert in alerts.RootElement.EnumerateArray())
                _told.Add(new ToldAlert(
                    at, Map(alert, "labels"), Map(alert, "annotations"), alert.GetProperty("startsAt").GetDateTimeOffset(), alert.GetProperty("endsAt").GetDateTimeOffset(),
                    alert.GetRawText()));
        }
    }

    private static Dictionary<string, string> Map(JsonElement alert, string name) => alert.TryGetProperty(name, out var map)
        ? map.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal)
        : new(StringComparer.Ordinal);
}

using System.Collections.Concurrent;
using System.Text.Json;
using ActorMon.Testing.Http;

namespace ActorMon.EndToEnd.Tests.Alertmanager;

/// <summary>What a webhook was told of one alert, and answered with 200.</summary>
/// <param name="Key">Of the notification: the same when it is sent again.</param>
public sealed record Page(string Name, string Instance, bool IsFiring, DateTimeOffset StartsAt, string Key, DateTimeOffset At);

/// <summary>A webhook that is out of order now and then: for a while it answers 503 and takes nothing.</summary>
public sealed class PageRecorder : IAsyncDisposable
{
    private readonly ConcurrentQueue<Page> _pages = [];
    private readonly LoopbackServer _server;
    private int _refused;

    public PageRecorder() => _server = LoopbackServer.Http(Take);

    public string Url => _server.Url("/page").ToString();

    public volatile bool IsOutOfOrder;

    public int Refused => Volatile.Read(ref _refused);

    public IReadOnlyList<Page> Pages => [.. _pages];

    public async Task StormAsync(int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(5 + random.Next(20)), CancellationToken.None);
            IsOutOfOrder = !stop.IsCancellationRequested;
            await Task.Delay(TimeSpan.FromSeconds(1 + random.Next(6)), CancellationToken.None);
            IsOutOfOrder = false;
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private HttpReply Take(ReceivedRequest request)
    {
        if (IsOutOfOrder)
        {
            Interlocked.Increment(ref _refused);
            return HttpReply.Of(503, "Service Unavailable");
        }
        var at = TimeProvider.System.GetUtcNow();
        using var document = JsonDocument.Parse(request.Body);
        foreach (var alert in document.RootElement.GetProperty("alerts").EnumerateArray())
        {
            var labels = alert.GetProperty("labels");
            _pages.Enqueue(new Page(
                labels.GetProperty("alertname").GetString()!, labels.TryGetProperty("instance", out var instance) ? instance.GetString()! : "",
                alert.GetProperty("status").GetString() == "firing", alert.GetProperty("startsAt").GetDateTimeOffset(), request.Header("Idempotency-Key") ?? "", at));
        }
        return HttpReply.Ok("");
    }
}

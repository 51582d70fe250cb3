using System.Globalization;
using System.Text;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Alertmanager;

/// <summary>When an alert was on.</summary>
/// <param name="Start">As its sender says; so exact that it names the stretch.</param>
public sealed record OnStretch(int Alert, DateTimeOffset Start, DateTimeOffset End);

/// <summary>
/// Many alerts that are on for <see cref="Phase"/> and off for as long, each at a time of its own; told again and again as Prometheus does, to any node that takes them. Beside them one that
/// inhibits and one that is silenced stay on, and what they hold back flaps.
/// </summary>
public sealed class FlappingSender
{
    /// <summary>Longer than any takeover: who flaps faster than an Alertmanager flushes is told of once, or not at all.</summary>
    public static readonly TimeSpan Phase = TimeSpan.FromSeconds(80);

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(4);

    private readonly Func<IEnumerable<MetricsServer>> _nodes;
    private readonly DateTimeOffset _start;
    private readonly TimeSpan[] _shifts;
    private readonly Random _random;
    private DateTimeOffset _end = DateTimeOffset.MaxValue;

    public FlappingSender(Func<IEnumerable<MetricsServer>> nodes, int alerts, int seed)
    {
        (_nodes, _random) = (nodes, new Random(seed));
        _start = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        _shifts = [.. Enumerable.Range(0, alerts).Select(_ => TimeSpan.FromMilliseconds(_random.NextInt64((long)(2 * Phase).TotalMilliseconds)))];
    }

    /// <summary>Requests that no node took at once.</summary>
    public int Refused { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var next = TimeProvider.System.GetUtcNow() + Beat;
            await TellAsync();
            if (next - TimeProvider.System.GetUtcNow() is var rest && rest > TimeSpan.Zero)
                await Task.Delay(rest, CancellationToken.None);
        }
    }

    /// <summary>From now on nothing is on; goes on to tell so.</summary>
    public void End() => _end = TimeProvider.System.GetUtcNow();

    /// <summary>Every stretch that began before the end and lasted long enough for a node to be missed meanwhile.</summary>
    public IEnumerable<OnStretch> Stretches() => Enumerable.Range(0, _shifts.Length).SelectMany(alert => StretchesOf(alert, _end)).Where(stretch => stretch.End - stretch.Start > Phase / 2);

    private IEnumerable<OnStretch> StretchesOf(int alert, DateTimeOffset until)
    {
        for (var start = _start + _shifts[alert]; start < until && start < _end; start += 2 * Phase)
            yield return new OnStretch(alert, start, start + Phase < _end ? start + Phase : _end);
    }

    private async Task TellAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        var told = new List<string> { Alert("Source", "on", _start, now + Phase) };
        // What holds back is there first: nobody can hold back what comes before it.
        if (now - _start > TimeSpan.FromSeconds(20))
            foreach (var held in (string[])["Silenced", "Target"])
                told.Add(Alert(held, now.Second < 30 ? "a" : "b", _start, now + Beat));
        for (var alert = 0; alert < _shifts.Length; alert++)
            if (StretchesOf(alert, now).LastOrDefault() is { } stretch)
                told.Add(Alert("Flapping", alert.ToString(CultureInfo.InvariantCulture), stretch.Start, stretch.End > now ? now + Phase : stretch.End));
        var body = "[" + string.Join(",\n", told) + "]";
        while (!await IsTakenAsync(body))
        {
            Refused++;
            await Task.Delay(200);
        }
    }

    private async Task<bool> IsTakenAsync(string body)
    {
        foreach (var node in _nodes().OrderBy(_ => _random.Next()).ToList())
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            try
            {
                if (await node.PostAsync("/api/v2/alerts", content, patience.Token) == System.Net.HttpStatusCode.OK)
                    return true;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // The next one.
            }
        }
        return false;
    }

    private static string Alert(string name, string instance, DateTimeOffset start, DateTimeOffset end) =>
        $$"""{"labels":{"alertname":"{{name}}","instance":"{{instance}}"},"startsAt":"{{AlertStream.Time(start)}}","endsAt":"{{AlertStream.Time(end)}}"}""";
}

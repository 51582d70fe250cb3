using System.Globalization;
using System.Text.Json;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Alerts;

/// <summary>An active alert as /api/v1/alerts showed it.</summary>
public sealed record SeenAlert(IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations, SuiteState State, DateTimeOffset ActiveAt, double Value);

/// <summary>All active alerts at one moment between two times after T0, which is how long the question took.</summary>
/// <param name="IsSettled">False: the node has just come back, and may not know all alerts again.</param>
public sealed record Sighting(TimeSpan From, TimeSpan To, IReadOnlyList<SeenAlert> Alerts, bool IsSettled);

/// <summary>
/// The suite against one node: its rules are loaded, its samples written as time goes by, its alerts looked at over the API and recorded as they are sent. The scenarios of all
/// groups run at once, once for all tests.
/// </summary>
public class AlertRun : IAsyncLifetime
{
    /// <summary>An evaluation interval of 30 s is 1.5 s.</summary>
    private const int Rate = 20;

    /// <summary>How long before its time a sample is written: an evaluation must find it even on a machine that stands still for a moment.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromMinutes(2);

    private readonly TestFolder _folder = new();
    private readonly AlertRecorder _recorder;
    private readonly List<Sighting> _sightings = [];

    public AlertRun() => _recorder = new AlertRecorder(() => Clock.Now);

    public AlertSuite Suite { get; } = new();

    public FastClock Clock { get; } = new(Rate);

    public Node Node { get; private set; } = null!;

    /// <summary>How long the node was away, all times together.</summary>
    public TimeSpan Away { get; protected set; }

    /// <summary>It is away now, or was a moment ago.</summary>
    protected virtual bool IsAway => false;

    /// <summary>What a state may be late but for the evaluation interval: a real second of a loaded machine, and the node's absence.</summary>
    public virtual TimeSpan Slack => TimeSpan.FromSeconds(Rate);

    public DateTimeOffset Start { get; private set; }

    public IReadOnlyList<Sighting> Sightings => _sightings;

    public IReadOnlyList<ToldAlert> Told => _recorder.Told;

    /// <summary>Every sample of the ALERTS series: label text, time after T0.</summary>
    public IReadOnlyList<(string Labels, TimeSpan At)> Recorded { get; private set; } = [];

    public async Task InitializeAsync()
    {
        File.WriteAllText(_folder["test.conf"], Clock.Hocon);
        Node = new Node(_folder["node"], $"""
            global: {"{"}evaluation_interval: 1m{"}"}
            rule_files: ["{AlertSuite.RuleFile}"]
            alerting:
              alertmanagers:
                - timeout: 10m
                  static_configs: [{"{"}targets: ["{_recorder.Address}"]{"}"}]

            """, "--web.enable-remote-write-receiver", "--node.config=" + _folder["test.conf"]);
        await Node.StartAsync();
        await Eventually.Async("the Alertmanager is known",
            async () => (await Node.ApiAsync("alertmanagers")).GetProperty("activeAlertmanagers").GetArrayLength() == 1, TimeSpan.FromSeconds(60));
        Start = DateTimeOffset.FromUnixTimeSeconds(Clock.Now.AddMinutes(1).ToUnixTimeSeconds());
        await Task.WhenAll(WriteAsync(), LookAsync(), DisturbAsync());
        foreach (var (labels, samples) in await Node.SamplesAsync("ALERTS[2h]", (Start + Suite.End).ToUnixTimeMilliseconds() / 1000.0))
            Recorded = [.. Recorded, .. samples.Select(s => (labels, DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(s.Time * 1000)) - Start))];
    }

    public async Task DisposeAsync()
    {
        if (Node is not null)
            await Node.DisposeAsync();
        await _recorder.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Nothing happens to the node.</summary>
    protected virtual Task DisturbAsync() => Task.CompletedTask;

    private async Task WriteAsync()
    {
        var writer = new RemoteWriter(Node);
        for (var i = 0; i < Suite.Series.Max(s => s.Values.Count); i++)
        {
            var at = Start + (i * SuiteSeries.Step);
            await Clock.UntilAsync(at - Lead);
            var samples = Suite.Series.Where(s => i < s.Values.Count).Select(s => (s.Labels, at.ToUnixTimeMilliseconds(), s.Values[i])).ToList();
            await Eventually.Async($"samples of {at:O} are taken", async () => (int)await writer.SendAsync(samples) is 200 or 204, TimeSpan.FromSeconds(60));
        }
    }

    private async Task LookAsync()
    {
        for (var next = Start; next < Start + Suite.End; next = Clock.Now + TimeSpan.FromSeconds(3))
        {
            await Clock.UntilAsync(next);
            var before = Clock.Now - Start;
            try
            {
                var alerts = (await Node.ApiAsync("alerts")).GetProperty("alerts").EnumerateArray().Select(Read).ToList();
                _sightings.Add(new Sighting(before, Clock.Now - Start, alerts, !IsAway));
            }
            catch (Exception e) when (e is HttpRequestException && IsAway)
            {
                // Nobody answers while it is away.
            }
        }
    }

    private static SeenAlert Read(JsonElement alert) => new(
        Map(alert.GetProperty("labels")), Map(alert.GetProperty("annotations")),
        alert.GetProperty("state").GetString() switch
        {
            "pending" => SuiteState.Pending,
            "firing" => SuiteState.Firing,
            var other => throw new FormatException($"an alert is {other}"),
        },
        alert.GetProperty("activeAt").GetDateTimeOffset(), double.Parse(alert.GetProperty("value").GetString()!, CultureInfo.InvariantCulture));

    private static Dictionary<string, string> Map(JsonElement map) => map.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
}

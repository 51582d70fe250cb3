using System.Globalization;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests;

/// <summary>
/// kill -9 at random moments of a live scrape load and of remote writers. A sample is acknowledged when a write was answered with 2xx, or once an answer has shown it.
/// ACTORMON_KILLS says how often (10 by default; <c>scripts/chaos.sh</c> runs it for long).
/// </summary>
[Trait("Category", "Peers")]
public sealed class KillLoop
{
    private readonly int _kills = int.Parse(Environment.GetEnvironmentVariable("ACTORMON_KILLS") ?? "10", CultureInfo.InvariantCulture);
    private readonly Random _random = new(int.Parse(Environment.GetEnvironmentVariable("ACTORMON_SEED") ?? "1", CultureInfo.InvariantCulture));

    [Fact]
    public async Task No_kill_takes_a_sample_that_was_acknowledged_or_shown()
    {
        using var folder = new TestFolder();
        await using var fleet = new CountingFleet(targets: 12);
        // Windows of a minute, so that cuts and compactions are under way at many of the kills.
        await using var node = new Node(folder["node"], $$"""
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: fleet
                static_configs: {{fleet.StaticConfigs()}}
            """, "--web.enable-remote-write-receiver", "--storage.tsdb.min-block-duration=1m", "--storage.tsdb.max-block-duration=9m");
        var written = new WrittenSamples();
        var shown = new Dictionary<string, Dictionary<double, string>>();
        for (var kill = 0; kill < _kills; kill++)
        {
            await node.StartAsync();
            // All of it now and then: comparing everything after each of hundreds of kills would take hours.
            var isThorough = kill % 20 == 0;
            await CompareAsync(node, written, isThorough ? 0 : kill - 1, kill);
            await ShowAsync(node, fleet, shown, all: isThorough);
            using var stop = new CancellationTokenSource();
            var known = written.Acknowledged;
            var writers = Enumerable.Range(0, 2).Select(w => written.WriteUntilStoppedAsync(node, $"k{kill}w{w}", stop.Token)).ToArray();
            await Eventually.Async("the fleet is scraped and writes are acknowledged", async () =>
                written.Acknowledged > known + 100 && (await node.QueryAsync("fleet{s='0'}")).Count == fleet.Targets, Scene.Patience);
            await Task.Delay(_random.Next(1_500));
            await ShowAsync(node, fleet, shown, all: false);
            await node.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(writers);
        }
        await node.StartAsync();
        await CompareAsync(node, written, 0, _kills);
        await ShowAsync(node, fleet, shown, all: true);
        Assert.True(shown.Values.Sum(s => s.Count) > _kills * fleet.Targets, "too few scraped samples to compare");
    }

    /// <summary>What the writers between two kills have written, one kill's after the other: an answer with all of it would be too large.</summary>
    private static async Task CompareAsync(Node node, WrittenSamples written, int from, int to)
    {
        for (var kill = Math.Max(0, from); kill < to; kill++)
            await written.CompareAsync(node, $"k{kill}w");
    }

    /// <summary>Reads everything, or the last minutes: what was shown before must be there, what is there must have been exposed, a scrape is there whole. Then it counts as shown.</summary>
    private static async Task ShowAsync(Node node, CountingFleet fleet, Dictionary<string, Dictionary<double, string>> shown, bool all)
    {
        // Twice as long is asked for as is compared: the node takes its own time for now.
        var since = all ? double.MinValue : TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 300;
        var scrapes = new Dictionary<(string Pod, double Time), (long Number, int Series)>();
        var stored = await node.SamplesAsync($"fleet[{(all ? "1d" : "10m")}]");
        foreach (var (labels, samples) in stored)
        {
            var pod = Label(labels, "pod");
            var series = int.Parse(Label(labels, "s"), CultureInfo.InvariantCulture);
            foreach (var (time, value) in samples)
            {
                var scrape = MetricsServer.Number(value) - series / 1024.0;
                Assert.True(scrape == Math.Floor(scrape) && scrape <= fleet.Scrapes(int.Parse(pod, CultureInfo.InvariantCulture)), $"{labels} never had the value {value}");
                var whole = scrapes.GetValueOrDefault((pod, time), ((long)scrape, 0));
                Assert.True(whole.Item1 == (long)scrape, $"{labels} at {time} is from scrape {scrape}, its neighbours are from {whole.Item1}");
                scrapes[(pod, time)] = (whole.Item1, whole.Item2 + 1);
            }
        }
        Assert.All(scrapes, scrape => Assert.True(scrape.Value.Series == CountingFleet.SeriesPerTarget, $"of scrape {scrape.Key} only {scrape.Value.Series} series are there"));
        foreach (var (labels, samples) in shown)
        {
            var now = stored.GetValueOrDefault(labels, []).ToDictionary(s => s.Time, s => s.Value);
            var lost = samples.Where(s => s.Key >= since && (!now.TryGetValue(s.Key, out var value) || value != s.Value)).ToList();
            Assert.True(lost.Count == 0, $"{labels}: {lost.Count} of {samples.Count} samples that were shown are gone or changed, the first: {lost.FirstOrDefault()}");
        }
        foreach (var (labels, samples) in stored)
        {
            if (!shown.TryGetValue(labels, out var known))
                shown[labels] = known = [];
            foreach (var sample in samples)
                known[sample.Time] = sample.Value;
        }
    }

    private static string Label(string labels, string name) => labels.Split(',').Single(l => l.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
}

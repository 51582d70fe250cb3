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
            await written.CompareAsync(node, kill % 20 == 0 ? "" : $"k{kill - 1}w");
            await ShowAsync(node, fleet, shown);
            using var stop = new CancellationTokenSource();
            var known = written.Acknowledged;
            var writers = Enumerable.Range(0, 2).Select(w => written.WriteUntilStoppedAsync(node, $"k{kill}w{w}", stop.Token)).ToArray();
            await Eventually.Async("the fleet is scraped and writes are acknowledged", async () =>
                written.Acknowledged > known + 100 && (await node.QueryAsync("fleet{s='0'}")).Count == fleet.Targets, Scene.Patience);
            await Task.Delay(_random.Next(1_500));
            await ShowAsync(node, fleet, shown);
            await node.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(writers);
        }
        await node.StartAsync();
        await written.CompareAsync(node);
        await ShowAsync(node, fleet, shown);
        Assert.True(shown.Values.Sum(s => s.Count) > _kills * fleet.Targets, "too few scraped samples to compare");
    }

    /// <summary>Reads everything: what was shown before must be there, what is there must have been exposed, a scrape is there whole. Then it counts as shown.</summary>
    private static async Task ShowAsync(Node node, CountingFleet fleet, Dictionary<string, Dictionary<double, string>> shown)
    {
        var scrapes = new Dictionary<(string Pod, double Time), (long Number, int Series)>();
        var stored = await node.SamplesAsync("fleet[1d]");
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
            var lost = samples.Where(s => !now.TryGetValue(s.Key, out var value) || value != s.Value).ToList();
            Assert.True(lost.Count == 0, $"{labels}: {lost.Count} of {samples.Count} samples that were shown are gone or changed, the first: {lost.FirstOrDefault()}");
        }
        foreach (var (labels, samples) in stored)
            shown[labels] = samples.ToDictionary(s => s.Time, s => s.Value);
    }

    private static string Label(string labels, string name) => labels.Split(',').Single(l => l.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
}

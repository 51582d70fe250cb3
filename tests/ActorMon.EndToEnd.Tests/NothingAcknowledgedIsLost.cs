using System.Globalization;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests;

[Trait("Category", "Peers")]
public sealed class NothingAcknowledgedIsLost : IAsyncLifetime
{
    private const string Scraped = "{job=~'shop|flask'}[1h]";

    private readonly TestFolder _folder = new();
    private readonly Target _shop = Target.Shop();
    private readonly Target _flask = Target.Flask();
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        await Task.WhenAll(_shop.StartAsync(), _flask.StartAsync());
        _node = new Node(_folder["node"], $$"""
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: shop
                static_configs: [{targets: ["{{_shop.Metrics}}"]}]
              - job_name: flask
                static_configs: [{targets: ["{{_flask.Metrics}}"]}]
            """, "--web.enable-remote-write-receiver");
        await _node.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _shop.DisposeAsync();
        await _flask.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Kill_9_in_the_middle_of_ingestion_loses_no_acknowledged_sample()
    {
        var written = new WrittenSamples();
        var seenScrapes = new Dictionary<string, List<PrintedSample>>();
        for (var round = 0; round < 3; round++)
        {
            await ScrapeSomethingAsync();
            using var stop = new CancellationTokenSource();
            var known = written.Acknowledged;
            var writers = Enumerable.Range(0, 4).Select(w => written.WriteUntilStoppedAsync(_node, $"r{round}w{w}", stop.Token)).ToArray();
            await Eventually.Async("many samples are acknowledged", () => Task.FromResult(written.Acknowledged > known + 2000), Scene.Patience);
            Merge(seenScrapes, await _node.SamplesAsync(Scraped));
            Assert.DoesNotContain(writers, w => w.IsCompleted);
            await _node.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(writers);
            await _node.StartAsync();

            await written.CompareAsync(_node);
            Contains(await _node.SamplesAsync(Scraped), seenScrapes);
        }
        Assert.True(seenScrapes.Values.Sum(s => s.Count) > 50, "too few scraped samples to compare");
    }

    [Fact]
    public async Task A_clean_stop_and_start_loses_nothing_at_all()
    {
        await ScrapeSomethingAsync();
        var written = new WrittenSamples();
        using var stop = new CancellationTokenSource();
        var writer = written.WriteUntilStoppedAsync(_node, "clean", stop.Token);
        await Eventually.Async("some samples are acknowledged", () => Task.FromResult(written.Acknowledged > 200), Scene.Patience);
        var before = await _node.SamplesAsync(Scraped);
        Assert.Equal(0, await _node.StopAsync());
        await stop.CancelAsync();
        await writer;
        await _node.StartAsync();
        await written.CompareAsync(_node);
        Contains(await _node.SamplesAsync(Scraped), before);
        await Eventually.Async("scraping goes on", async () => (await _node.QueryAsync("up == 1")).Count == 2, Scene.Patience);
    }

    [Fact]
    public async Task A_second_node_on_the_same_directory_refuses_to_start_and_disturbs_nothing()
    {
        await using var second = new RunningProcess(Node.Program,
            ["--config.file=" + _node.ConfigFile, "--storage.path=" + _node.DataDirectory, $"--web.listen-address=127.0.0.1:{FreePorts.Next()}"]);
        Assert.NotEqual(0, await second.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains(_node.DataDirectory, second.Output, StringComparison.Ordinal);
        await ScrapeSomethingAsync();
    }

    private async Task ScrapeSomethingAsync()
    {
        await _shop.OrderAsync("get", 1);
        await Eventually.Async("both programs are scraped", async () => (await _node.QueryAsync("up == 1")).Count == 2 && (await _node.QueryAsync("http_requests_total")).Count == 1, Scene.Patience);
    }

    private static void Merge(Dictionary<string, List<PrintedSample>> into, Dictionary<string, List<PrintedSample>> more)
    {
        foreach (var (labels, samples) in more)
            into[labels] = samples;
    }

    private static void Contains(Dictionary<string, List<PrintedSample>> stored, Dictionary<string, List<PrintedSample>> expected)
    {
        foreach (var (labels, samples) in expected)
        {
            Assert.True(stored.ContainsKey(labels), $"{labels} is gone");
            var missing = samples.Except(stored[labels]).ToList();
            Assert.True(missing.Count == 0, string.Create(CultureInfo.InvariantCulture, $"{labels}: {missing.Count} of {samples.Count} samples are gone, the first: {missing.FirstOrDefault()}"));
        }
    }
}

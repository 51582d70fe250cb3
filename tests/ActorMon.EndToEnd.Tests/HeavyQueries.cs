using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests;

/// <summary>Many copies of a query that takes all it can get: the node goes on serving everybody else, and lets go of what nobody waits for.</summary>
public sealed class HeavyQueries : IAsyncLifetime
{
    private const int Copies = 100;
    private const int Steps = 10_999;
    private const int Series = 600;
    private const long Megabyte = 1 << 20;
    private const long QueryMemory = 300 * Megabyte;

    /// <summary>Two vectors of 600 series by 11,000 steps, one of them held whole: about 160 MB. They differ, or they would be computed once.</summary>
    private const string Sum = "last_over_time(growing[1d]) + on (s) group_left () last_over_time(growing[1d] offset 1s)";

    private const string Heavy = "count(" + Sum + ")";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly TestFolder _folder = new();
    private readonly GrowingTarget _target = new() { Series = Series };
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 2 * Copies }) { Timeout = TimeSpan.FromMinutes(10) };
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        var settings = _folder["node.conf"];
        await File.WriteAllTextAsync(settings, $"actormon.memory.budget = {QueryMemory}B\nactormon.query {{ max-memory-per-query = 200MB, max-queued = 16 }}\n");
        _node = new Node(_folder["node"], $$"""
            global: {scrape_interval: {{Interval.TotalSeconds}}s}
            scrape_configs:
              - job_name: growing
                static_configs: [{targets: ["{{_target.Address}}"]}]
            """, "--node.config=" + settings);
        await _node.StartAsync();
        await Eventually.Async("the target was scraped twice", async () => await _node.ValueAsync("count(growing >= 2)") == Series, Scene.Patience);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _target.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_hundred_at_once_cost_nobody_else_a_query_a_probe_or_a_scrape()
    {
        var before = ResidentBytes("VmRSS");
        var firstScrape = _target.Scrapes;
        var heavy = Enumerable.Range(0, Copies).Select(_ => AskAsync(Range(Heavy))).ToList();
        // Its result comes on top of what it holds: more than one query may have.
        var tooLarge = AskAsync(Range(Sum));
        var storm = Task.WhenAll(heavy);
        var delays = new ConcurrentQueue<TimeSpan>();
        while (!storm.IsCompleted)
        {
            var started = TimeProvider.System.GetTimestamp();
            Assert.Equal(Series, await _node.ValueAsync("count(growing)"));
            delays.Enqueue(TimeProvider.System.GetElapsedTime(started));
            Assert.Equal(HttpStatusCode.OK, (await AskAsync("/-/ready")).Status);
            await Task.WhenAny(storm, Task.Delay(100));
        }

        // Each was answered, or refused by a limit that says its name and value.
        var answers = await storm;
        Assert.NotEmpty(delays);
        Assert.All(answers, answer => Assert.Equal("", Objection(answer)));
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.ServiceUnavailable);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, ""), ((await tooLarge).Status, Objection(await tooLarge)));
        // The others waited for a turn on the processor, not for the hundred.
        Assert.True(delays.Max() < TimeSpan.FromSeconds(20), $"a small query waited {delays.Max()}");
        // Reservations are what is certainly held; the runtime takes some more before it collects.
        var grown = ResidentBytes("VmHWM") - before;
        Assert.True(grown < QueryMemory + 900 * Megabyte, $"the process grew by {grown / Megabyte} MB");

        await Eventually.Async("two more scrapes are stored", async () => await _node.ValueAsync("max(growing)") >= _target.Scrapes - 1 && _target.Scrapes > firstScrape + 2, Scene.Patience);
        await AssertNoScrapeIsMissingAsync();
        Assert.Equal(0, await MemoryHeldAsync());
    }

    [Fact]
    public async Task Clients_that_go_away_take_their_queries_along()
    {
        using var clients = new CancellationTokenSource();
        var heavy = Enumerable.Range(0, 10).Select(_ => AskAsync(Range(Heavy), clients.Token)).ToList();
        await Eventually.Async("heavy queries run", async () => (await _node.ApiAsync("status/queries")).GetProperty("queries").GetArrayLength() > 0, Scene.Patience);

        await clients.CancelAsync();

        // Two that ran at once may have been too much for the memory before the clients went.
        var left = 0;
        foreach (var query in heavy)
        {
            try
            {
                Assert.Equal("", Objection(await query));
            }
            catch (OperationCanceledException)
            {
                left++;
            }
        }
        Assert.True(left >= heavy.Count / 2, $"only {left} clients had to wait at all");
        await Eventually.Async("no query runs", async () => (await _node.ApiAsync("status/queries")).GetProperty("queries").GetArrayLength() == 0, Scene.Patience);
        await Eventually.Async("their memory is free", async () => await MemoryHeldAsync() == 0, Scene.Patience);
    }

    /// <summary>What is wrong with an answer to a heavy query; "": nothing.</summary>
    private static string Objection((HttpStatusCode Status, string Text) answer)
    {
        using var json = JsonDocument.Parse(answer.Text);
        var error = answer.Status == HttpStatusCode.OK ? "" : json.RootElement.GetProperty("error").GetString()!;
        var isFine = answer.Status switch
        {
            HttpStatusCode.OK => json.RootElement.GetProperty("data").GetProperty("result")[0].GetProperty("values")[Steps][1].GetString() == $"{Series}",
            HttpStatusCode.UnprocessableEntity => error.StartsWith("query processing would load too many samples into memory in query execution", StringComparison.Ordinal)
                && (error.Contains("(actormon.memory.budget)", StringComparison.Ordinal) || error.Contains("(actormon.query.max-memory-per-query)", StringComparison.Ordinal)),
            HttpStatusCode.ServiceUnavailable => error.Contains("wait (actormon.query.max-queued)", StringComparison.Ordinal),
            _ => false,
        };
        return isFine ? "" : $"{(int)answer.Status}: {(error.Length > 0 ? error : answer.Text[..Math.Min(300, answer.Text.Length)])}";
    }

    /// <summary>The target counts its scrapes: every number that it showed is stored, and none came more than an interval late.</summary>
    private async Task AssertNoScrapeIsMissingAsync()
    {
        var samples = (await _node.SamplesAsync("growing{s='0'}[1h]")).Values.Single();
        var shown = samples.Select(sample => MetricsServer.Number(sample.Value)).ToArray();
        Assert.Equal(Enumerable.Range(0, shown.Length).Select(i => shown[0] + i), shown);
        var widest = samples.Zip(samples.Skip(1), (a, b) => b.Time - a.Time).Max();
        Assert.True(widest <= 2.5 * Interval.TotalSeconds, $"{widest} s between two scrapes");
        Assert.Equal(1, await _node.ValueAsync("min_over_time(up[1h])"));
    }

    private async Task<double> MemoryHeldAsync()
    {
        var line = (await _node.TextAsync("/metrics")).Split('\n').First(line => line.StartsWith("actormon_query_memory_bytes", StringComparison.Ordinal));
        return MetricsServer.Number(line.Split(' ')[1]);
    }

    /// <summary>All steps lie behind the samples, which the window of a day sees at each of them.</summary>
    private static string Range(string query)
    {
        var start = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1;
        return string.Create(CultureInfo.InvariantCulture, $"/api/v1/query_range?query={Uri.EscapeDataString(query)}&start={start}&end={start + Steps}&step=1");
    }

    private long ResidentBytes(string field) => 1024 * File.ReadLines($"/proc/{_node.Process.Id}/status")
        .Where(line => line.StartsWith(field + ":", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)).Single();

    private async Task<(HttpStatusCode Status, string Text)> AskAsync(string path, CancellationToken cancellation = default)
    {
        using var answer = await _http.GetAsync(new Uri(_node.Url, path), cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellation));
    }
}

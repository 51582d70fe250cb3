using System.Text.Json;

namespace ActorMon.Host.Tests.Processes;

/// <summary>What a running node tells of its queries: slow ones in its log, all in the query log, those that a crash interrupted at the next start.</summary>
[Collection(ProcessTests.Name)]
public sealed class QueryJournalTests
{
    /// <summary>A window of an hour by milliseconds at each of many steps, not more than a subquery may have: it runs until somebody ends it.</summary>
    private const string Endless = "quantile_over_time(0.5, vector(time() % 7)[1h:1ms])";

    private const string Slow = "sum_over_time(vector(1)[10m:1ms])";

    [Fact]
    public async Task A_slow_query_is_named_in_the_log_with_what_it_cost_and_every_query_in_the_query_log()
    {
        await using var node = new HostNode();
        var log = Path.Combine(node.Folder, "query.log");
        node.Configure($"global:\n  query_log_file: {log}\n");
        var settings = Path.Combine(node.Folder, "node.conf");
        await File.WriteAllTextAsync(settings, "actormon.query.slow-threshold = 1ms\n");
        await node.StartAsync("--node.config=" + settings);

        Assert.Contains("600000", await node.ResultAsync(Slow, 1_700_000_000), StringComparison.Ordinal);

        await node.UntilAsync("the slow query is named", () => Task.FromResult(node.Output.Any(line => line.Contains("Slow query", StringComparison.Ordinal))));
        var line = node.Output.Last(line => line.Contains("Slow query", StringComparison.Ordinal));
        Assert.Contains(Slow, line, StringComparison.Ordinal);
        Assert.Contains("from 127.0.0.1; answered", line, StringComparison.Ordinal);
        Assert.Contains("start 1700000000000, end 1700000000000, step 0 ms", line, StringComparison.Ordinal);
        Assert.Matches(@"\(\d+\.\d{3} s, \d+\.\d{3} s of them waiting, \d+ samples, \d+ bytes at most;", line);

        await node.UntilAsync("the query log has the query", async () => File.Exists(log) && (await ReadAsync(log)).Length > 0);
        var logged = JsonDocument.Parse((await ReadAsync(log)).Split('\n')[0]).RootElement;
        Assert.Equal(Slow, logged.GetProperty("params").GetProperty("query").GetString());
        Assert.Equal("/api/v1/query", logged.GetProperty("httpRequest").GetProperty("path").GetString());
    }

    [Fact]
    public async Task Queries_that_a_kill_interrupted_are_in_the_active_query_file_and_named_at_the_next_start()
    {
        await using var node = await new HostNode().StartAsync();
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        var interrupted = http.GetAsync(new Uri(node.Url, $"/api/v1/query_range?query={Uri.EscapeDataString(Endless)}&start=1700000000&end=1700005999&step=1"));
        await node.UntilAsync("the query runs", async () => (await node.GetAsync("/api/v1/status/queries")).Contains("\"state\":\"running\"", StringComparison.Ordinal));
        await node.UntilAsync("it is noted", async () => (await ReadAsync(Path.Combine(node.Data, "queries.active"))).Contains(Endless, StringComparison.Ordinal));

        await node.KillAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => interrupted);
        await node.StartAsync();
        await node.UntilAsync("the interrupted query is named", () => Task.FromResult(
            node.Output.Any(line => line.Contains("didn't finish", StringComparison.Ordinal) && line.Contains(Endless, StringComparison.Ordinal))));
        Assert.Equal(0, await node.StopAsync());

        await node.StartAsync();
        Assert.DoesNotContain("didn't finish", node.Text, StringComparison.Ordinal);
    }

    /// <summary>The node has the file open.</summary>
    private static async Task<string> ReadAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync();
    }
}

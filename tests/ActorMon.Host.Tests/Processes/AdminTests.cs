using System.Globalization;
using System.Net;
using System.Text.Json;
using ActorMon.Testing.Http;

namespace ActorMon.Host.Tests.Processes;

/// <summary>The admin API of a running node, as a user with curl sees it.</summary>
public sealed class AdminTests
{
    private const string Job = "scrape_configs:\n  - job_name: t\n    scrape_interval: 200ms\n    scrape_timeout: 200ms\n    static_configs: [{targets: ['127.0.0.1:PORT']}]\n";
    private const string Admin = "--web.enable-admin-api";

    [Fact]
    public async Task Deleted_series_are_gone_at_once_come_back_by_undo_and_are_gone_for_good_after_cleaning()
    {
        await using var node = new HostNode();
        var time = await FillAsync(node);
        await node.StartAsync(Admin);
        var everything = await StateAsync(node, time);
        Assert.Contains("gone_a", everything, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(node, "delete_series?match[]=gone_a&match[]={__name__=\"kept\",x=\"1\"}"));
        var without = await StateAsync(node, time);
        Assert.DoesNotContain("gone_a", without, StringComparison.Ordinal);
        Assert.DoesNotContain("only_there", without, StringComparison.Ordinal);
        Assert.Contains("kept", without, StringComparison.Ordinal);

        var pending = JsonDocument.Parse(await node.GetAsync("/api/v1/admin/tsdb/deletions")).RootElement.GetProperty("data").GetProperty("deletions");
        Assert.Equal(1, pending.GetArrayLength());
        var id = pending[0].GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(node, $"undelete_series?id={id}"));
        Assert.Equal(everything, await StateAsync(node, time));
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(node, $"undelete_series?id={id}"));

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(node, "delete_series?match[]=gone_a&match[]={__name__=\"kept\",x=\"1\"}"));
        Assert.Equal(0, await node.StopAsync());
        await node.StartAsync(Admin);
        Assert.Equal(without, await StateAsync(node, time));

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(node, "clean_tombstones"));
        Assert.Equal(without, await StateAsync(node, time));
        Assert.Contains("\"deletions\":[]", await node.GetAsync("/api/v1/admin/tsdb/deletions"), StringComparison.Ordinal);
        await node.KillAsync();
        await node.StartAsync(Admin);
        Assert.Equal(without, await StateAsync(node, time));
        Assert.Equal(0, await node.StopAsync());
    }

    [Fact]
    public async Task A_node_started_on_a_copy_of_a_snapshot_answers_the_same()
    {
        await using var node = new HostNode();
        var time = await FillAsync(node);
        await node.StartAsync(Admin);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(node, "delete_series?match[]=gone_a"));
        var before = await StateAsync(node, time);
        var name = await SnapshotAsync(node, "snapshot");
        // Whatever happens to the node later, the snapshot stays as it was.
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(node, "delete_series?match[]={job=\"t\"}"));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(node, "clean_tombstones"));

        await using var restored = new HostNode();
        Copy(Path.Combine(node.Data, "snapshots", name), restored.Data);
        await restored.StartAsync(Admin);
        Assert.Equal(before, await StateAsync(restored, time));
        // The same in everything but that it is a node of its own.
        Assert.Equal(Meta(node).Where(line => !line.Contains("nodeId")), Meta(restored).Where(line => !line.Contains("nodeId")));
        Assert.NotEqual(Meta(node), Meta(restored));

        // And so does a snapshot of the snapshot, whose samples stand in parts.
        var again = await SnapshotAsync(restored, "snapshot?skip_head=true");
        Assert.Equal(0, await restored.StopAsync());
        await using var third = new HostNode();
        Copy(Path.Combine(restored.Data, "snapshots", again), third.Data);
        await third.StartAsync();
        Assert.Equal(before.Split('\n')[..3], (await StateAsync(third, time)).Split('\n')[..3]);
        Assert.Equal(0, await third.StopAsync());
        Assert.Equal(0, await node.StopAsync());
    }

    private static string[] Meta(HostNode node) => File.ReadAllText(Path.Combine(node.Data, "actormon.json")).Split('\n', ',');

    /// <summary>A node that was scraping and is stopped; the time of its newest sample.</summary>
    private static async Task<double> FillAsync(HostNode node)
    {
        var scrapes = 0;
        await using var target = LoopbackServer.Http(_ => HttpReply.Ok(
            $"# HELP kept Help of kept.\n# TYPE kept counter\nkept{{x=\"1\"}} {Interlocked.Increment(ref scrapes)}\nkept{{x=\"2\"}} {scrapes * 0.5}\n# TYPE gone_a gauge\ngone_a{{only=\"only_there\"}} {scrapes}\n"));
        node.Configure(Job.Replace("PORT", target.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        await node.StartAsync();
        await node.UntilAsync("ten samples", async () => await node.ResultAsync("count(count_over_time(gone_a[1h]) > 10)") != "[]");
        var time = double.Parse((await node.ResultAsync("scalar(max(max_over_time(timestamp(gone_a)[1h:1s])))")).Split('"')[1], CultureInfo.InvariantCulture);
        Assert.Equal(0, await node.StopAsync());
        node.Configure("");
        return time;
    }

    /// <summary>Everything that is answered of the samples: values, label names, series, metadata.</summary>
    private static async Task<string> StateAsync(HostNode node, double time) => string.Join('\n',
        await node.ResultAsync("{job=\"t\"}[1h]", time), await node.GetAsync("/api/v1/series?match[]={job=\"t\"}"),
        await node.GetAsync("/api/v1/label/__name__/values") + await node.GetAsync("/api/v1/labels") + await node.GetAsync("/api/v1/label/only/values"),
        await node.GetAsync("/api/v1/metadata?metric=kept"));

    private static Task<HttpStatusCode> PostAsync(HostNode node, string request) => node.StatusAsync(HttpMethod.Post, "/api/v1/admin/tsdb/" + request);

    private static async Task<string> SnapshotAsync(HostNode node, string request)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        using var answer = await http.PostAsync(new Uri(node.Url, "/api/v1/admin/tsdb/" + request), null);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.OK, text), (answer.StatusCode, text));
        return JsonDocument.Parse(text).RootElement.GetProperty("data").GetProperty("name").GetString()!;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}

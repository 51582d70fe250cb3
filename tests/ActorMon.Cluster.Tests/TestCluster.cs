using ActorMon.Actors.Journal;
using ActorMon.Replication.Map;
using ActorMon.Testing.IO;
using Akka.Actor;

namespace ActorMon.Cluster.Tests;

/// <summary>Nodes with one journal. A node that ended can be started again on its folder.</summary>
internal sealed class TestCluster(string provider, string connection) : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Guid _cluster = Guid.NewGuid();
    private ulong _lives;

    public List<ClusterNode> Nodes { get; } = [];

    public ShardPlaces Places { get; } = new();

    /// <summary>Journal in a file that all nodes share.</summary>
    public static TestCluster OnOneFile()
    {
        var folder = new TempFolder();
        return new TestCluster("sqlite", "Data Source=" + folder.File("control.db")) { Shared = folder };
    }

    private TempFolder? Shared { get; init; }

    public async Task<ClusterNode> AddAsync(string name, int expected, FakeConfiguration? files = null)
    {
        Address? join = Nodes.Count > 0 ? Nodes[0].Address : null;
        var node = await ClusterNode.StartAsync(
            _folder.File(name), JournalDatabase.Of(provider, connection, _folder.File(name)), _cluster, expected, join, ++_lives, Places, files: files);
        Nodes.Add(node);
        return node;
    }

    /// <summary>A cluster of new nodes in which every partition has its copies and answers.</summary>
    public async Task<IReadOnlyList<ClusterNode>> StartAsync(int nodes)
    {
        for (var i = 0; i < nodes; i++)
            await AddAsync($"n{i}", nodes);
        // The map can be whole while a node has not yet heard that another one is up; killed then, the one that knew leaves no majority behind.
        await ClusterNode.EventuallyAsync("every node sees every node up", () => Nodes.All(n => n.Sees(nodes)));
        await ClusterNode.EventuallyAsync("every partition is placed", () => Nodes[0].View.Current!.Partitions.All(p => p.IsComplete));
        await ClusterNode.EventuallyAsync("every copy and shard answers", async () => (await Nodes[0].StateAsync()).Complete);
        await SettledAsync();
        return Nodes;
    }

    /// <summary>All nodes have the same map.</summary>
    public Task SettledAsync() => ClusterNode.EventuallyAsync("all nodes have the map in force", async () =>
    {
        var status = await Nodes[0].MapStatusAsync();
        return status.Version > 0 && Nodes.All(n => n.View.Version == status.Version);
    });

    public static PartitionMap MapOf(ClusterNode node) => node.View.Current!;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await node.DisposeAsync();
        _folder.Dispose();
        Shared?.Dispose();
    }
}

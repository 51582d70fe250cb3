using System.Buffers;
using ActorMon.Host.Links;
using ActorMon.Host.Node;
using ActorMon.Model.Sharding;
using ActorMon.Model.Telemetry;
using ActorMon.Protocol.Links;
using ActorMon.Tsdb.Storage;
using Serilog.Core;

namespace ActorMon.Host.Cluster;

/// <summary>
/// Before a new node's data directory is made: which cluster is it of? The seeds are asked until one knows. The first of them, when it is new itself and nobody answers for a
/// moment, makes a new cluster. A directory that has a cluster already is never asked about.
/// </summary>
public static class ClusterSearch
{
    private static readonly TimeSpan FirstWaits = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(10);

    /// <returns>The id for a new directory, null: the directory's own or a new one. An error: the cluster there is not one that this node can be of.</returns>
    public static async Task<(Guid? Cluster, string? Error)> RunAsync(NodeOptions options, NodeSettings settings, LinkSettings links, Logger log, TimeProvider time)
    {
        if (options.SeedNodes.Count == 0 || options.Bootstrap || DataDirectory.PartitionsOf(options.DataDirectory, DiskFiles.Instance) is not null)
            return (null, null);
        var others = options.SeedNodes.Where(seed => !IsSelf(seed, options)).ToList();
        var isFirst = IsSelf(options.SeedNodes[0], options);
        var stranger = new LinkIdentity(Guid.Empty, 0, StableHash.Version, "new", 1);
        await using var calls = new NodeLinkServer(links, () => stranger, () => 0, new MetricRegistry(), time);
        var started = time.GetTimestamp();
        var reminded = started;
        while (true)
        {
            foreach (var seed in others)
                if (await HelloOperation.AskAsync(calls.Client, seed.Link(links.Scheme), CallTimeout, CancellationToken.None) is { } hello)
                    return Check(hello, seed, settings);
            if (isFirst && time.GetElapsedTime(started) >= FirstWaits)
                return (null, null);
            if (time.GetElapsedTime(reminded) >= Reminder)
            {
                reminded = time.GetTimestamp();
                log.Warning("No seed answers yet: {Seeds}; a new node waits for one", string.Join(", ", others));
            }
            await Task.Delay(Pause, time);
        }
    }

    internal static bool IsSelf(SeedNode seed, NodeOptions options) => seed.Host == options.AdvertisedHost && seed.Port == options.ClusterPort;

    private static (Guid?, string?) Check(Hello hello, SeedNode seed, NodeSettings settings)
    {
        if (hello.HashVersion != StableHash.Version)
            return (null, $"the cluster of seed {seed} places series by hash version {hello.HashVersion}, this program by {StableHash.Version}");
        return hello.Partitions == settings.Partitions
            ? (hello.Cluster, null)
            : (null, $"the cluster of seed {seed} has {hello.Partitions} partitions, here actormon.partitions = {settings.Partitions}; the number is fixed for a cluster's life");
    }
}

using ActorMon.Host.Links;
using ActorMon.Host.Node;
using ActorMon.Replication.Map;
using ActorMon.Replication.Membership;
using Microsoft.Extensions.Logging;

namespace ActorMon.Host.Cluster;

/// <summary>The way of a node into its cluster, at its start and whenever a membership has ended: asks the seeds and the last members until <see cref="JoinPlan"/> knows what to do.</summary>
public sealed class ClusterEntry(NodeOptions options, NodeCluster cluster, NodeLinkServer links, TimeProvider time, ILogger<ClusterEntry> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(10);

    /// <summary>There is nobody to ask: <see cref="FindAsync"/> ends at once.</summary>
    public bool IsAlone => Contacts().Count == 0;

    /// <returns>Form or Join.</returns>
    public async Task<JoinStep> FindAsync(CancellationToken cancellation)
    {
        var told = "";
        var toldAt = time.GetTimestamp();
        while (true)
        {
            var step = JoinPlan.Next(cluster.View.Self.Node, cluster.View.Current, cluster.Founds, options.Bootstrap, await ReachedAsync(cancellation));
            if (step is not JoinStep.Wait wait)
                return step;
            if (wait.Why != told || time.GetElapsedTime(toldAt) >= Reminder)
            {
                (told, toldAt) = (wait.Why, time.GetTimestamp());
                log.LogInformation("The node looks for its cluster: {Why}", wait.Why);
            }
            await Task.Delay(Pause, time, cancellation);
        }
    }

    private async Task<IReadOnlyList<Reached>> ReachedAsync(CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(Contacts().Select(contact => HelloOperation.AskAsync(links.Client, contact, CallTimeout, cancellation)));
        return [.. answers.Where(hello => hello?.Cluster == cluster.Id).Select(hello => hello!.Node).OfType<Reached>().Where(node => node.Node != cluster.View.Self.Node).DistinctBy(node => node.Node)];
    }

    private HashSet<Uri> Contacts()
    {
        var contacts = options.SeedNodes.Where(seed => !ClusterSearch.IsSelf(seed, options)).Select(seed => seed.Link(links.Scheme)).ToHashSet();
        if (cluster.View.Current is { } map)
            foreach (var node in map.Nodes.Values.Where(n => n.Id != cluster.View.Self.Node))
                if (Uri.TryCreate(node.LinkAddress, UriKind.Absolute, out var address))
                    contacts.Add(address);
        return contacts;
    }
}

using System.Net;
using ActorMon.Api.Notifications;
using ActorMon.Host.Cluster;
using ActorMon.Host.Configuration;
using ActorMon.Protocol.Control;
using Akka.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorMon.Host.Node;

/// <summary>
/// Runs the node's actors inside the Generic Host. Starts before the HTTP server listens and stops after it has drained: so a request that was taken is answered, and
/// acknowledged samples are in closed logs when the process ends.
/// </summary>
public sealed class NodeService(
    NodeOptions options, NodeSettings settings, Config hocon, NodeParts parts, NodeReadiness readiness, ConfigurationService configuration, NodeNotifications notifications,
    ILoggerFactory loggers, TimeProvider time) : IHostedService
{
    private readonly ILogger _log = loggers.CreateLogger<NodeService>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _loops = [];
    private ActorNode? _actors;
    private ReloadTriggers? _reload;

    /// <summary>Of the present life; another one after the node's membership has ended.</summary>
    public ActorNode Actors => Volatile.Read(ref _actors) ?? throw new InvalidOperationException("the node's actors are not running");

    /// <summary>The way out of the cluster; null: the node is in none yet.</summary>
    public Departure? Departure => Volatile.Read(ref _actors) is { } actors
        ? new Departure(parts.Actors.Cluster.View, actors.DecideAsync, settings.DrainTimeout, time, loggers.CreateLogger<Departure>())
        : null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        notifications.Add(NodeNotifications.StartingUp);
        // First, because an unhandled SIGHUP ends a process.
        _reload = new ReloadTriggers(configuration, ReloadAsync, options.AutoReloadInterval, time, _log);
        if (parts.Queries.Unfinished is { } unfinished)
            _log.LogWarning("These queries didn't finish in the node's last run: {Queries}", unfinished);
        // Beside the actors: a port of its own, which costs a start nothing.
        var entry = new ClusterEntry(options, parts.Actors.Cluster, parts.Links, time, loggers.CreateLogger<ClusterEntry>());
        var lives = new NodeLives(parts, readiness, entry, (actors, listening, step) => ActorNode.StartAsync(options, hocon, actors, loggers, listening, step), time, loggers.CreateLogger<NodeLives>());
        configuration.Installed += OnInstalled;
        _actors = await lives.BeginAsync(ListenForNodesAsync(), _stopping.Token);
        // A version that the cluster had told by then.
        Tell(parts.Actors.Scraping.Configuration.Current.Version);
        _loops.Add(Task.Factory.StartNew(() => parts.WalSync.RunAsync(_stopping.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap());
        _loops.Add(lives.RunAsync(_actors, next => Volatile.Write(ref _actors, next), _stopping.Token));
        _loops.Add(BecomeReadyAsync(_stopping.Token));
        _loops.Add(_reload.RunAsync(_stopping.Token));
    }

    private async Task ListenForNodesAsync()
    {
        await parts.Links.ListenAsync(options.LinkAddress, parts.LinkOperations, loggers);
        parts.Actors.Cluster.ListensForLinks(parts.Links.Scheme, parts.Links.Address.Port);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        configuration.Installed -= OnInstalled;
        _reload?.Dispose();
        await _stopping.CancelAsync();
        // No next life begins after this.
        await Task.WhenAll(_loops);
        if (_actors is not null)
            await _actors.DisposeAsync();
        await parts.Links.DisposeAsync();
        // The directory is given back after this: whatever still writes into it has been told to stop.
        await parts.Actors.Replicas.Work.WhenIdleAsync();
        parts.Actors.Scraping.Clients.Dispose();
        parts.Actors.Scraping.FailureLogs.Dispose();
        parts.Queries.Dispose();
        _log.LogInformation("The node has stopped");
    }

    /// <summary>Proposes this node's configuration files to the cluster.</summary>
    /// <returns>Null when they are in effect, else why they are not.</returns>
    public Task<string?> ReloadAsync(CancellationToken cancellation) =>
        _actors is { } actors ? Task.Run(() => configuration.ReloadAsync(actors.ProposeConfigurationAsync, cancellation), cancellation) : Task.FromResult<string?>("the node is starting");

    private void OnInstalled(long version)
    {
        parts.Actors.Scraping.Clients.Retain(parts.Actors.Scraping.Configuration.Current.Jobs.Select(j => j.Job));
        parts.Actors.Scraping.FailureLogs.Reopen();
        Tell(version);
    }

    private void Tell(long version)
    {
        var installed = new ControlProtocol.ConfigurationInstalled(version);
        _actors?.Control.Tell(installed, Akka.Actor.ActorRefs.NoSender);
        _actors?.Notifier.Tell(installed, Akka.Actor.ActorRefs.NoSender);
    }

    /// <summary>Asks Control until every partition and scrape shard has answered. 25 ms: small beside the second a start takes, and it ends with the start.</summary>
    private async Task BecomeReadyAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(25), time);
        var started = time.GetTimestamp();
        var complained = false;
        try
        {
            do
            {
                var state = await Actors.StateAsync(TimeSpan.FromSeconds(1));
                if (state is not { Complete: true } || !readiness.HoldsAll || parts.Actors.Scraping.Configuration.Current.Version == 0)
                {
                    if (!complained && time.GetElapsedTime(started) > TimeSpan.FromSeconds(30))
                        _log.LogWarning("Not ready for 30 s: {State}", state?.ToString() ?? "Control does not answer");
                    complained |= time.GetElapsedTime(started) > TimeSpan.FromSeconds(30);
                    continue;
                }
                readiness.Complete();
                notifications.Remove(NodeNotifications.StartingUp);
                _log.LogInformation("Ready on {Addresses}: {Partitions} partitions serve", string.Join(", ", options.ListenAddresses), parts.Table.Stores().Count());
                return;
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException)
        {
            // Stopped before it was ready.
        }
    }
}

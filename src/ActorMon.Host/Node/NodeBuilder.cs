using System.Net;
using ActorMon.Actors;
using ActorMon.Actors.Admin;
using ActorMon.Actors.Control;
using ActorMon.Actors.Control.Allocation;
using ActorMon.Actors.Control.Configurations;
using ActorMon.Actors.Control.Partitions;
using ActorMon.Actors.Discovery;
using ActorMon.Actors.Facts;
using ActorMon.Actors.Journal;
using ActorMon.Actors.Links;
using ActorMon.Actors.Notifying;
using ActorMon.Actors.Query;
using ActorMon.Actors.Reading;
using ActorMon.Actors.Scraping;
using ActorMon.Actors.Series;
using ActorMon.Actors.Series.Copies;
using ActorMon.Api;
using ActorMon.Api.Http;
using ActorMon.Api.Notifications;
using ActorMon.Api.Ports;
using ActorMon.Configuration.Discovery;
using ActorMon.Discovery;
using ActorMon.Host.Cluster;
using ActorMon.Host.Cluster.Facts;
using ActorMon.Host.Configuration;
using ActorMon.Host.Links;
using ActorMon.Host.Ports;
using ActorMon.Host.SelfMetrics;
using ActorMon.Host.Web;
using ActorMon.Http;
using ActorMon.Model.Ingest;
using ActorMon.Model.Memory;
using ActorMon.Model.Sharding;
using ActorMon.Model.Telemetry;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Series;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Layouts;
using ActorMon.Tsdb;
using ActorMon.Tsdb.Cardinality;
using ActorMon.Tsdb.Copies;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Snapshots;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Symbols;
using Akka.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;

namespace ActorMon.Host.Node;

/// <summary>A node ready to run, or why there is none. <paramref name="Directory"/> is the caller's to dispose after the node has ended.</summary>
/// <param name="IsWrongInput">The error is in the flags or the configuration, not in the machine.</param>
public sealed record NodeBuildResult(WebApplication? Node, DataDirectory? Directory, string? Error, bool IsWrongInput);

/// <summary>Composition root: makes every part of a node by hand and connects the parts. Nothing runs before the returned application does.</summary>
public static class NodeBuilder
{
    private const int MaxHeadBytes = 1 << 20;

    public static async Task<NodeBuildResult> BuildAsync(NodeOptions options, Logger log)
    {
        Config hocon;
        NodeSettings settings;
        LinkSettings linkSettings;
        try
        {
            hocon = HoconLoader.Load(options);
            settings = NodeSettings.From(hocon);
            linkSettings = LinkSettings.From(hocon);
        }
        catch (Exception e) when (e is ConfigurationException or IOException or UnauthorizedAccessException)
        {
            return new NodeBuildResult(null, null, $"node settings (--node.config={options.HoconOverlay}): {e.Message}", true);
        }
        // The first is that of samples, rules and alerts; the second that of leases, links, disks and deadlines. They differ in tests alone.
        var (time, machine) = NodeClocks.Of(settings, log);
        var startTime = time.GetUtcNow();
        var registry = new MetricRegistry();
        var webFile = options.Flags.Text("web.config.file") is { Length: > 0 } webPath ? new WebConfigFile(webPath) : null;
        var web = webFile?.Current();
        if (web is { Config: null })
            return new NodeBuildResult(null, null, "Unable to validate web configuration file: " + string.Join("; ", web.Errors), true);
        if (web?.Config?.Tls is { } tls && WebTls.Problem(tls) is { } tlsProblem)
            return new NodeBuildResult(null, null, $"Unable to validate web configuration file: {webFile!.Path}: {tlsProblem}", true);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSerilog(log);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Bodies are bounded where they are read, each with the original's error.
            kestrel.Limits.MaxRequestBodySize = null;
            // As much as the original takes: clients put long queries and many matchers into the address.
            kestrel.Limits.MaxRequestLineSize = kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeadBytes;
            kestrel.Limits.MaxConcurrentConnections = options.Flags.Integer("web.max-connections");
            kestrel.Limits.KeepAliveTimeout = options.ReadTimeout;
            kestrel.Limits.RequestHeadersTimeout = options.ReadTimeout;
            var webTls = web?.Config?.Tls is null ? null : new WebTls(webFile!.CurrentTls);
            foreach (var endpoint in options.ListenAddresses)
                kestrel.Listen(endpoint, listen => webTls?.Use(listen, web!.Config!.Http2));
        });
        builder.Services.AddApiCompression();
        var store = new ConfigurationStore();
        var notifications = new NodeNotifications((int)options.Flags.Integer("web.max-notifications-subscribers"), registry, time);
        builder.Services.AddSingleton(services => new ConfigurationService(
            options.ConfigFile, options.AlertmanagerConfigFile, new RuleConfigurations(RuleParts.SettingsOf(options), QueryFeatureFlags.ParserOf(options.Features)), AlertingParts.Configurations(),
            store, registry, time, services.GetRequiredService<ILogger<ConfigurationService>>()));
        NodeService? service = null;
        builder.Services.AddHostedService(_ => service!);
        NodeStop? stop = null;
        builder.Services.AddSingleton<IHostLifetime>(_ => new SignalLifetime(() => stop!));
        // Requests in flight get this long; the actors then take the time they need to close their logs.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(6));
        var app = builder.Build();
        async Task<NodeBuildResult> Refuse(string error, bool isWrongInput)
        {
            await app.DisposeAsync();
            return new NodeBuildResult(null, null, error, isWrongInput);
        }

        var configuration = app.Services.GetRequiredService<ConfigurationService>();
        configuration.Attempted += succeeded =>
        {
            if (succeeded)
                notifications.Remove(NodeNotifications.ReloadFailed);
            else
                notifications.Add(NodeNotifications.ReloadFailed);
        };
        if (configuration.LoadOwn() is not null)
            return await Refuse($"Error loading config (--config.file={options.Flags.Text("config.file")}); the node does not start", true);
        if (options.SeedNodes.Count > 0 && settings is { PersistenceProvider: "sqlite", PersistenceConnection: "" })
            return await Refuse(
                "several nodes need one journal: set actormon.persistence in --node.config to a PostgreSQL that all of them reach or, on one machine, to an SQLite file that all of them name", true);
        var (clusterId, strange) = await ClusterSearch.RunAsync(options, settings, linkSettings, log, machine);
        if (strange is not null)
            return await Refuse(strange, false);
        var opened = DataDirectory.Open(new DataDirectoryOptions { Path = options.DataDirectory, Partitions = settings.Partitions, ClusterId = clusterId }, DiskFiles.Instance);
        if (opened.Directory is not { } directory)
            return await Refuse(opened.Error!, false);
        if (directory.Repair is { } repair)
            log.Warning("{Repair}", repair);
        var busy = options.ListenAddresses.Select(address => StartFailure.OfListening("--web.listen-address", address))
            .Append(StartFailure.OfListening("--cluster.listen-address", new IPEndPoint(IPAddress.Parse(options.ClusterHost), options.ClusterPort)))
            .FirstOrDefault(problem => problem is not null);
        if (busy is not null)
        {
            directory.Dispose();
            return await Refuse(busy, false);
        }

        var journal = JournalDatabase.Of(settings.PersistenceProvider, settings.PersistenceConnection, directory.Path);
        journal.SetAside = text => log.Error("{Problem}", text);
        hocon = ConfigurationFactory.ParseString(journal.Hocon).WithFallback(hocon);
        var (cluster, mapProblem) = NodeCluster.Create(options, settings, directory, NodeCluster.NewLife(), journal, registry, machine);
        if (mapProblem is not null)
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<NodeCluster>().LogError("{Problem}; the node asks for the partition map as if it had none", mapProblem);
        configuration.Cluster = directory.ClusterId;
        var agreed = new ConfigurationView();
        var configurationFile = new ConfigurationFile(directory, DiskFiles.Instance);
        agreed.Publish(NodeCluster.BeginConfiguration(
            cluster.BeginsAlone, configurationFile, configuration, cluster.View.Self.Node, app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<NodeCluster>()));
        agreed.Register(registry);
        var parts = Compose(options, settings, linkSettings, directory, store, configuration, agreed, configurationFile, registry, cluster, time, machine);
        ProcessMetrics.Register(registry, startTime);
        ProcessMetrics.RegisterBuild(registry, BuildFacts.Current.Version, BuildFacts.Current.Revision, BuildFacts.Current.Branch);
        StorageMetrics.Register(registry, parts.Table, time);
        TargetMetrics.Register(registry, parts.Board);
        AlertmanagerMetrics.Register(registry, () => configuration.Alertmanager, parts.Actors.Alerting, cluster.View);
        StorageMetrics.RegisterLimits(registry, parts.Retention, parts.PartCache, () => configuration.Current.Storage.MaxExemplars);
        configuration.Installed += _ => parts.Retention.Policy = RetentionSettings.PolicyOf(options, configuration.Current.Storage);
        CardinalityMetrics.Register(registry, parts.Accounts);

        var readiness = new NodeReadiness(parts.Table, cluster.View);
        registry.Gauge("prometheus_ready", "Whether the node answers queries and takes samples.", () => readiness.IsReady ? 1 : 0);
        var loggers = app.Services.GetRequiredService<ILoggerFactory>();
        foreach (var name in SnapshotTarget.RemoveUnfinished(directory, DiskFiles.Instance))
            loggers.CreateLogger<SnapshotTarget>().LogWarning("Snapshot {Name} was not finished when the node ended before; what there was of it is removed", name);
        service = new NodeService(options, settings, hocon, parts, readiness, configuration, notifications, loggers, machine);

        var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
        lifetime.ApplicationStopping.Register(notifications.Close);
        var running = service;
        stop = new NodeStop(
            () => running.Departure, settings.OnStop, lifetime, () => notifications.Add(NodeNotifications.ShuttingDown), loggers.CreateLogger<NodeStop>());
        var node = new NodePort(options, configuration, running.ReloadAsync, readiness, stop, lifetime, time, startTime);
        var head = new ClusterHead(parts.Series, parts.Facts);
        var silences = new SilenceOwner(parts.Actors.Alerting, () => running.Actors);
        var alertmanager = new AlertmanagerPort(parts.Actors.Alerting, configuration, () => running.Actors, silences, parts.Facts, cluster.View, startTime);
        var silencePort = new SilencePort(parts.Actors.Alerting, silences, alertmanager);
        var ports = new ApiPorts(
            new QueryPort(() => running.Actors, cluster.View, parts.Facts, options.QueryTimeout, machine), new StoragePort(parts.AllSeries, head, parts.Table, parts.Facts),
            new TargetsPort(parts.Board, store, parts.Facts, url => GlobalUrl.Of(url, options.ListenAddresses[0].ToString(), options.ExternalUrl)),
            new IngestPort(() => running.Actors, parts.Actors.Rules.Batches), node, notifications)
        {
            Admission = parts.Accounts,
            Refused = parts.Refused,
            Rules = new RulesPort(parts.Actors.Rules.Board, store, parts.Facts),
            Cluster = new ClusterPort(directory.ClusterId, cluster.View, cluster.Standing, () => cluster.Unreachable, agreed, () => running.Actors),
            Cardinality = new CardinalityPort(head, parts.Series, parts.Accounts, parts.Board, parts.Facts),
            Alertmanagers = new AlertmanagersPort(parts.Actors.Notifier.Board),
            AlertTrials = new AlertTrialPort(parts.Actors.Alerting, configuration),
            Alertmanager = alertmanager,
            SilenceEdits = silencePort,
            RecurringSilences = silencePort,
            Acknowledgements = silencePort,
            Admin = new StorageAdminPort(
                () => running.Actors.Admin, parts.Table, parts.Facts, new ClusterDeletions(() => running.Actors, parts.Table, cluster.View, parts.Facts, machine), parts.Actors.Admin.RewriteDeadline + TimeSpan.FromSeconds(5), time),
        };
        var api = new ApiSettings
        {
            RoutePrefix = options.RoutePrefix,
            PageTitle = options.Flags.Text("web.page-title"),
            EnableLifecycle = options.Flags.Switch("web.enable-lifecycle"),
            EnableRemoteWrite = options.Flags.Switch("web.enable-remote-write-receiver"),
            EnableSearch = options.Features.Contains("search-api"),
            DenyPartial = settings.DenyPartial,
            MaxSearchLimit = (int)options.Flags.Integer("web.search.max-limit"),
            AlertmanagerGetConcurrency = (int)options.Flags.Integer("alertmanager.web.get-concurrency"),
            AlertmanagerTimeout = options.Flags.Duration("alertmanager.web.timeout") ?? TimeSpan.Zero,
            ReadSampleLimit = options.Flags.Integer("storage.remote.read-sample-limit"),
            ReadConcurrency = (int)options.Flags.Integer("storage.remote.read-concurrent-limit"),
            ReadFrameBytes = (int)options.Flags.Integer("storage.remote.read-max-bytes-in-frame"),
            LookbackDelta = options.LookbackDelta,
            ExternalLabels = () => configuration.Current.Global.ExternalLabels,
            UserAssets = options.Flags.Text("web.user-assets"),
            FeatureList = FeatureList.Of(options.Flags, options.Features, options.AutoReloadInterval is not null),
            EnableAdmin = options.Flags.Switch("web.enable-admin-api"),
            CorsOrigin = options.Flags.Text("web.cors.origin"),
            ExternalUrl = options.ExternalUrl,
            Retention = () => parts.Retention.Policy.Time ?? TimeSpan.MaxValue,
            OutOfOrderWindow = () => configuration.Current.Storage.OutOfOrderTimeWindow,
            DefaultEvaluationInterval = () => configuration.Current.Global.EvaluationInterval,
            Parser = QueryFeatureFlags.ParserOf(options.Features),
            Features = QueryFeatureFlags.FeaturesOf(options.Features),
            PerStepStats = options.Features.Contains("promql-per-step-stats"),
        };
        var router = new ApiRouter(ApiRoutes.Build(ports, api, registry, time), node, api, new HttpMetrics(registry), time, loggers.CreateLogger<ApiRouter>());
        if (webFile is not null)
        {
            var gate = new WebGate(webFile, web!.Config!, machine, loggers.CreateLogger<WebGate>());
            app.Use(next => context => gate.HandleAsync(context, next));
        }
        app.UseResponseCompression();
        app.Run(router.HandleAsync);
        return new NodeBuildResult(app, directory, null, false);
    }

    private static NodeParts Compose(
        NodeOptions options, NodeSettings settings, LinkSettings linkSettings, DataDirectory directory, ConfigurationStore store, ConfigurationService configuration,
        ConfigurationView agreed, ConfigurationFile configurationFile, MetricRegistry registry, NodeCluster cluster, TimeProvider time, TimeProvider machine)
    {
        var symbols = new SymbolGenerations();
        var table = new PartitionTable(settings.Partitions);
        var holders = new MapHolders(cluster.View, settings.Partitions);
        var accounts = new SeriesAccounts(settings.Partitions, settings.LimitsOfSeries(), time) { CountsChurn = partition => HolderSpread.IsHere(partition, holders) };
        var series = new NodeSeries(table, symbols);
        var board = new TargetBoard();
        var walSync = new NodeWalSync(machine, settings.WalSyncInterval, FileSystemSync.TryOpen(directory.Path));
        var ingestMetrics = new IngestMetrics(registry);
        var refused = new RefusedSamples(registry);
        var scrapeMetrics = new ScrapeMetrics(registry, time) { Refused = refused };
        var stored = configuration.Current.Storage;
        var policy = RetentionSettings.PolicyOf(options, stored);
        var retention = new NodeRetention(policy, () => RetentionSettings.DiskBytes(directory.Path));
        var budget = new MemoryBudget(settings.MemoryBudget);
        var partCache = new PartCache(settings.PartCacheBytes, budget);
        var ranges = WindowRanges.Of(options.ShortestWindow, options.LongestWindow ?? RetentionSettings.LongestWindow(policy), policy.Time);
        cluster.Reports(new FollowedDeletions(table));
        var standings = new CopyStandings(cluster.View, cluster.Standing, settings.Partitions);
        var replicas = new PartitionReplicaSettings(
            partition => new PartitionOptions
            {
                Directory = directory.PartitionPath(partition),
                Partition = partition,
                Partitions = settings.Partitions,
                ClusterId = directory.ClusterId,
                WalSegmentBytes = options.WalSegmentBytes ?? 16L << 20,
                WalSync = settings.WalSyncInterval is null ? WalSyncMode.Always : WalSyncMode.Interval,
                NodeRetention = retention,
                Ranges = ranges,
                CutThresholds = new CutThresholds { Samples = settings.LateSamples },
                // As the longest window is a tenth of the time, the largest part is a tenth of the room.
                MaxPartBytes = policy.Bytes / (10 * settings.Partitions) ?? long.MaxValue,
                PartCache = partCache,
                Accounts = accounts,
                Limits = new PartitionLimits { Exemplars = (int)Math.Clamp(stored.MaxExemplars / settings.Partitions, 0, int.MaxValue) },
            },
            settings.MaxBatchesPerWrite, settings.PartitionMinBackoff, settings.PartitionMaxBackoff, TimeSpan.FromMinutes(1), HoconLoader.SamplesDispatcher,
            symbols, DiskFiles.Instance, walSync, table, ingestMetrics, new NodeStorageWork(machine, settings.StorageWorkShare), new StorageWorkMetrics(registry), time)
        {
            Gate = standings,
            Damaged = standings.NoteDamage,
            Unwritable = standings.NoteUnwritable,
            Deletions = () => cluster.View.Current?.Deletions,
        };
        var scraping = new ScrapeRuntime(
            store, board, scrapeMetrics, new ScrapeClients(HttpClientContext.Default), new FailureLogs(time), new LayoutNumbers(cluster.View.Self.Writer),
            new ScraperOptions
            {
                Partitions = settings.Partitions,
                MaxBodyBytes = settings.MaxBodyBytes,
                OutOfOrderWindow = stored.OutOfOrderTimeWindow,
                StartTimestampZeroSamples = options.Features.Contains("created-timestamp-zero-ingestion"),
                TypeAndUnitLabels = options.Features.Contains("type-and-unit-labels"),
                ExtraScrapeMetrics = options.Features.Contains("extra-scrape-metrics"),
                Exemplars = options.Features.Contains("exemplar-storage"),
                Admission = accounts,
                UserAgent = BuildFacts.UserAgent,
            },
            time)
        {
            Churn = accounts.Churn,
            Dispatcher = HoconLoader.SamplesDispatcher,
        };
        var surroundings = new DiscoveryContext { Yaml = FileSdYaml.Parse };
        var discoveryMetrics = new DiscoveryMetrics(registry, time);
        var discovery = new DiscoverySettings(
            settings.ScrapeShards, TimeSpan.FromMilliseconds(50), options.DiscoveryReloadInterval, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), store,
            surroundings, board, scrapeMetrics, discoveryMetrics, time);
        var notifierDiscovery = new NotifierDiscovery(
            surroundings, discoveryMetrics.ForAlertmanagers(), discovery.FirstSync, discovery.SyncInterval, new Backoff(discovery.MinBackoff, discovery.MaxBackoff));
        LinkIdentity Identity() => new(directory.ClusterId, settings.Partitions, StableHash.Version, directory.NodeId.ToString(), cluster.View.Self.Incarnation);
        var copyMetrics = new CopyMetrics(registry);
        var links = new NodeLinkServer(linkSettings, Identity, () => holders.Version, registry, machine);
        var reads = new ClusterReads(series, table, holders, standings, links.Client, settings.Reads, registry, machine);
        var facts = new ClusterFacts(new FactSources(holders.OtherNodes, holders, standings, table), links.Client, settings.Reads.NextAnswer);
        var queryMemory = QueryParts.MemoryOf(settings, budget, registry);
        var all = reads.Series(queryMemory);
        var queries = QueryParts.Create(
            options, settings, directory.Path, () => configuration.Current.Global.QueryLogFile, all, queryMemory, QueryFeatureFlags.FeaturesOf(options.Features), registry, machine);
        var actors = new ActorParts(
            replicas, new IngestSettings(settings.Partitions, settings.MaxUnacknowledged, settings.RetouchInterval), ingestMetrics,
            new ControlSettings(settings.ScrapeShards, TimeSpan.FromMilliseconds(500), new ShardLoads()), discovery,
            new ScrapeShardSettings(TimeSpan.FromSeconds(5), settings.TargetMinBackoff, settings.TargetMaxBackoff), scraping,
            new QuerySettings(options.QueryConcurrency, settings.MaxQueuedQueries, options.QueryTimeout),
            queries.Runtime,
            new StorageAdminSettings(settings.Partitions, TimeSpan.FromHours(1), 32, new NodeSnapshots(directory, replicas).WriteAsync) { Holders = holders }, cluster)
        {
            Holders = holders,
            PeerLinks = new PeerLinkSettings(
                links.Client, holders, linkSettings.RequestBytes, linkSettings.Timeout, linkSettings.MinBackoff, linkSettings.MaxBackoff),
            ConfigurationKeeper = new ConfigurationKeeperSettings(
                cluster.View.Self, agreed, configurationFile, configuration, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
            ConfigurationRegistry = cluster.Registry(agreed, configuration),
            Rules = RuleParts.Of(
                options, settings, store, queries, all, accounts, cluster, new LooseBatches(() => cluster.View.Self.Writer, settings.Partitions),
                () => configuration.Current.Storage.OutOfOrderTimeWindow, registry, time),
            RuleCoordinator = RuleParts.Coordinator(store),
            Alerting = AlertingParts.Of(options, settings, store, cluster, registry, time),
            Notifier = NotifierParts.Of(options, store, notifierDiscovery, () => cluster.Standing.IsConfirmed, registry, time),
            Copies = new CopyKeeperParts(
                cluster.View, standings, table, new CopyTransfer(links.Client, table, copyMetrics, CopyTransferSettings.Default), copyMetrics, cluster.HeldEpoch,
                partition => CopyFolder.Drop(DiskFiles.Instance, directory.PartitionPath(partition))),
        };
        return new NodeParts(table, series, accounts, board, walSync, retention, partCache, actors)
        {
            Queries = queries,
            Links = links,
            LinkOperations =
            [
                new HelloOperation(Identity, cluster.Reached), new BatchesOperation(table, linkSettings.Patience), new CopyFactsOperation(table, standings, linkSettings.Patience), new CopyOperation(table),
                .. reads.Operations(queries.Runtime), facts,
            ],
            AllSeries = all,
            Facts = facts,
            Refused = refused,
        };
    }
}

/// <summary>The parts of a node that live as long as its process.</summary>
public sealed record NodeParts(
    PartitionTable Table, NodeSeries Series, SeriesAccounts Accounts, TargetBoard Board, NodeWalSync WalSync, NodeRetention Retention, PartCache PartCache,
    ActorParts Actors)
{
    public required QueryParts Queries { get; init; }
    public required NodeLinkServer Links { get; init; }

    /// <summary>Of the cluster.</summary>
    public required ClusterSeries AllSeries { get; init; }
    public required ClusterFacts Facts { get; init; }
    public required RefusedSamples Refused { get; init; }

    /// <summary>What other nodes may ask.</summary>
    public required IReadOnlyList<ILinkOperation> LinkOperations { get; init; }
}

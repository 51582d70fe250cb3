using ActorMon.Host.Logging;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorMon.Host.Node;

/// <summary>The node's HOCON: flags over --node.config over the files in hocon/ over Akka's own reference.</summary>
public static class HoconLoader
{
    private static readonly string[] BaseFiles = ["dispatchers.conf", "cluster.conf", "persistence.conf", "actormon.conf", "links.conf"];

    /// <summary>Keys below these are names of their own.</summary>
    private const string Dispatchers = "actormon.dispatchers";

    /// <summary>Runs targets, the ingest link and partition replicas.</summary>
    public const string SamplesDispatcher = Dispatchers + ".samples";
    public const string QueriesDispatcher = Dispatchers + ".queries";

    /// <exception cref="IOException">--node.config names a file that cannot be read.</exception>
    /// <exception cref="ConfigurationException">--node.config is not HOCON, or has a key under actormon that there is not.</exception>
    public static Config Load(NodeOptions options) =>
        Combine(FromFlags(options), options.HoconOverlay.Length > 0 ? ReadOverlay(options.HoconOverlay) : null, Path.Combine(AppContext.BaseDirectory, "hocon"));

    /// <summary>Flags over overlay over the files in <paramref name="folder"/> over Akka's own reference.</summary>
    public static Config Combine(Config flags, Config? overlay, string folder)
    {
        var files = Config.Empty;
        foreach (var file in BaseFiles)
            files = files.WithFallback(ConfigurationFactory.ParseString(File.ReadAllText(Path.Combine(folder, file))));
        var known = Keys(files).ToHashSet(StringComparer.Ordinal);
        if (overlay is not null)
        {
            foreach (var key in Keys(overlay))
                if (!known.Contains(key))
                    throw new ConfigurationException($"{key} is not a setting of a node");
            flags = flags.WithFallback(overlay);
        }
        return flags.WithFallback(files).WithFallback(ClusterSharding.DefaultConfig()).WithFallback(ClusterSingleton.DefaultConfig());
    }

    /// <summary>Paths of the values under actormon, its dispatchers left out.</summary>
    public static IEnumerable<string> Keys(Config config) => config.HasPath("actormon") ? Below("actormon", config.GetValue("actormon")) : [];

    private static IEnumerable<string> Below(string path, HoconValue value)
    {
        if (path == Dispatchers)
            return [];
        return value.IsObject() ? value.GetObject().Items.SelectMany(item => Below($"{path}.{item.Key}", item.Value)) : [path];
    }

    private static Config ReadOverlay(string path)
    {
        var text = File.ReadAllText(path);
        try
        {
            return ConfigurationFactory.ParseString(text);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The parser throws exceptions of many types, the general one among them.
            throw new ConfigurationException($"{path} is not HOCON: {e.Message}", e);
        }
    }

    private static Config FromFlags(NodeOptions options)
    {
        var role = options.IsWitness ? "witness" : "data";
        var roles = options.Zone.Length > 0 ? $"[\"{role}\", \"zone-{options.Zone}\"]" : $"[\"{role}\"]";
        return ConfigurationFactory.ParseString($$"""
            akka.loglevel = {{NodeLogging.AkkaLevelOf(options.LogLevel)}}
            akka.stdout-logger-class = "ActorMon.Host.Logging.SilentLogger, actormon"
            akka.remote.dot-netty.tcp.hostname = "{{options.ClusterHost}}"
            akka.remote.dot-netty.tcp.public-hostname = "{{options.AdvertisedHost}}"
            akka.remote.dot-netty.tcp.port = {{options.ClusterPort}}
            akka.cluster.roles = {{roles}}
            {{(options.Replicas is { } replicas ? $"actormon.replicas = {replicas}" : "")}}
            {{(options.WalSyncAlways ? "actormon.wal.sync-interval = always" : "")}}
            """);
    }
}

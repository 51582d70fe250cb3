using ActorMon.Host.Logging;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;

namespace ActorMon.Host.Node;

/// <summary>The node's HOCON: flags over --node.config over the files in hocon/ over Akka's own reference.</summary>
public static class HoconLoader
{
    private static readonly string[] BaseFiles = ["dispatchers.conf", "cluster.conf", "actormon.conf"];

    /// <exception cref="FileNotFoundException">--node.config names a file that is not there.</exception>
    public static Config Load(NodeOptions options)
    {
        var config = FromFlags(options);
        if (options.HoconOverlay.Length > 0)
            config = config.WithFallback(ConfigurationFactory.ParseString(File.ReadAllText(options.HoconOverlay)));
        var folder = Path.Combine(AppContext.BaseDirectory, "hocon");
        foreach (var file in BaseFiles)
            config = config.WithFallback(ConfigurationFactory.ParseString(File.ReadAllText(Path.Combine(folder, file))));
        return config.WithFallback(ClusterSharding.DefaultConfig()).WithFallback(ClusterSingleton.DefaultConfig());
    }

    private static Config FromFlags(NodeOptions options)
    {
        var roles = options.Zone.Length > 0 ? $"[\"data\", \"zone-{options.Zone}\"]" : "[\"data\"]";
        return ConfigurationFactory.ParseString($$"""
            akka.loglevel = {{NodeLogging.AkkaLevelOf(options.LogLevel)}}
            akka.remote.dot-netty.tcp.hostname = "{{options.ClusterHost}}"
            akka.remote.dot-netty.tcp.port = {{options.ClusterPort}}
            akka.cluster.roles = {{roles}}
            """);
    }
}

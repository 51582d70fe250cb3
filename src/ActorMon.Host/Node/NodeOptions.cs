using System.Net;
using ActorMon.Configuration.Units;
using ActorMon.Host.CommandLine;
using ActorMon.Model.Matchers;

namespace ActorMon.Host.Node;

/// <summary>The flags of one node as values, checked together.</summary>
public sealed record NodeOptions
{
    public required FlagValues Flags { get; init; }
    public required string ConfigFile { get; init; }
    public required string DataDirectory { get; init; }
    public required IReadOnlyList<IPEndPoint> ListenAddresses { get; init; }
    public required Uri ExternalUrl { get; init; }
    public required string RoutePrefix { get; init; }
    public required TimeSpan LookbackDelta { get; init; }
    public required TimeSpan QueryTimeout { get; init; }
    public required int QueryConcurrency { get; init; }
    public required long QueryMaxSamples { get; init; }
    public TimeSpan? RetentionTime { get; init; }
    public long? WalSegmentBytes { get; init; }
    public required bool LockDataDirectory { get; init; }
    public required TimeSpan DiscoveryReloadInterval { get; init; }
    public TimeSpan? AutoReloadInterval { get; init; }
    public required IReadOnlySet<string> Features { get; init; }
    public required string ClusterHost { get; init; }

    /// <summary>0: any free port.</summary>
    public required int ClusterPort { get; init; }
    public required IReadOnlyList<string> SeedNodes { get; init; }
    public required string Zone { get; init; }
    public required string HoconOverlay { get; init; }
    public required string LogLevel { get; init; }

    /// <returns>Options, or what is wrong with the flags (exit code 2).</returns>
    public static (NodeOptions? Options, string? Error) From(FlagValues flags)
    {
        var listen = new List<IPEndPoint>();
        foreach (var address in flags.List("web.listen-address"))
        {
            if (ParseEndpoint(address) is not { } endpoint)
                return (null, $"flag '--web.listen-address': \"{address}\" is not host:port");
            listen.Add(endpoint);
        }
        var cluster = new IPEndPoint(IPAddress.Loopback, 0);
        if (flags.Text("cluster.listen-address") is { Length: > 0 } clusterAddress)
        {
            if (ParseEndpoint(clusterAddress) is not { } endpoint)
                return (null, $"flag '--cluster.listen-address': \"{clusterAddress}\" is not host:port");
            cluster = endpoint;
        }
        if (ExternalUrlOf(flags.Text("web.external-url"), listen[0]) is not { } external)
            return (null, $"flag '--web.external-url': \"{flags.Text("web.external-url")}\" is not a URL");
        try
        {
            AnchoredRegex.Parse(flags.Text("web.cors.origin"));
        }
        catch (FormatException e)
        {
            return (null, $"flag '--web.cors.origin': {e.Message}");
        }
        var prefix = flags.IsGiven("web.route-prefix") ? flags.Text("web.route-prefix") : external.AbsolutePath;
        return (new NodeOptions
        {
            Flags = flags,
            ConfigFile = Path.GetFullPath(flags.Text("config.file")),
            DataDirectory = Path.GetFullPath(flags.Text("storage.tsdb.path")),
            ListenAddresses = listen,
            ExternalUrl = external,
            RoutePrefix = prefix.Trim('/') is { Length: > 0 } path ? "/" + path : "",
            LookbackDelta = flags.Duration("query.lookback-delta") ?? TimeSpan.FromMinutes(5),
            QueryTimeout = flags.Duration("query.timeout") ?? TimeSpan.FromMinutes(2),
            QueryConcurrency = flags.Integer("query.max-concurrency"),
            QueryMaxSamples = flags.Integer("query.max-samples"),
            RetentionTime = flags.Duration("storage.tsdb.retention.time"),
            WalSegmentBytes = flags.Text("storage.tsdb.wal-segment-size") is { Length: > 0 } size && ByteSize.TryParse(size, out var bytes, out _) ? bytes : null,
            LockDataDirectory = !flags.Switch("storage.tsdb.no-lockfile"),
            DiscoveryReloadInterval = flags.Duration("scrape.discovery-reload-interval") ?? TimeSpan.FromSeconds(5),
            AutoReloadInterval = flags.Switch("config.auto-reload") || flags.IsGiven("config.auto-reload-interval") ? flags.Duration("config.auto-reload-interval") : null,
            Features = flags.List("enable-feature")
                .SelectMany(f => f.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .ToHashSet(StringComparer.Ordinal),
            ClusterHost = cluster.Address.ToString(),
            ClusterPort = cluster.Port,
            SeedNodes = [.. flags.List("cluster.seed-nodes").SelectMany(s => s.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
            Zone = flags.Text("cluster.zone"),
            HoconOverlay = flags.Text("node.config"),
            LogLevel = flags.Text("log.level"),
        }, null);
    }

    /// <summary>host:port, :port (all addresses) or [v6]:port; the name localhost is taken as 127.0.0.1. Null: not an address.</summary>
    public static IPEndPoint? ParseEndpoint(string text)
    {
        if (text.StartsWith(':'))
            text = "0.0.0.0" + text;
        if (text.StartsWith("localhost:", StringComparison.Ordinal))
            text = "127.0.0.1" + text["localhost".Length..];
        return text.LastIndexOf(':') > text.LastIndexOf(']') && IPEndPoint.TryParse(text, out var endpoint) ? endpoint : null;
    }

    private static Uri? ExternalUrlOf(string text, IPEndPoint listen)
    {
        if (text.Length == 0)
        {
            var host = IPAddress.IsLoopback(listen.Address) ? "localhost" : Environment.MachineName;
            return new Uri($"http://{host}:{listen.Port}/");
        }
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;
    }
}

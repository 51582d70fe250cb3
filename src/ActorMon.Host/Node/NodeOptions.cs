using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorMon.Configuration.Units;
using ActorMon.Host.Cluster;
using ActorMon.Host.CommandLine;
using ActorMon.Model.Matchers;

namespace ActorMon.Host.Node;

/// <summary>The flags of one node as values, checked together.</summary>
public sealed record NodeOptions
{
    public required FlagValues Flags { get; init; }
    public required string ConfigFile { get; init; }

    /// <summary>Null: the node has no configuration of the built-in Alertmanager of its own.</summary>
    public string? AlertmanagerConfigFile { get; init; }
    public required string DataDirectory { get; init; }
    public required IReadOnlyList<IPEndPoint> ListenAddresses { get; init; }
    public required Uri ExternalUrl { get; init; }
    public required string RoutePrefix { get; init; }
    public required TimeSpan ReadTimeout { get; init; }
    public required TimeSpan LookbackDelta { get; init; }
    public required TimeSpan QueryTimeout { get; init; }
    public required int QueryConcurrency { get; init; }
    public required long QueryMaxSamples { get; init; }
    public TimeSpan? RetentionTime { get; init; }
    public long? RetentionBytes { get; init; }
    public required TimeSpan ShortestWindow { get; init; }
    public TimeSpan? LongestWindow { get; init; }
    public long? WalSegmentBytes { get; init; }

    /// <summary>Samples are synced to disk before they are acknowledged, whatever the node's settings say.</summary>
    public bool WalSyncAlways { get; init; }
    public required TimeSpan DiscoveryReloadInterval { get; init; }
    public TimeSpan? AutoReloadInterval { get; init; }
    public required IReadOnlySet<string> Features { get; init; }
    public required string ClusterHost { get; init; }

    /// <summary>0: any free port.</summary>
    public required int ClusterPort { get; init; }

    /// <summary>Where bulk data of other nodes arrives; port 0: any free one.</summary>
    public required IPEndPoint LinkAddress { get; init; }

    /// <summary>Host that other nodes are told for both.</summary>
    public required string AdvertisedHost { get; init; }
    public required IReadOnlyList<SeedNode> SeedNodes { get; init; }

    /// <summary>Form a cluster alone although the last members are not there.</summary>
    public bool Bootstrap { get; init; }

    /// <summary>A member without partitions and targets.</summary>
    public bool IsWitness { get; init; }

    /// <summary>Null: actormon.replicas.</summary>
    public int? Replicas { get; init; }
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
        var link = new IPEndPoint(cluster.Address, cluster.Port == 0 ? 0 : cluster.Port + 1);
        if (flags.Text("cluster.link-address") is { Length: > 0 } linkAddress)
        {
            if (ParseEndpoint(linkAddress) is not { } endpoint)
                return (null, $"flag '--cluster.link-address': \"{linkAddress}\" is not host:port");
            link = endpoint;
        }
        var advertised = flags.Text("cluster.advertise-address") is { Length: > 0 } host ? host : cluster.Address.ToString();
        if (!IsHostAndPort(advertised.Contains(':', StringComparison.Ordinal) && advertised[0] != '[' ? $"[{advertised}]:1" : advertised + ":1"))
            return (null, $"flag '--cluster.advertise-address': \"{advertised}\" is not a host");
        var seeds = new List<SeedNode>();
        foreach (var text in Split(flags.List("cluster.seed-nodes")))
        {
            if (SeedNode.Parse(text) is not { } seed)
                return (null, $"flag '--cluster.seed-nodes': \"{text}\" is not host:port");
            seeds.Add(seed);
        }
        var zone = flags.Text("cluster.zone");
        if (!zone.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            return (null, $"flag '--cluster.zone': \"{zone}\" has other characters than letters, digits, '-', '_' and '.'");
        var features = Split(flags.List("enable-feature")).ToHashSet(StringComparer.Ordinal);
        if (features.Contains("otlp-deltatocumulative") && features.Contains("otlp-native-delta-ingestion"))
            return (null, "flag '--enable-feature': otlp-deltatocumulative and otlp-native-delta-ingestion exclude each other");
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
            AlertmanagerConfigFile = flags.Text("alertmanager.config.file") is { Length: > 0 } alertmanager ? Path.GetFullPath(alertmanager) : null,
            DataDirectory = Path.GetFullPath(flags.Text("storage.tsdb.path")),
            ListenAddresses = listen,
            ExternalUrl = external,
            RoutePrefix = prefix.Trim('/') is { Length: > 0 } path ? "/" + path : "",
            ReadTimeout = flags.Duration("web.read-timeout")!.Value,
            LookbackDelta = flags.Duration("query.lookback-delta")!.Value,
            QueryTimeout = flags.Duration("query.timeout")!.Value,
            QueryConcurrency = (int)flags.Integer("query.max-concurrency"),
            QueryMaxSamples = flags.Integer("query.max-samples"),
            RetentionTime = flags.Duration("storage.tsdb.retention.time"),
            RetentionBytes = SizeOf(flags, "storage.tsdb.retention.size"),
            ShortestWindow = flags.Duration("storage.tsdb.min-block-duration")!.Value,
            LongestWindow = flags.Duration("storage.tsdb.max-block-duration"),
            WalSegmentBytes = SizeOf(flags, "storage.tsdb.wal-segment-size"),
            WalSyncAlways = flags.Text("storage.tsdb.wal-sync") == "always",
            DiscoveryReloadInterval = flags.Duration("scrape.discovery-reload-interval")!.Value,
            AutoReloadInterval = IsAutoReload(flags, features) ? flags.Duration("config.auto-reload-interval") : null,
            Features = features,
            ClusterHost = cluster.Address.ToString(),
            ClusterPort = cluster.Port,
            LinkAddress = link,
            AdvertisedHost = advertised,
            SeedNodes = seeds,
            Bootstrap = flags.Switch("cluster.bootstrap"),
            IsWitness = flags.Switch("witness"),
            Replicas = flags.Text("cluster.replicas").Length > 0 ? (int)flags.Integer("cluster.replicas") : null,
            Zone = zone,
            HoconOverlay = flags.Text("node.config"),
            LogLevel = flags.Text("log.level"),
        }, null);
    }

    /// <summary>
    /// host:port, :port (all addresses) or [v6]:port; localhost is 127.0.0.1, another name is looked up and its first address taken. Null: not an address.
    /// </summary>
    public static IPEndPoint? ParseEndpoint(string text)
    {
        if (!IsHostAndPort(text.StartsWith(':') ? "0.0.0.0" + text : text))
            return null;
        if (text.StartsWith(':'))
            text = "0.0.0.0" + text;
        if (text.StartsWith("localhost:", StringComparison.Ordinal))
            text = "127.0.0.1" + text["localhost".Length..];
        if (IPEndPoint.TryParse(text, out var endpoint))
            return endpoint;
        var colon = text.LastIndexOf(':');
        try
        {
            return Dns.GetHostAddresses(text[..colon]) is [var address, ..] ? new IPEndPoint(address, int.Parse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture)) : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    internal static bool IsHostAndPort(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && colon > text.LastIndexOf(']') && (text[0] == '[' || text.IndexOf(':', StringComparison.Ordinal) == colon)
            && text.AsSpan(0, colon).IndexOfAny(" /@\"{}") < 0
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }

    private static long? SizeOf(FlagValues flags, string name) => flags.Text(name) is { Length: > 0 } size && ByteSize.TryParse(size, out var bytes, out _) ? bytes : null;

    private static List<string> Split(IReadOnlyList<string> lists) =>
        [.. lists.SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    /// <summary>An interval alone is a wish for it too.</summary>
    private static bool IsAutoReload(FlagValues flags, HashSet<string> features) => flags.IsGiven("config.auto-reload")
        ? flags.Switch("config.auto-reload")
        : flags.IsGiven("config.auto-reload-interval") || features.Contains("auto-reload-config");

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

using static ActorMon.Host.CommandLine.FlagEffect;
using static ActorMon.Host.CommandLine.FlagKind;

namespace ActorMon.Host.CommandLine;

/// <summary>Every flag that <c>actormon</c> knows: all of Prometheus 3.14 and its own.</summary>
public static class FlagTable
{
    private const string Go = "tunes the Go runtime";
    private const string Blocks = "belongs to the block layout of Prometheus' own storage";
    private const string Later = "the feature behind it is not in this version";

    public static readonly IReadOnlyList<Flag> All =
    [
        new("config.file", Text, "prometheus.yml", "Prometheus configuration file path."),
        new("config.auto-reload", Switch, "false", "Reload when the configuration file or a file it names changes."),
        new("config.auto-reload-interval", Duration, "30s", "How often to look for changed configuration files.", Min: 1),
        new("web.listen-address", Text, "127.0.0.1:9090", "Address of the UI and the API. Repeatable.", Repeatable: true),
        new("web.config.file", Text, "", "Web configuration file: TLS, authentication."),
        new("web.read-timeout", Duration, "5m", "How long a request may take to be read; also the idle time of a connection.", Min: 1),
        new("web.max-connections", Integer, "512", "Simultaneous connections over all listen addresses.", Min: 1),
        new("web.max-notifications-subscribers", Integer, "16", "Simultaneous subscribers of live notifications.", Max: 100_000),
        new("web.external-url", Text, "", "URL under which this node is reached from outside; its path prefixes every route."),
        new("web.route-prefix", Text, "", "Prefix of the internal routes; default: the path of --web.external-url."),
        new("web.user-assets", Text, "", "Directory of static assets under /user."),
        new("web.page-title", Text, "ActorMon", "Title of the pages."),
        new("web.cors.origin", Text, ".*", "Anchored regex of the origins that CORS allows."),
        new("web.console.templates", Text, "consoles", "Console templates.", None, "console templates are not supported"),
        new("web.console.libraries", Text, "console_libraries", "Console libraries.", None, "console templates are not supported"),
        new("web.enable-lifecycle", Switch, "false", "Allow reload and shutdown over HTTP."),
        new("web.enable-admin-api", Switch, "false", "Allow the admin endpoints: deleting series, cleaning, snapshots."),
        new("web.enable-remote-write-receiver", Switch, "false", "Accept remote write on /api/v1/write."),
        new("web.remote-write-receiver.accepted-protobuf-messages", Text, "prometheus.WriteRequest", "Remote-write messages to accept. Repeatable.", None, "prometheus.WriteRequest is accepted, other messages are not in this version", Repeatable: true),
        new("web.enable-otlp-receiver", Switch, "false", "Accept OTLP metrics.", None, Later),
        new("web.search.max-limit", Integer, "10000", "Largest limit of the search endpoints; 0: none.", Max: int.MaxValue),
        new("storage.tsdb.path", Text, "data/", "Directory of the node's data."),
        new("storage.path", Text, "data/", "The same as --storage.tsdb.path.", AliasOf: "storage.tsdb.path"),
        new("storage.tsdb.retention.time", Duration, "", "How long samples are kept; the configuration file's value wins. Default 15d."),
        new("storage.tsdb.retention.size", Size, "", "Bytes that parts and logs may take; the oldest parts go first. The configuration file's value wins."),
        new("storage.tsdb.no-lockfile", Switch, "false", "Do not lock the data directory.", None, "a data directory always belongs to one process"),
        new("storage.tsdb.head-chunks-write-queue-size", Integer, "0", "Queue of head chunks.", None, Blocks),
        new("storage.tsdb.delay-compact-file.path", Text, "", "File whose presence delays compaction.", None, Blocks),
        new("storage.tsdb.min-block-duration", Duration, "2h", "Length of the windows in which the head is cut into parts.", Hidden: true, Min: 60_000),
        new("storage.tsdb.max-block-duration", Duration, "", "Longest window of a part. Default: a tenth of the retention, at most 31d.", Hidden: true, Min: 60_000),
        new("storage.tsdb.max-block-chunk-segment-size", Size, "", "Segment size of block chunks.", None, Blocks, Hidden: true),
        new("storage.tsdb.wal-segment-size", Size, "", "Size of a WAL segment. Default 16MB for each partition.", Hidden: true, Min: 10L << 20, Max: 256L << 20),
        new("storage.tsdb.wal-sync", Text, "interval", "When samples are on disk: interval (actormon.wal.sync-interval, 1s) or always (before they are acknowledged)."),
        new("storage.tsdb.wal-compression", Switch, "true", "Compress the WAL.", None, "the WAL is always compressed", Hidden: true),
        new("storage.tsdb.wal-compression-type", Text, "snappy", "Compression of the WAL.", None, "the WAL has a codec of its own", Hidden: true),
        new("storage.tsdb.samples-per-chunk", Integer, "120", "Samples of a chunk.", None, Blocks, Hidden: true),
        new("storage.tsdb.allow-overlapping-compaction", Switch, "true", "Compact overlapping blocks.", None, Blocks, Hidden: true),
        new("storage.tsdb.block-reload-interval", Duration, "1m", "How often blocks are reloaded.", None, Blocks, Hidden: true),
        new("storage.tsdb.delayed-compaction.max-percent", Integer, "10", "Upper bound of the random delay of compactions.", None, Blocks, Hidden: true),
        new("storage.agent.path", Text, "data-agent/", "Agent mode's directory.", None, "there is no agent mode"),
        new("storage.agent.wal-compression", Switch, "true", "Agent mode.", None, "there is no agent mode"),
        new("storage.agent.wal-compression-type", Text, "snappy", "Agent mode.", None, "there is no agent mode", Hidden: true),
        new("storage.agent.wal-segment-size", Size, "", "Agent mode.", None, "there is no agent mode", Hidden: true),
        new("storage.agent.wal-truncate-frequency", Duration, "2h", "Agent mode.", None, "there is no agent mode", Hidden: true),
        new("storage.agent.retention.min-time", Duration, "5m", "Agent mode.", None, "there is no agent mode"),
        new("storage.agent.retention.max-time", Duration, "4h", "Agent mode.", None, "there is no agent mode"),
        new("storage.agent.no-lockfile", Switch, "false", "Agent mode.", None, "there is no agent mode"),
        new("storage.agent.checkpoint-from-in-memory-series", Switch, "false", "Agent mode.", None, "there is no agent mode"),
        new("storage.agent.checkpoint-batch-size", Integer, "1000", "Agent mode.", None, "there is no agent mode"),
        new("storage.remote.flush-deadline", Duration, "1m", "How long to flush remote writes at shutdown.", None, Later),
        new("storage.remote.read-sample-limit", Integer, "50000000", "Samples of one remote read."),
        new("storage.remote.read-concurrent-limit", Integer, "10", "Concurrent remote reads.", Min: 1, Max: 100_000),
        new("storage.remote.read-max-bytes-in-frame", Integer, "1048576", "Bytes of a frame of a streamed remote read.", Min: 1, Max: 1 << 30),
        new("rules.alert.for-outage-tolerance", Duration, "1h", "Longest outage over which the for state is restored.", None, Later),
        new("rules.alert.for-grace-period", Duration, "10m", "Least time between alert and restored for state.", None, Later),
        new("rules.alert.resend-delay", Duration, "1m", "Least time before an alert is sent again.", None, Later),
        new("rules.max-concurrent-evals", Integer, "4", "Concurrent rule evaluations.", None, Later),
        new("alertmanager.notification-queue-capacity", Integer, "10000", "Queue of alerts to external Alertmanagers.", None, Later),
        new("alertmanager.notification-batch-size", Integer, "256", "Alerts sent at once.", None, Later),
        new("alertmanager.drain-notification-queue-on-shutdown", Switch, "true", "Send queued alerts before shutdown.", None, Later),
        new("alertmanager.config.file", Text, "", "Configuration of the built-in Alertmanager.", None, Later),
        new("query.lookback-delta", Duration, "5m", "How far an instant selector looks back.", Min: 1),
        new("query.timeout", Duration, "2m", "Longest time of a query.", Min: 1),
        new("query.max-concurrency", Integer, "20", "Queries that run at once.", Min: 1, Max: 100_000),
        new("query.max-samples", Integer, "50000000", "Samples a query may hold in memory.", Min: 1),
        new("scrape.adjust-timestamps", Switch, "true", "Put timestamps of scrapes on the interval's grid.", None, "the timestamps of scrapes always lie on the interval's grid", Hidden: true),
        new("scrape.timestamp-tolerance", Duration, "2ms", "Tolerance of that.", None, "a scrape that starts within 100 ms of its slot lies on the grid", Hidden: true),
        new("scrape.discovery-reload-interval", Duration, "5s", "How often discovered targets are applied.", Hidden: true, Min: 1),
        new("auto-gomaxprocs", Switch, "true", "Follow the CPU quota of the container.", None, Go),
        new("auto-gomemlimit", Switch, "true", "Follow the memory limit of the container.", None, Go),
        new("auto-gomemlimit.ratio", Text, "0.9", "Share of the container's memory to use.", None, Go),
        new("auto-gomemlimit.refresh-interval", Duration, "0s", "How often the memory limit is read.", None, Go),
        new("agent", Switch, "false", "Run as an agent.", None, "there is no agent mode"),
        new("enable-feature", Text, "", "Comma separated feature names. Repeatable.", Repeatable: true),
        new("log.level", Text, "info", "debug, info, warn or error."),
        new("log.format", Text, "logfmt", "logfmt (readable text) or json."),
        new("node.config", Text, "", "HOCON file that overlays the settings of the actor system."),
        new("push.listen-address", Text, "", "Address of the Pushgateway.", None, Later),
        new("cluster.listen-address", Text, "", "host:port for the other nodes; default 127.0.0.1 and any free port."),
        new("cluster.seed-nodes", Text, "", "Comma separated host:port of the nodes to join. Repeatable.", Repeatable: true),
        new("cluster.zone", Text, "", "Failure zone of this node."),
        new("cluster.bootstrap", Switch, "false", "Form a cluster alone although the last members are not there.", None, Later),
    ];

    private static readonly Dictionary<string, Flag> ByName = All.ToDictionary(f => f.Name, StringComparer.Ordinal);

    public static Flag? Find(string name) => ByName.GetValueOrDefault(name);
}

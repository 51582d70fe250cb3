namespace ActorMon.Api.OpenApi;

/// <summary>Every described operation, in the order of the document. Operation ids are the original's: generated clients are named by them.</summary>
internal static class OpenApiOperations
{
    private const string Search = "match[] search[] fuzz_threshold fuzz_alg case_sensitive sort_by sort_dir include_score ";
    private const string SearchRange = "start end limit batch_size";
    private const string Ranking = "match[] start end limit";
    private const string Trial = "labels@alerts annotations filter start end resolved receiver template";
    private const string Lines = "application/x-ndjson";

    public static readonly IReadOnlyList<OpenApiOperation> All = [.. Build()];

    private static IEnumerable<OpenApiOperation> Build() =>
    [
        .. Both("/query", "query", "query", "Evaluate an instant query", "limit time query! timeout lookback_delta stats", "QueryOutputBody", "QueryPostInputBody"),
        .. Both("/query_range", "query-range", "query", "Evaluate a range query", "limit start! end! step! query! timeout lookback_delta stats", "QueryRangeOutputBody", "QueryRangePostInputBody"),
        .. Both("/query_exemplars", "query-exemplars", "query", "Exemplars of the series of an expression", "start end query!", "QueryExemplarsOutputBody", "QueryExemplarsPostInputBody"),
        .. Both("/format_query", "format-query", "query", "Format an expression", "query!", "FormatQueryOutputBody", "FormatQueryPostInputBody"),
        .. Both("/parse_query", "parse-query", "query", "Parse an expression into its syntax tree", "query!", "ParseQueryOutputBody", "ParseQueryPostInputBody"),
        .. Both("/query_explain", "query-explain", "query", "The plan of a query and what its parts cost", "query! time start end step timeout lookback_delta analyze format", "QueryExplainOutputBody", "QueryExplainPostInputBody"),
        .. Both("/labels", "labels", "labels", "Names of labels", "start end match[] limit", "LabelsOutputBody", "LabelsPostInputBody"),
        new("/label/{name}/values", "get", "label-values", "labels", "Values of a label", "name! start end match[] limit", "LabelValuesOutputBody"),
        .. Both("/search/metric_names", "search-metric-names", "metadata", "Search metric names", Search + "include_metadata " + SearchRange, Lines, "SearchMetricNamesPostInputBody"),
        .. Both("/search/label_names", "search-label-names", "labels", "Search label names", Search + SearchRange, Lines, "SearchLabelNamesPostInputBody"),
        .. Both("/search/label_values", "search-label-values", "labels", "Search the values of a label", "label! " + Search + SearchRange, Lines, "SearchLabelValuesPostInputBody"),
        .. Both("/series", "series", "series", "Label sets of series", "start end match[]! limit", "SeriesOutputBody", "SeriesPostInputBody"),
        Get("/metadata", "get-metadata", "metadata", "Type, help and unit of metric families", "limit limit_per_metric metric", "MetadataOutputBody"),
        Get("/scrape_pools", "get-scrape-pools", "targets", "Names of the scrape pools", "", "ScrapePoolsOutputBody"),
        Get("/scrape_pools/config", "get-scrape-pool-config", "targets", "Configuration of a scrape pool", "scrapePool!", "ScrapePoolConfigOutputBody"),
        Get("/targets", "get-targets", "targets", "Active and dropped targets", "scrapePool state", "TargetsOutputBody"),
        Get("/targets/metadata", "get-targets-metadata", "targets", "Metadata by target", "match_target metric limit", "TargetMetadataOutputBody"),
        Get("/targets/relabel_steps", "get-targets-relabel-steps", "targets", "What each relabelling rule makes of a label set", "scrapePool! labels!", "TargetRelabelStepsOutputBody"),
        Get("/rules", "rules", "rules", "Alerting and recording rules", "type rule_name[] rule_group[] file[] match[] exclude_alerts group_limit group_next_token", "RulesOutputBody"),
        Get("/alerts", "alerts", "alerts", "Active alerts", "", "AlertsOutputBody"),
        Get("/alerts/history", "alerts-history", "alerts", "What became of alerts: pending, firing, resolved", "match[] start end limit", "AlertsHistoryOutputBody"),
        Get("/alertmanagers", "alertmanagers", "alerts", "Alertmanagers that alerts go to", "", "AlertmanagersOutputBody"),
        Get("/alertmanager/explain", "alertmanager-explain", "alerts", "Which way an alert takes, what holds it back and what was told to whom", "labels@alert!", "AlertExplainOutputBody"),
        Get("/alertmanager/history", "alertmanager-history", "alerts", "What happened to alerts on their way to receivers", "filter start end event limit", "AlertEventsOutputBody"),
        Get("/alertmanager/lint", "alertmanager-lint", "alerts", "What of the Alertmanager's configuration is probably not meant so", "", "AlertingLintOutputBody"),
        Get("/alertmanager/acknowledgements", "acknowledgements", "alerts", "Firing alerts somebody looks after", "", "AcknowledgementsOutputBody"),
        new("/alertmanager/acknowledge", "post", "acknowledge", "alerts", "Say who looks after an alert: it is not told again until it ends", "labels@alert! owner! comment until", ""),
        new("/alertmanager/unacknowledge", "post", "unacknowledge", "alerts", "Nobody looks after an alert any more", "labels@alert!", ""),
        Get("/alertmanager/test", "alertmanager-test", "alerts", "What receivers would be told of alerts, rendered; nothing is sent", Trial, "TrialOutputBody"),
        new("/alertmanager/test", "post", "alertmanager-test-post", "alerts", "What receivers would be told of alerts, rendered; nothing is sent", Trial, "TrialOutputBody"),
        new("/alertmanager/test/send", "post", "alertmanager-test-send", "alerts", "Tell receivers of alerts, once, and say how that went", Trial, "TrialOutputBody"),
        Get("/alertmanager/silences/preview", "silence-preview", "alerts", "What a silence would hold back, now and in the last 24 hours", "filter!", "SilencePreviewOutputBody"),
        Get("/alertmanager/silences/expiring", "silence-expiring", "alerts", "Silences that end soon, and the alerts that they alone hold back", "within", "SilencesExpiringOutputBody"),
        new("/alertmanager/silences/{id}/versions", "get", "silence-versions", "alerts", "What a silence was and is, and what each change changed", "id@silence!", "SilenceVersionsOutputBody"),
        new("/alertmanager/silences/{id}/edit", "put", "edit-silence", "alerts", "Change a silence in place", "id@silence!", "") { Body = "PostableSilence" },
        Get("/alertmanager/recurring-silences", "recurring-silences", "alerts", "Silences that come again, next to come first", "", "RecurringSilencesOutputBody"),
        new("/alertmanager/recurring-silences", "post", "add-recurring-silence", "alerts", "A silence that comes again", "", "RecurringSilenceIdOutputBody") { Body = "PostableSilence" },
        new("/alertmanager/recurring-silences/{id}", "put", "edit-recurring-silence", "alerts", "Change a recurring silence and its open occurrences", "id@recurring!", "RecurringSilenceIdOutputBody") { Body = "PostableSilence" },
        new("/alertmanager/recurring-silences/{id}", "delete", "delete-recurring-silence", "alerts", "End a recurring silence and its occurrences", "id@recurring!", ""),
        new("/alertmanager/silences/{id}", "delete", "delete-silence", "alerts", "Forget a silence", "id@silence!", ""),
        Get("/status/config", "get-status-config", "status", "The configuration in effect", "", "StatusConfigOutputBody"),
        Get("/status/runtimeinfo", "get-status-runtimeinfo", "status", "The process", "", "StatusRuntimeInfoOutputBody"),
        Get("/status/buildinfo", "get-status-buildinfo", "status", "The program", "", "StatusBuildInfoOutputBody"),
        Get("/status/cluster", "get-status-cluster", "status", "Nodes, copies, what moves and what is under-replicated", "", "StatusClusterOutputBody"),
        Get("/status/flags", "get-status-flags", "status", "Command line flags", "", "StatusFlagsOutputBody"),
        Get("/status/tsdb", "status-tsdb", "status", "Cardinality of the head", "limit", "StatusTSDBOutputBody"),
        Get("/status/tsdb/blocks", "status-tsdb-blocks", "status", "Finished files of the storage", "", "StatusTSDBBlocksOutputBody"),
        Get("/status/walreplay", "get-status-walreplay", "status", "Progress of the start", "", "StatusWALReplayOutputBody"),
        Get("/status/self_metrics", "get-status-self-metrics", "status", "The node's own metrics", "metric_name_pattern", "StatusSelfMetricsOutputBody"),
        Get("/status/queries", "get-status-queries", "status", "Queries that run or wait", "", "StatusQueriesOutputBody"),
        new("/status/queries/{id}", "delete", "delete-status-query", "status", "End a query", "id@query!", ""),
        .. Both("/cardinality/metrics", "cardinality-metrics", "cardinality", "Series by metric name", Ranking, "CardinalityMetricsOutputBody", "CardinalityPostInputBody"),
        .. Both("/cardinality/labels", "cardinality-labels", "cardinality", "Values and series by label name", Ranking, "CardinalityLabelsOutputBody", "CardinalityPostInputBody"),
        .. Both("/cardinality/pairs", "cardinality-pairs", "cardinality", "Series by label name and value", Ranking, "CardinalityPairsOutputBody", "CardinalityPostInputBody"),
        Get("/cardinality/jobs", "cardinality-jobs", "cardinality", "Series and samples by job", "limit", "CardinalityJobsOutputBody"),
        Get("/cardinality/targets", "cardinality-targets", "cardinality", "Series and samples by target", "job limit", "CardinalityTargetsOutputBody"),
        Get("/cardinality/churn", "cardinality-churn", "cardinality", "Series that came and went, by hour and job", "job limit", "CardinalityChurnOutputBody"),
        Get("/cardinality/limits", "cardinality-limits", "cardinality", "Limits of series and what they refused", "limit", "CardinalityLimitsOutputBody"),
        .. Admin("/admin/tsdb/delete_series", "deleteSeries", "Delete samples", "match[]! start end", "DeleteSeriesOutputBody"),
        .. Admin("/admin/tsdb/clean_tombstones", "cleanTombstones", "Give the space of deleted samples back", "", "CleanTombstonesOutputBody"),
        .. Admin("/admin/tsdb/snapshot", "snapshot", "Write a snapshot", "skip_head", "SnapshotOutputBody"),
        Get("/admin/tsdb/deletions", "get-deletions", "admin", "Deletions that can still be undone", "", "DeletionsOutputBody"),
        .. Admin("/admin/tsdb/undelete_series", "undeleteSeries", "Undo a deletion", "id!", "DeleteSeriesOutputBody"),
        .. Admin("/admin/cluster/drain", "drainNode", "Move everything off a node", "node", ""),
        .. Admin("/admin/cluster/undrain", "undrainNode", "Let a node hold copies again", "node", ""),
        .. Admin("/admin/cluster/forget", "forgetNode", "Strike a node that never comes back", "node!", ""),
        .. Admin("/admin/cluster/give_up", "giveUpPartition", "Begin a partition anew whose every copy is lost", "partition!", ""),
        new("/read", "post", "remoteRead", "remote", "Remote read", "", ""),
        new("/write", "post", "remoteWrite", "remote", "Remote write", "", ""),
        new("/otlp/v1/metrics", "post", "otlpWrite", "otlp", "OTLP metrics", "", ""),
        Get("/notifications", "get-notifications", "notifications", "What concerns the node now", "", "NotificationsOutputBody"),
        Get("/notifications/live", "notifications-live", "notifications", "The same, live", "", "text/event-stream") with { Needs32 = true },
        Get("/features", "get-features", "features", "Which features are on", "", "FeaturesOutputBody"),
    ];

    private static OpenApiOperation Get(string path, string id, string tag, string summary, string parameters, string answer) => new(path, "get", id, tag, summary, parameters, answer);

    private static IEnumerable<OpenApiOperation> Both(string path, string id, string tag, string summary, string parameters, string answer, string form) =>
        [Get(path, id, tag, summary, parameters, answer), new(path, "post", id + "-post", tag, summary, "", answer) { Form = form }];

    private static IEnumerable<OpenApiOperation> Admin(string path, string id, string summary, string parameters, string answer) =>
        [new(path, "put", id + "Put", "admin", summary, parameters, answer), new(path, "post", id + "Post", "admin", summary, parameters, answer)];
}

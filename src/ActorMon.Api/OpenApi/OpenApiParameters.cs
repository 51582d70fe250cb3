namespace ActorMon.Api.OpenApi;

/// <summary>Parameters of the API: schema notation and meaning, by name. A name may stand for another parameter in one endpoint as name@endpoint.</summary>
internal static class OpenApiParameters
{
    public static readonly IReadOnlyDictionary<string, (string Schema, string Meaning)> All = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["query"] = ("str", "A PromQL expression."),
        ["time"] = ("instant", "Evaluation time; now when absent."),
        ["start"] = ("instant", "Start of the time range."),
        ["end"] = ("instant", "End of the time range, inclusive."),
        ["step"] = ("duration", "Distance of two steps of the result."),
        ["timeout"] = ("duration", "Longest time of the evaluation; the node's own limit holds beside it."),
        ["lookback_delta"] = ("duration", "How far an instant selector looks back, for this query."),
        ["stats"] = ("str", "true: statistics in the answer; all: more of them."),
        ["limit"] = ("int", "Most entries of the answer; 0 means no limit where none is the default."),
        ["limit_per_metric"] = ("int", "Most metadata entries of one family."),
        ["metric"] = ("str", "Name of one metric family."),
        ["match[]"] = ("[str]", "A series selector; several are united."),
        ["match_target"] = ("str", "A selector on target labels."),
        ["name"] = ("str", "Label name; U__ in front marks an escaped one."),
        ["scrapePool"] = ("str", "Name of a scrape pool (job)."),
        ["state"] = ("str(active|dropped|any)", "Which targets to show."),
        ["labels"] = ("str", "A label set as a JSON object of strings."),
        ["type"] = ("str(alert|record)", "Which rules to show."),
        ["rule_name[]"] = ("[str]", "Names of rules to show."),
        ["rule_group[]"] = ("[str]", "Names of groups to show."),
        ["file[]"] = ("[str]", "Rule files to show."),
        ["exclude_alerts"] = ("str", "true leaves the active alerts out."),
        ["group_limit"] = ("int", "Groups of one page."),
        ["group_next_token"] = ("str", "The token of the page before."),
        ["metric_name_pattern"] = ("str", "An anchored regular expression on family names."),
        ["skip_head"] = ("str", "true leaves out what is not yet in finished files."),
        ["label"] = ("str", "The label whose values are searched."),
        ["search[]"] = ("[str]", "Text to search for; several are alternatives."),
        ["fuzz_threshold"] = ("int", "Least score of a fuzzy hit, 0 to 100."),
        ["fuzz_alg"] = ("str(subsequence|jarowinkler)", "How fuzzy hits are scored."),
        ["case_sensitive"] = ("bool", "false: upper and lower case are the same."),
        ["sort_by"] = ("str(alpha|score)", "Order of the hits."),
        ["sort_dir"] = ("str(asc|dsc)", "Direction of the order by name."),
        ["include_score"] = ("bool", "true: every hit carries its score."),
        ["include_metadata"] = ("bool", "true: every hit carries type, help and unit."),
        ["id"] = ("str", "The id that delete_series answered in X-ActorMon-Deletion-Id."),
        ["batch_size"] = ("int", "Hits of one line of the answer."),
    };
}

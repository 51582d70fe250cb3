using ActorMon.Configuration.Model;
using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Units;
using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Model.Text;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Configuration.Sections;

/// <summary>The global and runtime sections.</summary>
internal static class GlobalSection
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    public static readonly SectionSchema Schema = new("config.plain",
        Key.Duration("scrape_interval"), Key.Duration("scrape_timeout"), ScrapeProtocols.Key, Key.Duration("evaluation_interval"),
        Key.Duration("rule_query_offset"), Key.Path("query_log_file"), Key.Path("scrape_failure_log_file"), Key.TextMap("external_labels"),
        Key.Size("body_size_limit"), Key.Unsigned("sample_limit"), Key.Unsigned("target_limit"), Key.Unsigned("label_limit"),
        Key.Unsigned("label_name_length_limit"), Key.Unsigned("label_value_length_limit"), Key.Unsigned("keep_dropped_targets"),
        NameSchemes.ValidationKey, NameSchemes.EscapingKey, Key.OptionalBool("scrape_native_histograms"),
        Key.Bool("convert_classic_histograms_to_nhcb"), Key.Bool("always_scrape_classic_histograms"), Key.OptionalBool("extra_scrape_metrics"))
    {
        Check = Resolve,
    };

    public static readonly SectionSchema Runtime = new("config.RuntimeConfig", Key.Integer("gogc"));

    /// <summary>Fills in what an absent or zero value stands for, and checks the rest.</summary>
    private static void Resolve(ConfigSection s, ReadContext context)
    {
        if (s.IsZero())
            s["metric_name_escaping_scheme"] = NameSchemes.AllowUtf8;
        if (!s.Has("metric_name_validation_scheme"))
            s["metric_name_validation_scheme"] = NameSchemes.Utf8;
        if (s.Duration("scrape_interval") == TimeSpan.Zero)
            s["scrape_interval"] = DefaultInterval;
        if (s.Duration("scrape_timeout") > s.Duration("scrape_interval"))
            context.Error(s, "scrape_timeout", "global scrape timeout greater than scrape interval");
        if (s.Duration("scrape_timeout") == TimeSpan.Zero)
            s["scrape_timeout"] = Min(DefaultTimeout, s.Duration("scrape_interval"));
        if (s.Duration("evaluation_interval") == TimeSpan.Zero)
            s["evaluation_interval"] = DefaultInterval;
        s["scrape_native_histograms"] ??= false;
        s["extra_scrape_metrics"] ??= false;
        if (s["scrape_protocols"] is List<string> protocols && ScrapeProtocols.Problem(protocols) is { } problem)
            context.Error(s, "scrape_protocols", problem + " for global config");
        NameSchemes.CheckGlobal(s, context);
        ExternalLabels(s, context);
    }

    private static void ExternalLabels(ConfigSection s, ReadContext context)
    {
        if (s["external_labels"] is not SortedDictionary<string, string> labels)
            return;
        var scheme = NameSchemes.Validation(s.Text("metric_name_validation_scheme"));
        foreach (var (name, value) in labels.ToArray())
        {
            if (!NameValidator.IsValidLabelName(name, scheme))
                context.Error(s, "external_labels", $"{GoQuote.Quote(name)} is not a valid label name");
            if (!ByteText.IsValid(value))
                context.Error(s, "external_labels", $"{GoQuote.Quote(value)} is not a valid label value");
            labels[name] = EnvironmentExpansion.Expand(value, variable =>
            {
                if (context.Environment(variable) is { Length: > 0 } set)
                    return set;
                context.Warn(s, "external_labels", $"environment variable {GoQuote.Quote(variable)} in label {name} is empty or not set");
                return "";
            });
        }
    }

    public static GlobalOptions Build(ConfigSection s) => new()
    {
        ScrapeInterval = s.Duration("scrape_interval"),
        ScrapeTimeout = s.Duration("scrape_timeout"),
        EvaluationInterval = s.Duration("evaluation_interval"),
        RuleQueryOffset = s.Duration("rule_query_offset"),
        QueryLogFile = s.Text("query_log_file"),
        ExternalLabels = LabelSet.From(s.Map("external_labels")),
        NameValidation = NameSchemes.Validation(s.Text("metric_name_validation_scheme")),
    };

    public static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

using ActorMon.Discovery;
using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Configuration.Model;

/// <summary>The global section; what it gives to scrape jobs is already in them.</summary>
public sealed record GlobalOptions
{
    public TimeSpan ScrapeInterval { get; init; } = TimeSpan.FromMinutes(1);
    public TimeSpan ScrapeTimeout { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan EvaluationInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The query_offset of rule groups that have none.</summary>
    public TimeSpan RuleQueryOffset { get; init; }

    /// <summary>Absolute path of the JSON-lines query log; "" is off.</summary>
    public string QueryLogFile { get; init; } = "";

    /// <summary>Environment variables expanded. A label whose variable is empty is left out (peers: a label with an empty value is no label).</summary>
    public LabelSet ExternalLabels { get; init; } = LabelSet.Empty;
    public NameValidation NameValidation { get; init; } = NameValidation.Utf8;
}

/// <summary>One scrape_config and how its targets are found.</summary>
/// <param name="File">The file that holds it: the main one or a scrape_config_file.</param>
/// <param name="Line">From 1.</param>
public sealed record ConfiguredJob(ScrapeJob Job, IReadOnlyList<SdConfig> Discovery, string File, int Line);

using ActorMon.Actors.Alerting;
using ActorMon.Discovery;
using ActorMon.Notifying.Options;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Actors.Control;

/// <summary>One scrape job: how its targets are scraped and where they come from.</summary>
public sealed record JobConfiguration(ScrapeJob Job, IReadOnlyList<SdConfig> Discovery);

/// <summary>One group of Alertmanagers: how alerts are sent to them and where they come from.</summary>
public sealed record AlertmanagersConfiguration(AlertmanagerOptions Options, IReadOnlyList<SdConfig> Discovery);

/// <summary>Where alerts go, and what is done to them before.</summary>
public sealed record AlertingConfiguration(AlertLabelOptions Labels, IReadOnlyList<AlertmanagersConfiguration> Alertmanagers)
{
    public static readonly AlertingConfiguration None = new(AlertLabelOptions.None, []);
}

/// <summary>What the actors need of one version of the configuration; immutable.</summary>
/// <param name="Version">Grows with every version installed on this node.</param>
/// <param name="ScrapeSeed">Moves the phases of all scrapes; from the external labels, so that a pair of servers does not scrape in step.</param>
public sealed record NodeConfiguration(long Version, IReadOnlyList<JobConfiguration> Jobs, ulong ScrapeSeed)
{
    public static readonly NodeConfiguration None = new(0, [], 0);

    /// <summary>Groups of Alertmanagers that did not change keep their objects, as jobs do.</summary>
    public AlertingConfiguration Alerting { get; init; } = AlertingConfiguration.None;

    public RuleConfiguration Rules { get; init; } = RuleConfiguration.None;

    /// <summary>Of the built-in Alertmanager; null: it is off.</summary>
    public AlertmanagerConfiguration? Alertmanager { get; init; }

    private readonly Dictionary<string, JobConfiguration> _byName = Jobs.ToDictionary(j => j.Job.Name, StringComparer.Ordinal);

    public JobConfiguration? Find(string job) => _byName.GetValueOrDefault(job);
}

/// <summary>The configuration version in effect on this node. Written by the Host after a version was validated whole; read by anyone.</summary>
public sealed class ConfigurationStore
{
    private NodeConfiguration _current = NodeConfiguration.None;

    public NodeConfiguration Current => Volatile.Read(ref _current);

    public void Install(NodeConfiguration configuration) => Volatile.Write(ref _current, configuration);
}

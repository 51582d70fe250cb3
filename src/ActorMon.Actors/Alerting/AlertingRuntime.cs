using ActorMon.Actors.Journal;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Silences;

namespace ActorMon.Actors.Alerting;

/// <summary>What all actors of the built-in Alertmanager on a node share. Immutable; every part is thread-safe.</summary>
/// <param name="Configuration">Null: the built-in Alertmanager is off.</param>
/// <param name="MayNotify">False: the node has lost its cluster; another one may notify in its place.</param>
/// <param name="Shards">Never changes while the cluster lives.</param>
/// <param name="ExternalUrl">Without a slash at the end.</param>
public sealed record AlertingRuntime(
    Func<AlertmanagerConfiguration?> Configuration, AlertViews Views, AlertingMetrics Metrics, Func<bool> MayNotify, JournalSettings Journal, int Shards, string ExternalUrl,
    Guid Cluster, TimeProvider Time)
{
    /// <summary>The shards of this node.</summary>
    public AlertBoard Board { get; } = new();

    /// <summary>What happened to the alerts of this node's shards.</summary>
    public AlertTrail Trail { get; init; } = new(20_000, TimeSpan.FromDays(30), "");

    public MatcherSyntax Syntax { get; init; } = MatcherSyntax.Fallback;

    public SilenceLimits Silences { get; init; } = new();

    /// <summary>How long an entry of the notification log is kept at most.</summary>
    public TimeSpan LogRetention { get; init; } = TimeSpan.FromHours(120);

    /// <summary>A shard waits so long for its journal before it begins without.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A flush waits so long for whole views of silences and inhibition before it goes on without, and views hold on for so long to the sources of a shard that is silent.
    /// </summary>
    public TimeSpan ViewPatience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Alerts that came wait so long for others to be written with.</summary>
    public TimeSpan WriteDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Notifications of one shard that are sent at once; others wait.</summary>
    public int MaxSends { get; init; } = 64;

    /// <summary>Messages that wait for a shard that begins; others are told again by those who sent them.</summary>
    public int MaxWaiting { get; init; } = 1000;

    public Backoff SendBackoff { get; init; } = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(60));

    /// <summary>Of what is asked again and again: views, configuration, times of groups.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Not 0, and another one for each run of an owner.</summary>
    public static long NewLife() => Random.Shared.NextInt64(1, long.MaxValue);
}

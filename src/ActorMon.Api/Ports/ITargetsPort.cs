using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Relabelling;

namespace ActorMon.Api.Ports;

public enum TargetHealth : byte
{
    Unknown,
    Up,
    Down,
}

/// <summary>A target as the targets API shows it. <paramref name="LastScrape"/> null: not yet scraped.</summary>
public sealed record ActiveTarget(
    string Job, LabelSet Discovered, LabelSet Labels, string Url, string LastError, DateTimeOffset? LastScrape, TimeSpan LastDuration, TargetHealth Health,
    TimeSpan Interval, TimeSpan Timeout)
{
    /// <summary>The URL as seen from outside the node that scrapes it.</summary>
    public string GlobalUrl { get; init; } = Url;
}

public sealed record DroppedTarget(string Job, LabelSet Discovered);

/// <summary>What one active target says of its families.</summary>
public sealed record TargetFamilies(LabelSet Labels, IReadOnlyList<FamilyMetadata> Families);

/// <summary>Targets of all nodes.</summary>
/// <param name="Active">Sorted by job, then labels.</param>
/// <param name="DroppedCounts">Dropped targets by job, all of them, also those no longer remembered.</param>
public sealed record KnownTargets(IReadOnlyList<ActiveTarget> Active, IReadOnlyList<DroppedTarget> Dropped, IReadOnlyDictionary<string, int> DroppedCounts);

/// <summary>What is known of targets; each is scraped by one node.</summary>
public interface ITargetsPort
{
    /// <summary>Names of all scrape jobs, sorted.</summary>
    IReadOnlyList<string> Pools { get; }

    ValueTask<Partial<KnownTargets>> TargetsAsync(CancellationToken cancellation);

    /// <summary>Families of the active targets, in their order.</summary>
    ValueTask<Partial<IReadOnlyList<TargetFamilies>>> FamiliesAsync(CancellationToken cancellation);

    /// <summary>The relabelling of a pool's targets, or null when there is no such pool.</summary>
    IReadOnlyList<RelabelRule>? RelabelRules(string pool);
}

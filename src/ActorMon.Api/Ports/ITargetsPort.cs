using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
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
    TimeSpan Interval, TimeSpan Timeout);

public sealed record DroppedTarget(string Job, LabelSet Discovered);

/// <summary>What one active target says of its families.</summary>
public sealed record TargetFamilies(LabelSet Labels, IReadOnlyList<FamilyMetadata> Families);

/// <summary>What the node knows of targets.</summary>
public interface ITargetsPort
{
    /// <summary>Names of all scrape jobs, sorted.</summary>
    IReadOnlyList<string> Pools { get; }

    /// <summary>Sorted by job, then labels.</summary>
    IReadOnlyList<ActiveTarget> Active();

    IReadOnlyList<DroppedTarget> Dropped();

    /// <summary>Dropped targets by job, all of them, also those no longer remembered.</summary>
    IReadOnlyDictionary<string, int> DroppedCounts();

    /// <summary>Families of the active targets, in the order of <see cref="Active"/>.</summary>
    IReadOnlyList<TargetFamilies> Families();

    /// <summary>The relabelling of a pool's targets, or null when there is no such pool.</summary>
    IReadOnlyList<RelabelRule>? RelabelRules(string pool);
}

using System.Collections.Concurrent;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Scraping.Targets;

namespace ActorMon.Actors.Scraping;

/// <summary>A target as its actor last saw it. <paramref name="LastScrape"/> null: not yet scraped.</summary>
public sealed record TargetStatus(string Job, ScrapeTarget Target, bool? Up, string LastError, DateTimeOffset? LastScrape, TimeSpan LastDuration)
{
    /// <summary>Samples of the last scrape that were stored, those about the scrape included.</summary>
    public int Samples { get; init; }

    /// <summary>Families that the node remembers of the target.</summary>
    public int FamilyCount { get; init; }

    /// <summary>Lists what the target says of its families; may wait for the end of a scrape that is being read.</summary>
    public Func<IReadOnlyList<FamilyMetadata>> Families { get; init; } = static () => [];
}

/// <summary>Targets of a job that relabelling dropped: the remembered ones and how many there are in all.</summary>
public sealed record DroppedTargets(IReadOnlyList<LabelSet> Remembered, int Count)
{
    public static readonly DroppedTargets None = new([], 0);
}

/// <summary>
/// What this node knows of targets, for the API and the metrics. Each entry has one writer, the target's actor (dropped ones: the DiscoveryManager); readers
/// see whole entries and never wait.
/// </summary>
public sealed class TargetBoard
{
    private readonly ConcurrentDictionary<object, TargetStatus> _active = new();
    private readonly ConcurrentDictionary<string, DroppedTargets> _dropped = new(StringComparer.Ordinal);

    public ICollection<TargetStatus> Active => _active.Values;

    public IReadOnlyDictionary<string, DroppedTargets> Dropped => _dropped;

    /// <param name="owner">Who scrapes the target; an owner has one entry.</param>
    public void Report(object owner, TargetStatus status) => _active[owner] = status;

    public void Remove(object owner) => _active.TryRemove(owner, out _);

    public void SetDropped(string job, DroppedTargets dropped) => _dropped[job] = dropped;

    public void ForgetJob(string job) => _dropped.TryRemove(job, out _);
}

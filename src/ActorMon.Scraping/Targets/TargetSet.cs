using ActorMon.Model.Labels;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Scraping.Targets;

/// <summary>Targets that discovery found together: a source's name, labels of all, labels of each.</summary>
public readonly record struct DiscoveredGroup(string Source, LabelSet Labels, IReadOnlyList<LabelSet> Targets);

/// <summary>All targets of one job at one moment.</summary>
public sealed class TargetSet
{
    private TargetSet(ScrapeTarget[] active, LabelSet[] dropped, int droppedCount, string[] errors, string limitError)
    {
        Active = active;
        Dropped = dropped;
        DroppedCount = droppedCount;
        Errors = errors;
        LimitError = limitError;
    }

    /// <summary>Targets to scrape, each identity once, in the order found.</summary>
    public IReadOnlyList<ScrapeTarget> Active { get; }

    /// <summary>Discovered labels of targets that relabelling dropped, at most keep_dropped_targets of them.</summary>
    public IReadOnlyList<LabelSet> Dropped { get; }

    /// <summary>How many were dropped, remembered or not.</summary>
    public int DroppedCount { get; }

    /// <summary>One line for each target that cannot be scraped; the others go on.</summary>
    public IReadOnlyList<string> Errors { get; }

    /// <summary>The error that every scrape of the job reports while there are more targets than target_limit, or "".</summary>
    public string LimitError { get; }

    public static TargetSet Build(ScrapeJob job, IEnumerable<DiscoveredGroup> groups)
    {
        var active = new List<ScrapeTarget>();
        var seen = new HashSet<ulong>();
        var dropped = new List<LabelSet>();
        var droppedCount = 0;
        var errors = new List<string>();
        foreach (var group in groups)
            for (var i = 0; i < group.Targets.Count; i++)
            {
                var result = TargetBuilder.Build(job, Merge(group.Labels, group.Targets[i]));
                if (result.Error.Length > 0)
                {
                    errors.Add($"instance {i} in group {group.Source}: {result.Error}");
                }
                else if (result.Dropped)
                {
                    droppedCount++;
                    if (job.KeepDroppedTargets == 0 || dropped.Count < job.KeepDroppedTargets)
                        dropped.Add(result.Discovered);
                }
                // A target without public labels has nothing its series could be told apart by; the peer skips it too.
                else if (result.Target!.Labels.Count > 0 && seen.Add(result.Target.Hash))
                {
                    active.Add(result.Target);
                }
            }
        var limitError = job.TargetLimit > 0 && active.Count > job.TargetLimit
            ? $"target_limit exceeded (number of targets: {active.Count}, limit: {job.TargetLimit})"
            : "";
        return new TargetSet([.. active], [.. dropped], droppedCount, [.. errors], limitError);
    }

    private static LabelSet Merge(LabelSet group, LabelSet target)
    {
        if (group.Count == 0)
            return target;
        var merged = new LabelSetBuilder(group);
        foreach (ref readonly var label in target.AsSpan())
            merged.Set(label.Name, label.Value);
        return merged.Build();
    }
}

namespace ActorMon.Discovery.Merge;

/// <summary>
/// All groups of a job at one time, ordered by mechanism and source, so that equal sets have equal order whatever way they came about.
/// </summary>
/// <param name="Version">Grows by one with each change; 0 before the first.</param>
public sealed record DiscoveredGroups(long Version, IReadOnlyList<TargetGroup> Groups)
{
    public static readonly DiscoveredGroups None = new(0, []);
}

/// <summary>
/// Merges what a job's mechanisms tell into the job's full set of groups. A source belongs to its mechanism: two mechanisms may use the same. Pure but for its
/// own state; one thread at a time. When to tell others of a new version is the caller's decision.
/// </summary>
public sealed class DiscoveryMerge
{
    private readonly SortedDictionary<(int Mechanism, string Source), TargetGroup> _groups = new(Order.Instance);
    private DiscoveredGroups _current;

    /// <param name="version">Where to go on counting, after a restart of the owner.</param>
    public DiscoveryMerge(long version = 0) => _current = DiscoveredGroups.None with { Version = version };

    /// <summary>The full set; the same object until something changes.</summary>
    public DiscoveredGroups Current => _current;

    /// <summary>Takes an update of mechanism number <paramref name="mechanism"/>; an empty group withdraws its source.</summary>
    /// <returns>Whether the full set changed.</returns>
    public bool Apply(int mechanism, IReadOnlyList<TargetGroup> groups)
    {
        var changed = false;
        foreach (var group in groups)
        {
            var key = (mechanism, group.Source);
            if (group.Targets.Count == 0)
            {
                changed |= _groups.Remove(key);
            }
            else if (!_groups.TryGetValue(key, out var known) || !TargetGroups.SameContent(known, group))
            {
                _groups[key] = group;
                changed = true;
            }
        }
        return Advance(changed);
    }

    /// <summary>Withdraws everything a mechanism has told; for one that is no longer configured.</summary>
    public bool Remove(int mechanism)
    {
        var gone = _groups.Keys.Where(key => key.Mechanism == mechanism).ToList();
        foreach (var key in gone)
            _groups.Remove(key);
        return Advance(gone.Count > 0);
    }

    private bool Advance(bool changed)
    {
        if (changed)
            _current = new DiscoveredGroups(_current.Version + 1, [.. _groups.Values]);
        return changed;
    }

    private sealed class Order : IComparer<(int Mechanism, string Source)>
    {
        public static readonly Order Instance = new();

        public int Compare((int Mechanism, string Source) a, (int Mechanism, string Source) b) =>
            a.Mechanism != b.Mechanism ? a.Mechanism.CompareTo(b.Mechanism) : string.CompareOrdinal(a.Source, b.Source);
    }
}

using ActorMon.Model.Sharding;
using ActorMon.Scraping.Targets;
using static ActorMon.Protocol.Scraping.ScrapingProtocol;

namespace ActorMon.Actors.Discovery;

/// <summary>
/// Which shard scrapes which target: by the hash of the target's public labels, so that a target whose interval changes stays where it is. Pure; keeps what every shard should have and gives a shard a new version only when its set,
/// a job's error or the configuration changed.
/// </summary>
public sealed class TargetAssignment(int shards, ulong incarnation)
{
    private readonly AssignTargets?[] _current = new AssignTargets?[shards];
    private long _number;

    /// <summary>What the shard should have, or null before the first assignment.</summary>
    public AssignTargets? For(int shard) => _current[shard];

    /// <returns>The shards whose assignment changed.</returns>
    public IReadOnlyList<AssignTargets> Assign(long configurationVersion, IEnumerable<(string Job, TargetSet Targets)> jobs)
    {
        var sets = new List<AssignedTarget>[shards];
        for (var i = 0; i < shards; i++)
            sets[i] = [];
        var errors = new List<JobError>();
        foreach (var (job, targets) in jobs)
        {
            if (targets.LimitError.Length > 0)
                errors.Add(new JobError(job, targets.LimitError));
            foreach (var target in targets.Active)
                sets[(int)(StableHash.Of(target.Labels) % (ulong)shards)].Add(new AssignedTarget(job, target.DiscoveredLabels));
        }
        var changed = new List<AssignTargets>();
        for (var shard = 0; shard < shards; shard++)
        {
            var known = _current[shard];
            if (known is not null && known.ConfigurationVersion == configurationVersion && known.Targets.SequenceEqual(sets[shard]) && known.JobErrors.SequenceEqual(errors))
                continue;
            _current[shard] = new AssignTargets(shard, new AssignmentVersion(incarnation, ++_number), configurationVersion, sets[shard], errors);
            changed.Add(_current[shard]!);
        }
        return changed;
    }
}

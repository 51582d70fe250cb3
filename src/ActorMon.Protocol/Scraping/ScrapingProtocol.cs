using ActorMon.Model.Labels;

namespace ActorMon.Protocol.Scraping;

/// <summary>Messages of the scraping hierarchy: ScrapeShard (sharded, fixed number) -> TargetActor. Control tells each shard its full set of targets, under a version.</summary>
public static class ScrapingProtocol
{
    public interface IShardMessage
    {
        /// <summary>0 .. number of shards - 1.</summary>
        int Shard { get; }
    }

    /// <summary>Names one full assignment of targets; compared for equality only. The incarnation is the assigner's, new at each start.</summary>
    public readonly record struct AssignmentVersion(ulong Incarnation, long Number)
    {
        public static readonly AssignmentVersion None = default;
    }

    /// <summary>One target by its labels before relabelling; with the job's configuration they decide everything else about it.</summary>
    public sealed record AssignedTarget(string Job, LabelSet Discovered);

    /// <summary>A job whose every scrape fails with this error: it has more targets than its target_limit.</summary>
    public sealed record JobError(string Job, string Error);

    /// <summary>
    /// All targets of a shard, of all jobs, or a piece of them (<see cref="AssignmentChunks"/>). Targets absent in the whole are removed and end their series. Crosses nodes.
    /// </summary>
    public sealed record AssignTargets(
        int Shard, AssignmentVersion Version, long ConfigurationVersion, IReadOnlyList<AssignedTarget> Targets, IReadOnlyList<JobError> JobErrors) : IShardMessage
    {
        /// <summary>Which piece, 0 .. Chunks-1.</summary>
        public int Chunk { get; init; }

        public int Chunks { get; init; } = 1;
    }

    /// <summary>Wakes a shard; it answers with <see cref="ShardState"/>. Crosses nodes.</summary>
    public sealed record TouchShard(int Shard) : IShardMessage;

    /// <summary>Sent by a shard when it starts, when touched and every few seconds: which assignment it works by. Crosses nodes.</summary>
    public sealed record ShardState(int Shard, AssignmentVersion Version, int Targets);
}

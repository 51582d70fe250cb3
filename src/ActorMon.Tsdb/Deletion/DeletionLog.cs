using System.Collections.Immutable;
using ActorMon.Model.Matchers;

namespace ActorMon.Tsdb.Deletion;

/// <summary>What may be asked of a partition's deletions.</summary>
public abstract record DeletionCommand
{
    /// <summary>Delete; Min and Max in Unix ms, inclusive. <paramref name="Oldest"/> and <paramref name="Newest"/>: times of the partition's first and last sample now.</summary>
    public sealed record Delete(Guid Id, IReadOnlyList<IReadOnlyList<Matcher>> Selectors, long Min, long Max, long Oldest, long Newest, long Now) : DeletionCommand;

    /// <summary>Take a deletion back, as far as it was not rewritten.</summary>
    public sealed record Undo(Guid Id) : DeletionCommand;

    /// <summary>
    /// A deletion of the cluster's log. Other than one of this partition alone it holds for all of its times, and is written down whether it concerns anything or not: what it
    /// names may come from another copy later.
    /// </summary>
    public sealed record Follow(long ClusterVersion, Guid Id, IReadOnlyList<IReadOnlyList<Matcher>> Selectors, long Min, long Max, long Created) : DeletionCommand
    {
        /// <summary>It names samples that are here.</summary>
        public bool Concerns { get; init; }
    }

    /// <summary>The cluster has taken a deletion back.</summary>
    public sealed record FollowUndo(long ClusterVersion, Guid Id) : DeletionCommand;

    /// <summary>A partition without a sample need not follow what came before.</summary>
    public sealed record Skip(long ClusterVersion) : DeletionCommand;

    /// <summary>These versions are applied everywhere: no part and no head holds a sample of theirs.</summary>
    public sealed record Finish(IReadOnlyCollection<long> Versions) : DeletionCommand;

    /// <summary>A part has applied this version: later deletions must be greater, also when the log they stood in was lost.</summary>
    public sealed record Continue(long Version) : DeletionCommand;
}

/// <summary>What happened to a partition's deletions; the log is what these leave.</summary>
public abstract record DeletionEvent
{
    public sealed record Added(SeriesDeletion Deletion) : DeletionEvent;

    public sealed record Removed(long Version) : DeletionEvent;

    public sealed record VersionRaised(long Version) : DeletionEvent;

    public sealed record Followed(long ClusterVersion) : DeletionEvent;
}

/// <summary>Either events (none: nothing to do) or why not.</summary>
public readonly record struct DeletionDecision(ImmutableArray<DeletionEvent> Events, string? Refusal)
{
    public static readonly DeletionDecision Nothing = new([], null);
}

/// <summary>The deletions of one partition that are not everywhere applied yet, by version. Immutable.</summary>
public sealed record DeletionLog
{
    /// <summary>More are refused: each costs every read of the partition.</summary>
    public const int MaxEntries = 1_000;

    public static readonly DeletionLog Empty = new();

    /// <summary>The last version given, also when its deletion has left the log.</summary>
    public long Version { get; init; }

    public ImmutableArray<SeriesDeletion> Entries { get; init; } = [];

    /// <summary>Up to this version the cluster's log is followed.</summary>
    public long ClusterVersion { get; init; }

    public DeletionDecision Decide(DeletionCommand command) => command switch
    {
        DeletionCommand.Delete delete => Decide(delete),
        DeletionCommand.Undo undo => new([.. Entries.Where(e => e.Id == undo.Id).Select(e => new DeletionEvent.Removed(e.Version))], null),
        DeletionCommand.Finish finish => new([.. Entries.Where(e => finish.Versions.Contains(e.Version)).Select(e => new DeletionEvent.Removed(e.Version))], null),
        DeletionCommand.Follow follow when follow.ClusterVersion > ClusterVersion => Decide(follow),
        DeletionCommand.FollowUndo undo when undo.ClusterVersion > ClusterVersion =>
            new([.. Entries.Where(e => e.Id == undo.Id).Select(e => new DeletionEvent.Removed(e.Version)), new DeletionEvent.Followed(undo.ClusterVersion)], null),
        DeletionCommand.Skip skip when skip.ClusterVersion > ClusterVersion => new([new DeletionEvent.Followed(skip.ClusterVersion)], null),
        DeletionCommand.Continue applied when applied.Version > Version => new([new DeletionEvent.VersionRaised(applied.Version)], null),
        _ => DeletionDecision.Nothing,
    };

    public DeletionLog Apply(DeletionEvent happened) => happened switch
    {
        DeletionEvent.Added added => this with { Version = added.Deletion.Version, Entries = Entries.Add(added.Deletion) },
        DeletionEvent.Removed removed => this with { Entries = Entries.RemoveAll(e => e.Version == removed.Version) },
        DeletionEvent.VersionRaised raised => this with { Version = raised.Version },
        DeletionEvent.Followed followed => this with { ClusterVersion = followed.ClusterVersion },
        _ => this,
    };

    public DeletionLog Apply(DeletionDecision decision)
    {
        var log = this;
        foreach (var happened in decision.Events)
            log = log.Apply(happened);
        return log;
    }

    /// <summary>True when no deletion up to <paramref name="version"/> that <paramref name="earlier"/> had was taken back since: what was rewritten by it may stand.</summary>
    public bool Continues(DeletionLog earlier)
    {
        foreach (var entry in earlier.Entries)
            if (!Entries.Any(e => e.Version == entry.Version))
                return false;
        return true;
    }

    private DeletionDecision Decide(DeletionCommand.Delete delete)
    {
        var (min, max) = (Math.Max(delete.Min, delete.Oldest), Math.Min(delete.Max, delete.Newest));
        // A request that is sent again has its answer already.
        if (min > max || Entries.Any(e => e.Id == delete.Id))
            return DeletionDecision.Nothing;
        if (Entries.Length >= MaxEntries)
            return Full();
        var deletion = new SeriesDeletion
        {
            Version = Version + 1,
            Id = delete.Id,
            Selectors = delete.Selectors,
            Min = min,
            Max = max,
            Created = delete.Now,
        };
        return new([new DeletionEvent.Added(deletion)], null);
    }

    private DeletionDecision Decide(DeletionCommand.Follow follow)
    {
        var followed = new DeletionEvent.Followed(follow.ClusterVersion);
        if (Entries.Any(e => e.Id == follow.Id))
            return new([followed], null);
        if (Entries.Length >= MaxEntries)
            return Full();
        var deletion = new SeriesDeletion
        {
            Version = Version + 1,
            ClusterVersion = follow.ClusterVersion,
            Concerned = follow.Concerns,
            Id = follow.Id,
            Selectors = follow.Selectors,
            Min = follow.Min,
            Max = follow.Max,
            Created = follow.Created,
        };
        return new([new DeletionEvent.Added(deletion), followed], null);
    }

    private DeletionDecision Full() => new([], $"{Entries.Length} deletions are not rewritten yet, the limit is {MaxEntries}; run clean_tombstones first");
}

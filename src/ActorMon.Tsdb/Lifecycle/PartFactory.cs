using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Lifecycle;

/// <summary>Begins new parts of one partition: identity and numbers are the same for all. One worker at a time.</summary>
internal sealed class PartFactory(IStorageFiles files, PartSet parts, WalIdentity identity, PartCache cache)
{
    /// <summary>Decoded pages that work keeps, bytes: it reads every page once, in order, and must not push out what queries read often.</summary>
    private const long WorkCacheBytes = 8 << 20;

    /// <summary>Where readers of a finished part keep its pages.</summary>
    public PartCache Cache => cache;

    public PartWriter Create(TimeWindow window, int level, IReadOnlyList<long> replaces, long cutTo, long cutSegment, long deletionVersion) =>
        PartWriter.Create(files, parts.Directory, new PartHeader
        {
            ClusterId = identity.ClusterId,
            Partitions = identity.Partitions,
            Partition = identity.Partition,
            Sequence = parts.NextSequence(),
            Level = level,
            WindowStart = window.Start,
            WindowEnd = window.End,
            Replaces = replaces,
            CutTo = cutTo,
            CutSegment = cutSegment,
            DeletionVersion = deletionVersion,
        });

    /// <summary>Opens a part once more for work that reads all of it.</summary>
    /// <exception cref="PartDamagedException">It is damaged.</exception>
    public PartFile Reopen(PartFile part) => PartFile.Open(files, Path.Combine(parts.Directory, PartFormat.Name(part.Header.Sequence)), identity, new PartCache(WorkCacheBytes));
}

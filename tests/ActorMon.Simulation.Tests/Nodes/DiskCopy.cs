using System.Collections.Immutable;
using ActorMon.Replication.Deletions;
using ActorMon.Replication.Digests;
using ActorMon.Replication.Writers;
using ActorMon.Simulation.Tests.World;

namespace ActorMon.Simulation.Tests.Nodes;

/// <summary>A copy's files: outlive the process, as what was written to the system does when a process is killed.</summary>
public sealed class DiskCopy(Samples samples, long deletionsApplied)
{
    public SampleSet Content { get; } = new();

    public ReceivedBatches Received { get; } = new();

    /// <summary>Highest epoch noted while in sync.</summary>
    public long Epoch { get; set; }

    public long DeletionsApplied { get; private set; } = deletionsApplied;

    public void Skip(long version) => DeletionsApplied = Math.Max(DeletionsApplied, version);

    /// <summary>Merges a sample unless a deletion that stands in the log means it.</summary>
    public void Merge(int id, DeletionLog deletions)
    {
        foreach (var deletion in deletions.Entries)
            if (samples.IsMeant(id, deletion.Request))
                return;
        Content.Add(id);
    }

    public void Apply(DeletionLog deletions)
    {
        if (DeletionsApplied >= deletions.Version)
            return;
        foreach (var deletion in deletions.After(DeletionsApplied)!.Value.Span)
            foreach (var id in Content.Ids().ToArray())
                if (samples.IsMeant(id, deletion.Request))
                    Content.Remove(id);
        DeletionsApplied = deletions.Version;
    }

    public CopyDigest Digest(long floor)
    {
        var cells = new Dictionary<DigestCell, CellDigest>();
        foreach (var id in Content.Ids())
        {
            var cell = samples.CellOf(id);
            var known = cells.GetValueOrDefault(cell);
            cells[cell] = new CellDigest(known.Hash + Samples.HashOf(id), known.Samples + 1);
        }
        return new CopyDigest(DeletionsApplied, floor, cells.ToImmutableSortedDictionary());
    }

    public int[] IdsOf(DigestCell cell) => [.. Content.Ids().Where(id => samples.CellOf(id) == cell)];
}

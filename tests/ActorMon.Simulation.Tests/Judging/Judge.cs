using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;
using ActorMon.Simulation.Tests.Nodes;
using ActorMon.Simulation.Tests.World;

namespace ActorMon.Simulation.Tests.Judging;

/// <summary>Knows what was acknowledged and sees every answer and deletion; says what was broken first.</summary>
public sealed class Judge(SimWorld world)
{
    private readonly SampleSet[] _acknowledged = [.. Enumerable.Range(0, SimulationOptions.Partitions).Select(_ => new SampleSet())];
    private readonly SampleSet _deleted = new();
    private readonly List<DeletionRequest> _deletions = [];

    // Acknowledged before a deletion of them was in the log: they stay away.
    private readonly SampleSet _gone = new();

    public string? Violation { get; private set; }

    public int Acknowledged { get; private set; }

    public int CompleteReads { get; private set; }

    public int PartialReads { get; private set; }

    public void IsAcknowledged(int partition, int sample)
    {
        Acknowledged++;
        _acknowledged[partition].Add(sample);
        if (_deletions.Any(d => world.Samples.IsMeant(sample, d)))
            _deleted.Add(sample);
    }

    /// <summary>A deletion was asked for: what it means need not be there any more.</summary>
    public void MayBeDeleted(DeletionRequest request)
    {
        _deletions.Add(request);
        foreach (var set in _acknowledged)
            foreach (var id in set.Ids())
                if (world.Samples.IsMeant(id, request))
                    _deleted.Add(id);
    }

    /// <summary>A deletion is in the cluster's log.</summary>
    public void IsLogged(DeletionRequest request)
    {
        foreach (var set in _acknowledged)
            foreach (var id in set.Ids())
                if (world.Samples.IsMeant(id, request))
                    _gone.Add(id);
    }

    /// <summary>An acknowledged sample that a view of a copy does not have; -1: none.</summary>
    public int MissingIn(int partition, SampleSet view) => _acknowledged[partition].FirstNotIn(view, _deleted);

    public void PartialRead() => PartialReads++;

    public void CompleteRead(SimProcess holder, int partition, int missing)
    {
        CompleteReads++;
        if (missing >= 0)
            Fail($"node {holder.Node.Number} answered partition {partition} as complete without sample {missing}, which was acknowledged");
    }

    /// <summary>A copy's files were deleted: everything acknowledged must lie on every copy in sync, or when none was left since the grant, on the ones waited for.</summary>
    public void IsDeleted(SimProcess holder, int partition)
    {
        var state = world.Journal.Map.Partitions[partition];
        var kept = state.IsComplete ? state.InSync.ToArray() : [.. state.Awaited];
        if (kept.Length == 0)
            Fail($"node {holder.Node.Number} deleted its copy of partition {partition}, which has no other");
        foreach (var copy in kept)
        {
            var content = world.Nodes.First(n => n.Id == copy.Node).Disk.GetValueOrDefault(partition)?.Content ?? new SampleSet();
            if (MissingIn(partition, content) is var missing and >= 0)
                Fail($"node {holder.Node.Number} deleted its copy of partition {partition}, and the copy on node {copy.Node} lacks sample {missing}, which was acknowledged");
        }
    }

    /// <summary>Everything is as it is meant to be when nothing is wrong: R copies in sync, none left over, nothing waits, contents are equal.</summary>
    public bool HasConverged()
    {
        var map = world.Journal.Map;
        var wanted = world.Nodes.Where(n => n.IsWanted).ToArray();
        if (wanted.Length == 0)
            return true;
        return wanted.All(n => n.IsRunning && map.IsUp(n.Process!.Self) && n.Process!.Writer.Waiting == 0 && n.Process!.Map.Version == map.Version)
            && map.UpNodes.Count() == wanted.Length
            && map.Partitions.All(p => p.IsComplete && p.InSyncCount == Math.Min(map.ReplicasInForce, wanted.Length) && p.Copies.Length == p.InSyncCount)
            && Enumerable.Range(0, SimulationOptions.Partitions).All(AreEqual);
    }

    public void AtTheEnd()
    {
        if (!HasConverged())
        {
            var map = world.Journal.Map;
            Fail($"not converged: {string.Join(" | ", map.Partitions.Select(Describe))}; up {map.UpNodes.Count()}, " +
                $"waiting {string.Join(",", world.Nodes.Select(n => n.Process?.Writer.Waiting))}, versions {string.Join(",", world.Nodes.Select(n => n.Process?.Map.Version))} of {map.Version}; " +
                $"{world.Cluster.Describe()}; draining {string.Join(",", map.Nodes.Values.Where(n => n.Draining).Select(n => Number(n.Id)))}, in force {map.ReplicasInForce}; {string.Join(" ", Enumerable.Range(0, SimulationOptions.Partitions).Select(Differences))}");
            return;
        }
        for (var p = 0; p < SimulationOptions.Partitions; p++)
            foreach (var copy in world.Journal.Map.Partitions[p].InSync)
                if (Content(p, copy).Ids().Where(_gone.Has).Cast<int?>().FirstOrDefault() is { } back)
                    Fail($"sample {back} of partition {p}, which was deleted, is on node {copy.Node} at the end");
                else if (MissingIn(p, Content(p, copy)) is var missing and >= 0)
                    Fail($"sample {missing} of partition {p}, which was acknowledged, is not on node {copy.Node} at the end");
    }

    public static string Describe(PartitionState partition) =>
        $"epoch {partition.Epoch} fence {partition.Fence} " + string.Join(" ", partition.Copies.Select(c => $"{c.Slot}@{Number(c.Node)}:{c.State}({c.Since})"));

    /// <summary>Samples that some copies in sync have and others lack.</summary>
    private string Differences(int partition)
    {
        var copies = world.Journal.Map.Partitions[partition].InSync
            .Select(c => (c.Node, Disk: world.Nodes.First(n => n.Id == c.Node).Disk.GetValueOrDefault(partition))).Where(c => c.Disk is not null).ToArray();
        var ids = copies.SelectMany(c => c.Disk!.Content.Ids()).Distinct().Where(id => !copies.All(c => c.Disk!.Content.Has(id)));
        return $"p{partition} deletions {string.Join(",", copies.Select(c => c.Disk!.DeletionsApplied))} " +
            string.Join(" ", ids.Take(5).Select(id => $"{id}{(_deleted.Has(id) ? " deleted" : "")} on {string.Join(",", copies.Where(c => c.Disk!.Content.Has(id)).Select(c => Number(c.Node)))}"));
    }

    private static char Number(NodeId node) => node.Value.ToString()[7];

    private void Fail(string violation)
    {
        Violation ??= $"at {world.Schedule.Now} ms: {violation}";
        world.Trace?.Invoke(Violation);
    }

    private bool AreEqual(int partition)
    {
        var digests = world.Journal.Map.Partitions[partition].InSync
            .Select(c => world.Nodes.First(n => n.Id == c.Node).Disk[partition].Digest(long.MinValue)).ToArray();
        return digests.Skip(1).All(d => d.IsComparableTo(digests[0]) && d.CellsToFetchFrom(digests[0]).Count == 0 && digests[0].CellsToFetchFrom(d).Count == 0);
    }

    private SampleSet Content(int partition, CopyRecord copy) => world.Nodes.First(n => n.Id == copy.Node).Disk[partition].Content;
}

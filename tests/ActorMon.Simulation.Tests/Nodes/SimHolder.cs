using System.Collections.Immutable;
using ActorMon.Model.Ingest;
using ActorMon.Model.Sharding;
using ActorMon.Replication.Copies;
using ActorMon.Replication.Map;
using ActorMon.Replication.Repair;
using ActorMon.Replication.Writers;
using ActorMon.Simulation.Tests.World;

namespace ActorMon.Simulation.Tests.Nodes;

/// <summary>The copies on a node: takes batches, answers reads, does its duties.</summary>
public sealed class SimHolder(SimProcess process)
{
    private readonly CopyFacts[] _facts = [.. Enumerable.Range(0, SimulationOptions.Partitions).Select(_ => CopyFacts.Start(process.Self))];
    private readonly SimTransfer?[] _transfers = new SimTransfer?[SimulationOptions.Partitions];

    private SimWorld World => process.World;

    private Dictionary<int, DiskCopy> Disk => process.Node.Disk;

    public ImmutableArray<HeldCopy> Held() => [.. Disk.Select(d => new HeldCopy(new PartitionId(d.Key), d.Value.Epoch))];

    public void Happened(int partition, CopyEvent happened)
    {
        _facts[partition] = _facts[partition].Apply(happened);
        if (happened is StorageRepaired && World.Breaks(BrokenRule.StepOut))
            _facts[partition] = _facts[partition] with { SteppedOut = 0 };
        process.After(1, () => DoDuties(partition));
    }

    public void MapChanged()
    {
        for (var p = 0; p < _facts.Length; p++)
        {
            if (process.Map.Partitions[p].HeldBy(process.Self) is { } copy)
            {
                if (copy.IsReceiver && !Disk.ContainsKey(p))
                    Disk.Add(p, new DiskCopy(World.Samples, process.Map.Deletions.Pruned));
                if (copy.IsRequired)
                    Disk[p].Epoch = process.Map.Partitions[p].Epoch;
            }
            var partition = p;
            process.After(World.Chance.Happens(0.5) ? 0 : World.Chance.Between(1, 3_000), () => FollowDeletions(partition));
            process.After(World.Chance.Between(1, 50), () => DoDuties(partition));
        }
    }

    public void Take(SimProcess writer, int partition, long number, int sample, BatchTerms terms, CopyStay sent)
    {
        var state = process.Map.Partitions[partition];
        var judged = World.Breaks(BrokenRule.Fence) ? state with { Fence = 0 } : state;
        if (World.Breaks(BrokenRule.LateBatches))
            terms = terms with { Forgotten = long.MaxValue };
        var verdict = CopyGate.Accept(judged, process.Map.Deletions, _facts[partition], World.Breaks(BrokenRule.ForgottenCopies) ? long.MaxValue : Applied(partition), terms, process.LeaseHolds);
        var stay = default(CopyStay);
        if (verdict == BatchVerdict.Accept)
        {
            var disk = Disk[partition];
            stay = state.HeldBy(process.Self)!.Stay;
            if (disk.Received.Check(writer.Self.Writer, number) == BatchNumberVerdict.New)
            {
                disk.Merge(sample, process.Map.Deletions);
                disk.Received.Add(writer.Self.Writer, number);
            }
        }
        var map = process.Map;
        process.Send(writer.Node.Number, p =>
        {
            if (p == writer)
                p.Writer.Answered(partition, number, sent, verdict, stay, map);
        });
    }

    /// <summary>A read arrives: a view is taken, the answer goes out a little later.</summary>
    public void Read(int partition)
    {
        if (Grade(partition) != ReadGrade.Complete)
        {
            World.Judge.PartialRead();
            return;
        }
        var missing = World.Judge.MissingIn(partition, Disk[partition].Content);
        process.After(World.Chance.Between(0, 200), () =>
        {
            if (process.LeaseHolds)
                World.Judge.CompleteRead(process, partition, missing);
            else
                World.Judge.PartialRead();
        });
    }

    public void DoDuties()
    {
        for (var p = 0; p < _facts.Length; p++)
            DoDuties(p);
    }

    /// <summary>Tells its positions and digest to the others in sync, which fetch what they lack.</summary>
    public void ExchangeWithSiblings()
    {
        for (var p = 0; p < _facts.Length; p++)
        {
            var (partition, state) = (p, process.Map.Partitions[p]);
            if (state.HeldBy(process.Self) is not { IsInSync: true } || !Disk.TryGetValue(p, out var disk))
                continue;
            var digest = World.Chance.Happens(0.2) ? disk.Digest(state.RetentionFloor) : null;
            var told = new SiblingState(process.Self, disk.Received.Snapshot(), digest);
            foreach (var sibling in state.InSync)
                if (sibling.Holder != process.Self)
                    process.Send(Number(sibling.Node), p => p.Holder.SiblingTold(process, partition, told));
        }
    }

    /// <summary>What a source hands out of a copy: ids from one on, at most so many.</summary>
    public int[] Chunk(int partition, int from, out int end, out long deletions)
    {
        (end, deletions) = (-1, 0);
        if (!Disk.TryGetValue(partition, out var disk))
            return [];
        (end, deletions) = (disk.Content.End, disk.DeletionsApplied);
        return [.. Enumerable.Range(from, Math.Max(0, Math.Min(SimTransfer.ChunkIds, end - from))).Where(disk.Content.Has)];
    }

    public DiskCopy? Copy(int partition) => Disk.GetValueOrDefault(partition);

    public bool MayConfirm(int partition, long since) =>
        World.Breaks(BrokenRule.Fence)
            ? Disk.ContainsKey(partition)
            : CopyGate.MayConfirm(process.Map.Partitions[partition], _facts[partition], since);

    /// <param name="deletions">Version that the copy had applied which they were read from.</param>
    /// <returns>False: nothing was merged.</returns>
    public bool Merge(int partition, IEnumerable<int> ids, long deletions)
    {
        if (!Disk.TryGetValue(partition, out var disk) || !(process.Map.Deletions.MayMerge(deletions) || World.Breaks(BrokenRule.ForgottenDeletions)))
            return false;
        foreach (var id in ids)
            disk.Merge(id, process.Map.Deletions);
        return true;
    }

    public bool Runs(int partition, SimTransfer transfer) => _transfers[partition] == transfer;

    /// <summary>A sibling asks for what it lacks; a log that was cut has single batches no more.</summary>
    public void Answer(SimProcess asker, int partition, RepairStep step)
    {
        if (!Disk.TryGetValue(partition, out var disk))
            return;
        var batches = new List<(WriterId Writer, long Number, int Id)>();
        var ids = Array.Empty<int>();
        if (step is FetchCell cell)
            ids = disk.IdsOf(cell.Cell);
        else if (step is FetchBatches fetch && World.Chance.Happens(0.8))
            for (var n = fetch.Numbers.First; n <= fetch.Numbers.Last; n++)
                if (World.Samples.Find(fetch.Writer, partition, n) is var id and >= 0 && disk.Content.Has(id))
                    batches.Add((fetch.Writer, n, id));
        var deletions = disk.DeletionsApplied;
        process.Send(asker.Node.Number, p =>
        {
            if (p != asker)
                return;
            p.Holder.Merge(partition, ids, deletions);
            foreach (var (writer, number, id) in batches)
                if (p.Holder.Merge(partition, [id], deletions))
                    p.Holder.Copy(partition)?.Received.Add(writer, number);
        });
    }

    public int Number(NodeId node) => World.Nodes.First(n => n.Id == node).Number;

    private ReadGrade Grade(int partition) => CopyGate.Grade(process.Map.Partitions[partition], _facts[partition], process.LeaseHolds);

    private long Applied(int partition) => Disk.TryGetValue(partition, out var disk) ? disk.DeletionsApplied : 0;

    private void FollowDeletions(int p)
    {
        if (!Disk.TryGetValue(p, out var disk))
            return;
        var log = process.Map.Deletions;
        var mine = process.Map.Partitions[p].HeldBy(process.Self);
        if (World.Breaks(BrokenRule.MissedDeletions) && mine is not { IsInSync: true })
            disk.Skip(log.Version);
        else if (log.After(disk.DeletionsApplied) is null)
            // Of a time that the cluster has forgotten: made anew.
            disk = Disk[p] = new DiskCopy(World.Samples, log.Pruned) { Epoch = mine is { IsRequired: true } ? process.Map.Partitions[p].Epoch : 0 };
        disk.Apply(log);
        DoDuties(p);
    }

    private void DoDuties(int p)
    {
        long? held = Disk.TryGetValue(p, out var disk) ? disk.Epoch : null;
        var duties = CopyDuties.Of(new PartitionId(p), process.Map.Partitions[p], _facts[p], held, disk?.DeletionsApplied >= process.Map.Deletions.Version);
        if (_transfers[p] is { } running && !duties.Any(running.IsFor))
            _transfers[p] = null;
        foreach (var duty in duties)
            Do(p, duty);
    }

    private void Do(int p, CopyDuty duty)
    {
        switch (duty)
        {
            case Tell tell:
                process.SendToControl(control => control.Decide(tell.Report));
                break;
            case StepAside step:
                Happened(p, new SteppedAside(step.Copy.Since));
                break;
            case DeleteFiles delete:
                if (Disk.Remove(p))
                    World.Judge.IsDeleted(process, p);
                process.SendToControl(control => control.Decide(new CopyDropped(delete.Copy)));
                break;
            case Verify verify when World.Breaks(BrokenRule.Comparison):
                Happened(p, new VerifiedWith(verify.Copy.Since));
                break;
            default:
                if (_transfers[p] is null || _transfers[p]!.IsStuck)
                    (_transfers[p] = new SimTransfer(process, p, duty)).Begin();
                break;
        }
    }

    private void SiblingTold(SimProcess sibling, int p, SiblingState told)
    {
        var state = process.Map.Partitions[p];
        if (state.HeldBy(process.Self) is not { IsInSync: true } || !Disk.TryGetValue(p, out var disk))
            return;
        foreach (var step in RepairPlan.Decide(disk.Received, told.Digest is null ? null : disk.Digest(state.RetentionFloor), [told], 8))
        {
            if (step is AdoptPositions adopt)
                disk.Received.Union(adopt.Positions);
            else
                process.Send(sibling.Node.Number, there => there.Holder.Answer(process, p, step));
        }
    }
}

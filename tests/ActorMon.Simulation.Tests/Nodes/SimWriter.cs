using ActorMon.Replication.Copies;
using ActorMon.Replication.Map;
using ActorMon.Replication.Writers;

namespace ActorMon.Simulation.Tests.Nodes;

/// <summary>Takes clients' samples, numbers them and keeps them until every copy that must have them has accepted.</summary>
public sealed class SimWriter(SimProcess process)
{
    private readonly Outbox<int>[] _outboxes = [.. Enumerable.Range(0, SimulationOptions.Partitions).Select(_ => new Outbox<int>(10_000, 1_000))];

    public int Waiting => _outboxes.Sum(o => o.Count);

    public void Write(int partition, int sample)
    {
        if (!_outboxes[partition].TryAdd(sample, out var number))
            return;
        process.World.Samples.Number(process.Self.Writer, partition, number, sample);
        Send(partition);
    }

    public void Send()
    {
        for (var p = 0; p < _outboxes.Length; p++)
            Send(p);
    }

    public void MapChanged()
    {
        for (var p = 0; p < _outboxes.Length; p++)
        {
            Acknowledge(p);
            Send(p);
        }
    }

    private void Send(int partition)
    {
        var forgotten = process.Map.Deletions.Pruned;
        foreach (var due in _outboxes[partition].Due(process.Map.Partitions[partition], process.Node.Monotonic))
        {
            var stay = due.To.Stay;
            var number = process.World.Nodes.First(n => n.Id == due.To.Node).Number;
            process.Send(number, holder => holder.Holder.Take(process, partition, due.Number, due.Batch, new BatchTerms(due.Epoch, forgotten), stay));
        }
    }

    /// <summary>A holder's answer.</summary>
    /// <param name="sent">What the batch was sent to.</param>
    /// <param name="stay">What has taken it, by the holder's own map.</param>
    public void Answered(int partition, long number, CopyStay sent, BatchVerdict verdict, CopyStay stay, PartitionMap holdersMap)
    {
        if (verdict != BatchVerdict.Accept)
        {
            _outboxes[partition].Refused(number, sent);
            process.Follow(holdersMap);
            return;
        }
        _outboxes[partition].Accepted(number, stay);
        Acknowledge(partition);
    }

    private void Acknowledge(int partition)
    {
        foreach (var sample in _outboxes[partition].TakeAcknowledged(process.Map.Partitions[partition]))
            process.World.Judge.IsAcknowledged(partition, sample);
    }
}

using ActorMon.Model.Ingest;
using ActorMon.Protocol.Series;
using Akka.Actor;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Series;

/// <summary>
/// What one node's IngestLink knows of one partition: its replica, the next batch number and the batches not yet acknowledged, in order. The actor sends what it
/// says; it outlives a restart of the actor, because a number must never be given twice: the replica would take the second batch for the first one sent again.
/// </summary>
public sealed class IngestState(int maxUnacknowledged)
{
    private readonly Queue<PendingBatch> _unacknowledged = new();
    private long _lastNumber;
    private long _oldestSeen;

    /// <summary>A batch waiting for its replica, and the request (with its place in it) that waits for the batch.</summary>
    public readonly record struct PendingBatch(SampleBatch Batch, IngestRequest Request, int Index);

    /// <summary>Where the replica takes batches, or null while it is away.</summary>
    public IActorRef? Writer { get; set; }

    /// <summary>The writer's session, to which everything unacknowledged was handed.</summary>
    public long Session { get; set; }

    public int Unacknowledged => _unacknowledged.Count;

    /// <summary>Number of the batch that waits longest, 0 when none waits.</summary>
    public long Oldest => _unacknowledged.TryPeek(out var oldest) ? oldest.Batch.Number : 0;

    /// <summary>True when the same batch was the oldest at the last call already: its replica crashed or a message was lost, so it is called again.</summary>
    public bool IsStuck()
    {
        var stuck = Oldest != 0 && Oldest == _oldestSeen;
        _oldestSeen = Oldest;
        return stuck;
    }

    /// <summary>Numbers the batch and keeps it until acknowledged. False: the queue is full and nothing changed.</summary>
    public bool TryEnqueue(SampleBatch batch, IngestRequest request, int index)
    {
        if (_unacknowledged.Count >= maxUnacknowledged)
            return false;
        batch.Number = ++_lastNumber;
        _unacknowledged.Enqueue(new PendingBatch(batch, request, index));
        return true;
    }

    /// <summary>Takes the batch off the queue if it is the oldest, as it is when the replica, which answers in order, answers it the first time.</summary>
    public bool TrySettle(long number, out PendingBatch settled)
    {
        if (_unacknowledged.TryPeek(out settled) && settled.Batch.Number == number)
        {
            _unacknowledged.Dequeue();
            return true;
        }
        // A second answer to a batch that was sent again: it is settled already.
        settled = default;
        return false;
    }

    /// <summary>All batches to send again, oldest first, after the replica came back.</summary>
    public IEnumerable<SampleBatch> ToResend()
    {
        foreach (var pending in _unacknowledged)
            yield return pending.Batch;
    }
}

/// <summary>One Ingest request on its way: results by place, and how many are open.</summary>
public sealed class IngestRequest(IActorRef requester, long correlation, int batches)
{
    private readonly BatchResult[] _results = new BatchResult[batches];
    private int _open = batches;

    /// <summary>Sets one result; when it was the last, answers the requester.</summary>
    public void Settle(int index, BatchResult result)
    {
        _results[index] = result;
        if (--_open == 0)
            requester.Tell(new Ingested(correlation, _results));
    }
}

using ActorMon.Replication.Map;

namespace ActorMon.Replication.Writers;

/// <summary>A batch to hand to one holder, with the partition's epoch in the sender's map.</summary>
public readonly record struct OutboxSend<T>(CopyRecord To, long Number, long Epoch, T Batch);

/// <summary>
/// One sender's batches of one partition, until every required copy has them. Numbers are given once and outlive everything but the sender's incarnation. The sender
/// calls <see cref="Due"/> after adding, after a change of the map and at each tick, and sends what it says; <see cref="TakeAcknowledged"/> after an answer or a
/// change of the map. Times are milliseconds of a monotonic clock. Not thread-safe.
/// </summary>
/// <param name="capacity">Most batches kept; further ones are refused.</param>
/// <param name="resendAfterMs">A holder that has not answered for so long is sent the batch again.</param>
public sealed class Outbox<T>(int capacity, long resendAfterMs)
{
    private readonly LinkedList<Entry> _entries = [];
    private readonly Dictionary<long, LinkedListNode<Entry>> _byNumber = [];
    private long _lastNumber;

    /// <summary>Batches not yet acknowledged.</summary>
    public int Count => _entries.Count;

    /// <summary>Number of the batch that waits longest, 0 when none waits.</summary>
    public long Oldest => _entries.First?.Value.Number ?? 0;

    /// <summary>Takes a batch and numbers it. False: full, nothing changed.</summary>
    public bool TryAdd(T batch, out long number)
    {
        number = 0;
        if (_entries.Count >= capacity)
            return false;
        number = ++_lastNumber;
        _byNumber.Add(number, _entries.AddLast(new Entry(number, batch)));
        return true;
    }

    /// <summary>What is to be sent now: to every receiver that has not accepted a batch and was not sent it lately. Marks it as sent.</summary>
    /// <param name="max">Most sends of one call.</param>
    public List<OutboxSend<T>> Due(PartitionState partition, long now, int max = int.MaxValue)
    {
        var due = new List<OutboxSend<T>>();
        foreach (var entry in _entries)
        {
            foreach (var copy in partition.Copies)
            {
                if (due.Count >= max)
                    return due;
                if (copy.IsReceiver && entry.MarkSent(copy.Stay, partition.Epoch, now, resendAfterMs))
                    due.Add(new OutboxSend<T>(copy, entry.Number, partition.Epoch, entry.Batch));
            }
        }
        return due;
    }

    /// <summary>A holder has the batch.</summary>
    /// <param name="stay">The holder with the epoch since which it gets every batch, by ITS map: an acceptance of an earlier stay does not count for a later one.</param>
    public void Accepted(long number, CopyStay stay)
    {
        if (_byNumber.TryGetValue(number, out var node))
            node.Value.Accept(stay);
    }

    /// <summary>A holder has refused the batch, or its link failed: it is due again as soon as the partition has changed, or after the usual wait.</summary>
    /// <param name="stay">As sent.</param>
    public void Refused(long number, CopyStay stay)
    {
        if (_byNumber.TryGetValue(number, out var node))
            node.Value.Refuse(stay);
    }

    /// <summary>Takes the batches that every required copy of the partition has. None while no copy is in sync.</summary>
    public List<T> TakeAcknowledged(PartitionState partition)
    {
        var done = new List<T>();
        if (partition.InSyncCount == 0)
            return done;
        for (var node = _entries.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.HasAll(partition))
            {
                done.Add(node.Value.Batch);
                Remove(node);
            }
            node = next;
        }
        return done;
    }

    /// <summary>Gives a batch up (refused for good by a holder); true when it was still here.</summary>
    public bool TryTake(long number, out T? batch)
    {
        batch = default;
        if (!_byNumber.TryGetValue(number, out var node))
            return false;
        batch = node.Value.Batch;
        Remove(node);
        return true;
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byNumber.Remove(node.Value.Number);
        _entries.Remove(node);
    }

    private sealed class Entry(long number, T batch)
    {
        private readonly List<Way> _ways = new(2);

        public long Number { get; } = number;

        public T Batch { get; } = batch;

        public bool MarkSent(CopyStay stay, long epoch, long now, long resendAfter)
        {
            var i = Find(stay);
            if (i < 0)
            {
                _ways.Add(new Way(stay, now, epoch, WayState.Sent));
                return true;
            }
            var way = _ways[i];
            if (way.State == WayState.Accepted || (now - way.SentAt < resendAfter && !(way.State == WayState.Refused && way.Epoch != epoch)))
                return false;
            _ways[i] = new Way(stay, now, epoch, WayState.Sent);
            return true;
        }

        public void Accept(CopyStay stay)
        {
            var i = Find(stay);
            if (i < 0)
                _ways.Add(new Way(stay, 0, 0, WayState.Accepted));
            else
                _ways[i] = _ways[i] with { State = WayState.Accepted };
        }

        public void Refuse(CopyStay stay)
        {
            var i = Find(stay);
            if (i >= 0 && _ways[i].State == WayState.Sent)
                _ways[i] = _ways[i] with { State = WayState.Refused };
        }

        public bool HasAll(PartitionState partition)
        {
            foreach (var copy in partition.Copies)
                if (copy.IsRequired && !(Find(copy.Stay) is var i and >= 0 && _ways[i].State == WayState.Accepted))
                    return false;
            return true;
        }

        private int Find(CopyStay stay)
        {
            for (var i = 0; i < _ways.Count; i++)
                if (_ways[i].Stay == stay)
                    return i;
            return -1;
        }
    }

    private enum WayState
    {
        Sent,
        Refused,
        Accepted,
    }

    /// <summary>A batch's way to one holder, with the partition's epoch at the last sending.</summary>
    private readonly record struct Way(CopyStay Stay, long SentAt, long Epoch, WayState State);
}

using System.Diagnostics.CodeAnalysis;
using ActorMon.Model.Ingest;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Series;

/// <summary>A batch that some holder has not answered, and the request (with its place in it) that waits for the batch.</summary>
internal struct PendingBatch
{
    public required SampleBatch Batch;

    /// <summary>Null: answered; only joining holders are owed it still.</summary>
    public required IngestRequest? Request;
    public required int Index;

    /// <summary>Slots of holders that have not answered, as bits.</summary>
    public required byte Owed;

    /// <summary>Slots of holders of this node that did not take it: it is handed to them again.</summary>
    public byte Declined;

    /// <summary>The batch has this queue as an owner beside its maker.</summary>
    public bool IsRetained;

    /// <summary>Some holder may still read the batch although nobody waits for it: its memory is left to the garbage collector.</summary>
    public bool IsAbandoned;

    /// <summary>The worst outcome so far.</summary>
    public BatchOutcome Outcome;
    public string? Error;
}

/// <summary>The batches of one partition in order of their numbers, which have no gaps: a ring that grows to its bound. One thread.</summary>
internal sealed class PendingBatches
{
    private PendingBatch[] _ring = new PendingBatch[4];
    private int _head;

    public int Count { get; private set; }

    /// <summary>The number given last.</summary>
    public long LastNumber { get; private set; }

    /// <summary>Number of the batch in front, 0 when there is none.</summary>
    public long FirstNumber => Count == 0 ? 0 : LastNumber - Count + 1;

    public ref PendingBatch this[int index] => ref _ring[(_head + index) & (_ring.Length - 1)];

    /// <summary>Gives the batch its number.</summary>
    public void Add(PendingBatch pending)
    {
        if (Count == _ring.Length)
            Grow();
        pending.Batch.Number = ++LastNumber;
        Count++;
        this[Count - 1] = pending;
    }

    public bool TryFind(long number, out int index)
    {
        index = (int)Math.Clamp(number - FirstNumber, -1, Count);
        return Count > 0 && index >= 0 && index < Count;
    }

    public void RemoveFirst()
    {
        if (Count == 0)
            ThrowEmpty();
        this[0] = default;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
    }

    private void Grow()
    {
        var larger = new PendingBatch[_ring.Length * 2];
        for (var i = 0; i < Count; i++)
            larger[i] = this[i];
        (_ring, _head) = (larger, 0);
    }

    [DoesNotReturn]
    private static void ThrowEmpty() => throw new InvalidOperationException("no batch is pending");
}

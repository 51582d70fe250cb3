using ActorMon.Model.Memory;
using ActorMon.Model.Reading;

namespace ActorMon.PromQL.Execution;

/// <summary>
/// The bytes that queries hold of the node's memory, and how many of them one query may. Thread-safe. A query that finds no room fails alone; nothing waits.
/// An eighth of the budget is kept for queries that hold no more than a 64th of it: whatever large ones take, small ones find room.
/// </summary>
/// <param name="budget">What the queries take from, beside others.</param>
/// <param name="limitPerQuery">Bytes of one.</param>
public sealed class QueryMemory(MemoryBudget budget, long limitPerQuery)
{
    private long _used;

    public MemoryBudget Budget => budget;

    public long LimitPerQuery { get; } = Math.Min(budget.Limit, limitPerQuery);

    /// <summary>Bytes that queries hold at the moment.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Memory for a reader that is no query; disposing it gives all back.</summary>
    public ReadLease Lease() => new(this);

    /// <summary>What a query that holds so much must leave to others.</summary>
    internal long Leaving(long held) => held <= budget.Limit / 64 ? 0 : budget.Limit / 8;

    /// <param name="held">What the query holds with them.</param>
    internal bool TryTake(long bytes, long held)
    {
        if (!budget.TryReserve(bytes, Leaving(held)))
            return false;
        Interlocked.Add(ref _used, bytes);
        return true;
    }

    internal void Return(long bytes)
    {
        Interlocked.Add(ref _used, -bytes);
        budget.Return(bytes);
    }
}

/// <summary>
/// One query's part of <see cref="QueryMemory"/>: taken in pieces while it runs, given back by whoever ends with its result. Thread-safe.
/// </summary>
internal sealed class QueryReservation(QueryMemory? memory) : IReadBudget, IDisposable
{
    /// <summary>The shared counter is only touched once per so many bytes.</summary>
    private const long Piece = 256 * 1024;

    private long _used;
    private long _taken;
    private long _peak;
    private bool _disposed;
    private readonly Lock _gate = new();

    /// <summary>Most bytes held at one time.</summary>
    public long Peak => Volatile.Read(ref _peak);

    public long Used => Volatile.Read(ref _used);

    public void Take(long bytes)
    {
        var used = Interlocked.Add(ref _used, bytes);
        if (used > Volatile.Read(ref _peak))
            Volatile.Write(ref _peak, used);
        if (memory is null || used <= Volatile.Read(ref _taken))
            return;
        if (used > memory.LimitPerQuery)
            QueryFailure.ThrowTooMuchMemory($"it needs more than {memory.LimitPerQuery} bytes (actormon.query.max-memory-per-query)");
        lock (_gate)
        {
            var wanted = Math.Max(0, used - _taken);
            var piece = Math.Min((wanted + Piece - 1) / Piece * Piece, Math.Max(wanted, memory.LimitPerQuery - _taken));
            // When there is no room for a piece there may be for what is wanted.
            if (piece > memory.Budget.Left - memory.Leaving(_taken + piece))
                piece = wanted;
            if (!memory.TryTake(piece, _taken + piece))
                QueryFailure.ThrowTooMuchMemory($"{memory.Budget.Reserved} of the {memory.Budget.Limit} bytes of this node's memory budget are taken ({MemoryBudget.Setting})");
            _taken += piece;
        }
    }

    public void Free(long bytes) => Interlocked.Add(ref _used, -bytes);

    /// <summary>A result that nobody took: its bytes come back when it is collected.</summary>
    ~QueryReservation() => GiveBack();

    public void Dispose()
    {
        GiveBack();
        GC.SuppressFinalize(this);
    }

    private void GiveBack()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            memory?.Return(_taken);
            _taken = 0;
        }
    }
}

/// <summary>A reader's part of <see cref="QueryMemory"/>, under the limits of a query.</summary>
public sealed class ReadLease : IReadBudget, IDisposable
{
    private readonly QueryReservation _reservation;

    internal ReadLease(QueryMemory memory) => _reservation = new QueryReservation(memory);

    public void Take(long bytes) => _reservation.Take(bytes);

    public void Free(long bytes) => _reservation.Free(bytes);

    public void Dispose() => _reservation.Dispose();
}

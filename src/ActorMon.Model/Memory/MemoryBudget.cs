namespace ActorMon.Model.Memory;

/// <summary>
/// The bytes that a node gives to what can give way or fail: queries reserve, a cache holds what nobody has reserved and gives it up when somebody does. Who finds no
/// room fails alone; nothing waits. Thread-safe; what is held goes beyond the limit at most by what a cache takes in at the moment in which another thread reserves.
/// </summary>
/// <param name="limit">Bytes of all together.</param>
public sealed class MemoryBudget(long limit)
{
    /// <summary>The setting that says how much, for messages.</summary>
    public const string Setting = "actormon.memory.budget";

    private IReclaimable? _cache;
    private long _reserved;
    private long _refused;

    public long Limit { get; } = limit;

    /// <summary>Bytes that were reserved and not given back.</summary>
    public long Reserved => Volatile.Read(ref _reserved);

    /// <summary>What a cache may hold now.</summary>
    public long Left => Math.Max(0, Limit - Reserved);

    /// <summary>Reservations that found no room.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>The one that holds what is left; it keeps itself within <see cref="Left"/> and is asked when that shrinks.</summary>
    public void Lend(IReclaimable cache)
    {
        if (Interlocked.CompareExchange(ref _cache, cache, null) is not null)
            throw new InvalidOperationException("a budget lends to one cache");
    }

    /// <summary>False: others have reserved so much that so many more bytes do not fit. What a cache holds is no hindrance.</summary>
    /// <param name="leaving">Bytes that must stay free for others.</param>
    public bool TryReserve(long bytes, long leaving = 0)
    {
        // Nothing is added before it is known to fit: a large reservation that fails must not be in the way of a small one at that moment.
        var seen = Volatile.Read(ref _reserved);
        long reserved;
        while (true)
        {
            reserved = seen + bytes;
            if (reserved > Limit - leaving)
            {
                Interlocked.Increment(ref _refused);
                return false;
            }
            var before = Interlocked.CompareExchange(ref _reserved, reserved, seen);
            if (before == seen)
                break;
            seen = before;
        }
        if (Volatile.Read(ref _cache) is { } cache && cache.Bytes > Limit - reserved)
            cache.ShrinkTo(Limit - reserved);
        return true;
    }

    public void Return(long bytes) => Interlocked.Add(ref _reserved, -bytes);
}

/// <summary>Holds bytes that nobody needs, only likes.</summary>
public interface IReclaimable
{
    long Bytes { get; }

    /// <summary>Gives up what is beyond so many bytes, at once. Any thread.</summary>
    void ShrinkTo(long bytes);
}

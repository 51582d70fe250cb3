namespace ActorMon.Tsdb.Symbols;

/// <summary>
/// A node's symbols over time. Symbols are never removed from a <see cref="NodeSymbols"/>; instead heads move, one by one when they are swapped, to a younger table that
/// holds what lives, and the old one goes to the garbage collector with the last head and view that use it. Thread-safe.
/// </summary>
public sealed class SymbolGenerations
{
    /// <summary>A new generation begins when at most one head in so many still uses an older one: what lives is then held little more than once.</summary>
    private const int Stragglers = 8;

    private readonly Lock _lock = new();
    private NodeSymbols _current;
    private int _inCurrent;
    private int _inOlder;

    public SymbolGenerations() => _current = new NodeSymbols(this);

    internal SymbolGenerations(NodeSymbols first) => _current = first;

    /// <summary>What a head that is made now uses.</summary>
    public NodeSymbols Current => Volatile.Read(ref _current);

    /// <summary>Counts a head that uses the current generation, until <see cref="Leave"/>.</summary>
    internal NodeSymbols Enter()
    {
        lock (_lock)
        {
            _inCurrent++;
            return _current;
        }
    }

    internal void Leave(NodeSymbols used)
    {
        lock (_lock)
        {
            if (ReferenceEquals(used, _current))
                _inCurrent--;
            else
                _inOlder--;
        }
    }

    /// <summary>The generation for the head that follows one that uses <paramref name="used"/>; counted as by <see cref="Enter"/>. The caller leaves the old one.</summary>
    internal NodeSymbols Next(NodeSymbols used)
    {
        lock (_lock)
        {
            if (ReferenceEquals(used, _current) && _inOlder * Stragglers <= _inCurrent + _inOlder)
            {
                _inOlder += _inCurrent;
                _inCurrent = 0;
                Volatile.Write(ref _current, new NodeSymbols(this));
            }
            _inCurrent++;
            return _current;
        }
    }
}

using System.IO.Hashing;
using System.Runtime.InteropServices;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Tsdb.Cardinality;

/// <summary>
/// Series by value of one label over several heads. Heads may have symbol tables of different generations, so values are told apart by the hash of their bytes.
/// </summary>
internal sealed class ValueCounts
{
    private readonly Dictionary<ulong, ValueCount> _values = [];

    public int Count => _values.Count;

    public Dictionary<ulong, ValueCount>.ValueCollection All => _values.Values;

    public void Add(NodeSymbols symbols, int value, long series)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_values, XxHash3.HashToUInt64(symbols.Bytes(value)), out var known);
        count = known ? count with { Series = count.Series + series } : new ValueCount(symbols, value, series);
    }

    public void Clear() => _values.Clear();
}

internal readonly record struct ValueCount(NodeSymbols Symbols, int Value, long Series);

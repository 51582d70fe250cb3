using ActorMon.Tsdb.Head;
using ActorMon.Tsdb.Index;

namespace ActorMon.Tsdb.Wal;

/// <summary>The label sets that one record defines, and the strings they need. Used by one thread.</summary>
internal sealed class DefinitionWriter(SeriesTable series)
{
    /// <summary>In place of a definition: the slot's series is gone, the hash of its labels follows.</summary>
    public const int NoSeries = 1;

    // Symbol -> place in the record's string table.
    private readonly Dictionary<int, int> _strings = [];
    private readonly List<int> _symbols = [];
    private int _last = -1;

    public bool HasStrings => _symbols.Count > 0;

    /// <summary>A record begins.</summary>
    public void Clear()
    {
        _strings.Clear();
        _symbols.Clear();
        _last = -1;
    }

    /// <summary>Writes the record's string table.</summary>
    public void WriteStrings(WalBuffer to)
    {
        to.Number((ulong)_symbols.Count);
        foreach (var symbol in _symbols)
        {
            var text = series.Symbols.Bytes(symbol);
            to.Number((ulong)text.Length);
            to.Bytes(text);
        }
    }

    /// <summary>The labels of a series, against those of the one defined before it in the record.</summary>
    public void Define(int number, WalBuffer to)
    {
        ref var row = ref series.Row(number);
        var names = series.Names(row);
        var values = series.ValuesOf(row);
        var same = names.Length > 0 && _last >= 0 && series.Row(_last).Shape == row.Shape;
        to.Number((ulong)names.Length << 1 | (same ? 1UL : 0));
        if (!same)
            foreach (var name in names)
                to.Number((ulong)PlaceOf(name));
        var before = same ? series.ValuesOf(series.Row(_last)) : default;
        for (var i = 0; i < values.Length; i++)
            to.Number(same && before[i] == values[i] ? 0 : (ulong)PlaceOf(values[i]) + 1);
        _last = number;
    }

    public static void DefineNone(ulong hash, WalBuffer to)
    {
        to.Number(NoSeries);
        to.Fixed(hash);
    }

    private int PlaceOf(int symbol)
    {
        if (_strings.TryGetValue(symbol, out var place))
            return place;
        place = _symbols.Count;
        _strings.Add(symbol, place);
        _symbols.Add(symbol);
        return place;
    }
}

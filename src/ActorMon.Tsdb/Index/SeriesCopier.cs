using ActorMon.Tsdb.Symbols;

namespace ActorMon.Tsdb.Index;

/// <summary>Copies series from one table to a younger one, each once; symbols and shapes are looked up once. Used by one thread.</summary>
internal sealed class SeriesCopier(SeriesTable from, SeriesTable to)
{
    private readonly bool _sameSymbols = ReferenceEquals(from.Symbols, to.Symbols);
    private readonly Dictionary<int, int> _symbols = [];
    private readonly Dictionary<int, int> _shapes = [];

    /// <summary>The series' number in the new table.</summary>
    public int Copy(int series)
    {
        ref var row = ref from.Row(series);
        if (!_shapes.TryGetValue(row.Shape, out var shape))
        {
            var names = from.Names(row).ToArray();
            for (var i = 0; i < names.Length; i++)
                names[i] = Symbol(names[i]);
            _shapes[row.Shape] = shape = to.ShapeOf(names);
        }
        var values = from.ValuesOf(row);
        var copied = values.Length <= 128 ? stackalloc int[values.Length] : new int[values.Length];
        for (var i = 0; i < copied.Length; i++)
            copied[i] = Symbol(values[i]);
        return to.AddNew(row.Hash, shape, copied);
    }

    private int Symbol(int symbol)
    {
        if (_sameSymbols)
            return symbol;
        if (!_symbols.TryGetValue(symbol, out var copied))
            _symbols[symbol] = copied = to.Symbols.Intern(from.Symbols.Bytes(symbol));
        return copied;
    }
}

using ActorMon.Model.Labels;
using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Parts;

/// <summary>Where the values and the times of one chunk stand.</summary>
internal readonly record struct ChunkPlace(int ValuesPage, int ValuesOffset, int TimesPage, int TimesOffset);

/// <summary>Up to 64 series: their labels as pairs of symbols, decoded, and the lists of their chunks as they are stored.</summary>
internal sealed class SeriesPage
{
    private readonly byte[] _padded;
    private readonly (int Name, int Value)[] _labels;
    private readonly int[] _labelStarts;
    private readonly int[] _chunkStarts;
    private readonly int[] _chunkCounts;

    private SeriesPage(byte[] padded, (int Name, int Value)[] labels, int[] labelStarts, int[] chunkStarts, int[] chunkCounts)
    {
        _padded = padded;
        _labels = labels;
        _labelStarts = labelStarts;
        _chunkStarts = chunkStarts;
        _chunkCounts = chunkCounts;
        LabelSets = new LabelSet?[chunkCounts.Length];
    }

    /// <summary>Label sets as they were asked for.</summary>
    public LabelSet?[] LabelSets { get; }

    /// <summary>Memory, about, with all label sets made.</summary>
    public long Bytes => 160 + _padded.Length + _labels.Length * 24L + _labelStarts.Length * 100L;

    public ReadOnlySpan<(int Name, int Value)> Labels(int at) => _labels.AsSpan(_labelStarts[at].._labelStarts[at + 1]);

    public int Chunks(int at) => _chunkCounts[at];

    /// <summary>The chunks of a series in order of time.</summary>
    public ChunkCursor OpenChunks(int at) => new(_padded, _chunkStarts[at], _chunkCounts[at]);

    /// <summary>Null when the bytes are no such page.</summary>
    public static SeriesPage? Read(byte[] padded, int count, int symbols)
    {
        var from = new ByteReader(padded);
        var labels = new List<(int Name, int Value)>(count * 8);
        var labelStarts = new int[count + 1];
        var chunkStarts = new int[count];
        var chunkCounts = new int[count];
        for (var i = 0; i < count; i++)
        {
            var before = i == 0 ? 0 : labelStarts[i - 1];
            var beforeCount = labelStarts[i] - before;
            var own = from.Number(ushort.MaxValue);
            var shared = from.Number(Math.Min(own, beforeCount));
            // A label takes two bytes.
            if (from.Failed || own - shared > from.Left)
                return null;
            for (var l = 0; l < shared; l++)
                labels.Add(labels[before + l]);
            for (var l = shared; l < own; l++)
            {
                var name = from.Number(symbols) - 1;
                long value = 0;
                if (name < 0)
                {
                    if (l >= beforeCount)
                        return null;
                    (name, value) = labels[before + l];
                }
                value = unchecked(value + from.Signed());
                if (value < 0 || value >= symbols)
                    return null;
                labels.Add((name, (int)value));
            }
            labelStarts[i + 1] = labels.Count;
            chunkCounts[i] = from.Count();
            var length = from.Count();
            chunkStarts[i] = from.Position;
            from.Bytes(length);
            if (from.Failed)
                return null;
        }
        return from.Left == 0 ? new SeriesPage(padded, [.. labels], labelStarts, chunkStarts, chunkCounts) : null;
    }
}

/// <summary>Steps through the chunks of a series.</summary>
internal ref struct ChunkCursor(byte[] padded, int start, int count)
{
    private ByteReader _from = new(padded, start);
    private int _left = count;
    private int _valuesPage;
    private int _timesPage;

    /// <summary>False at the end; <see cref="Failed"/> tells whether it was the list's.</summary>
    public bool TryNext(out ChunkPlace place)
    {
        place = default;
        if (_left-- <= 0)
            return false;
        _valuesPage = unchecked(_valuesPage + (int)_from.Signed());
        var valuesOffset = _from.Number(int.MaxValue);
        _timesPage = unchecked(_timesPage + (int)_from.Signed());
        place = new ChunkPlace(_valuesPage, valuesOffset, _timesPage, _from.Number(int.MaxValue));
        return !_from.Failed;
    }

    public readonly bool Failed => _from.Failed;
}

using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;

namespace ActorMon.Tsdb.Foreign.Head;

/// <summary>One record of the log: its first byte is the type, what follows depends on it. Exemplars, metadata and markers are left out.</summary>
internal sealed class ForeignWalRecord(IForeignWalHandler handler, bool samples)
{
    private const byte SeriesType = 1;
    private const byte SamplesType = 2;
    private const byte TombstonesType = 3;
    private const byte HistogramsType = 7;
    private const byte FloatHistogramsType = 8;
    private const byte CustomHistogramsType = 9;
    private const byte CustomFloatHistogramsType = 10;
    private const byte SamplesWithStartsType = 11;
    private const byte HistogramsWithStartsType = 12;
    private const byte FloatHistogramsWithStartsType = 13;

    private readonly LabelSetBuilder _labels = new();

    /// <exception cref="ForeignDataException">It does not follow its type's form.</exception>
    public void Read(ReadOnlySpan<byte> record)
    {
        var cursor = new ByteCursor(record);
        if (cursor.AtEnd)
            return;
        switch (cursor.Byte())
        {
            case SeriesType:
                ReadSeries(ref cursor);
                break;
            case TombstonesType:
                while (!cursor.AtEnd)
                {
                    var series = cursor.UInt64();
                    var min = cursor.Varint();
                    handler.Deleted(series, min, cursor.Varint());
                }
                break;
            case SamplesType when samples:
                ReadSamples(ref cursor, Kind.Float);
                break;
            case HistogramsType or CustomHistogramsType when samples:
                ReadSamples(ref cursor, Kind.Histogram);
                break;
            case FloatHistogramsType or CustomFloatHistogramsType when samples:
                ReadSamples(ref cursor, Kind.FloatHistogram);
                break;
            case SamplesWithStartsType when samples:
                ReadWithStarts(ref cursor, Kind.Float);
                break;
            case HistogramsWithStartsType when samples:
                ReadWithStarts(ref cursor, Kind.Histogram);
                break;
            case FloatHistogramsWithStartsType when samples:
                ReadWithStarts(ref cursor, Kind.FloatHistogram);
                break;
        }
    }

    private enum Kind : byte
    {
        Float,
        Histogram,
        FloatHistogram,
    }

    private void ReadSeries(ref ByteCursor cursor)
    {
        while (!cursor.AtEnd)
        {
            var reference = cursor.UInt64();
            _labels.Reset();
            for (var left = cursor.Count(2); left > 0; left--)
            {
                var name = cursor.Text();
                _labels.Set(name, cursor.Text());
            }
            handler.Series(reference, _labels.Build());
        }
    }

    /// <summary>A first reference and time, then differences to them.</summary>
    private void ReadSamples(ref ByteCursor cursor, Kind kind)
    {
        if (cursor.AtEnd)
            return;
        var firstReference = (long)cursor.UInt64();
        var firstTime = cursor.Int64();
        while (!cursor.AtEnd)
        {
            var reference = firstReference + cursor.Varint();
            var time = firstTime + cursor.Varint();
            ReadValue(ref cursor, (ulong)reference, time, kind);
        }
    }

    /// <summary>
    /// The newer form: references as differences to the one before, times to the first, and behind them a start timestamp: a byte that says none (0) or the same (1),
    /// else a number follows. This database has no place for it.
    /// </summary>
    private void ReadWithStarts(ref ByteCursor cursor, Kind kind)
    {
        if (cursor.AtEnd)
            return;
        var reference = cursor.Varint();
        var firstTime = cursor.Varint();
        cursor.Varint();
        ReadValue(ref cursor, (ulong)reference, firstTime, kind);
        while (!cursor.AtEnd)
        {
            reference += cursor.Varint();
            var time = firstTime + cursor.Varint();
            if (cursor.Byte() > 1)
                cursor.Varint();
            ReadValue(ref cursor, (ulong)reference, time, kind);
        }
    }

    private void ReadValue(ref ByteCursor cursor, ulong reference, long time, Kind kind)
    {
        switch (kind)
        {
            case Kind.Float:
                handler.Sample(reference, time, cursor.Double());
                break;
            case Kind.Histogram:
                handler.Sample(reference, time, ForeignWalHistogram.Read(ref cursor, floats: false));
                break;
            default:
                handler.Sample(reference, time, ForeignWalHistogram.Read(ref cursor, floats: true));
                break;
        }
    }
}

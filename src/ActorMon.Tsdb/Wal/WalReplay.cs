using System.Runtime.InteropServices;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Codecs;
using ActorMon.Tsdb.Head;
using ActorMon.Tsdb.Lifecycle;

namespace ActorMon.Tsdb.Wal;

/// <summary>Applies records to a head, segment by segment: the counterpart of <see cref="WalEncoder"/>. Recovery's own, before the first view is published.</summary>
internal sealed partial class WalReplay(PartitionHead head, WriterPositions positions, long now, CutCoverage? coverage = null)
{
    private readonly List<(LayoutState State, WalLayoutContext Context)> _layouts = [];
    private readonly List<int> _strings = [];
    private readonly List<(WriterId Writer, long Next)> _writers = [];
    private int[] _names = [];
    private int[] _values = [];
    private long _segment;
    // Null while the segment is younger than every cut.
    private CutCoverage? _covered;

    public long Batches { get; private set; }

    /// <summary>Greatest time of a sample since the segment began; long.MinValue: none.</summary>
    public long SegmentMaxTime { get; private set; }

    public bool EndsClean { get; private set; }

    public void StartSegment(long number)
    {
        _segment = number;
        _covered = coverage?.Concerns(number) == true ? coverage : null;
        _layouts.Clear();
        _writers.Clear();
        _looseCount = 0;
        SegmentMaxTime = long.MinValue;
        EndsClean = false;
        StartCheckpoint();
    }

    /// <summary>Applies one body whose checksum was right; false when it is not a record this version knows how to read.</summary>
    public bool TryApply(ReadOnlySpan<byte> body)
    {
        var reader = new WalReader(body);
        EndsClean = false;
        if (!reader.TryByte(out var type))
            return false;
        switch ((WalRecordType)type)
        {
            case WalRecordType.Batch:
                Batches++;
                return TryBatch(ref reader);
            case WalRecordType.Positions:
                return positions.TryRead(ref reader);
            case WalRecordType.CleanClose:
                EndsClean = true;
                return true;
            case WalRecordType.CheckpointStart:
            case WalRecordType.CheckpointLayout:
            case WalRecordType.CheckpointBlock:
            case WalRecordType.CheckpointLoose:
            case WalRecordType.CheckpointEnd:
                return TryCheckpoint((WalRecordType)type, ref reader);
            default:
                // Formats only grow: a record type of a later version that may be skipped says so by its high bit.
                return (type & 0x80) != 0;
        }
    }

    private bool TryBatch(ref WalReader reader)
    {
        if (!reader.TryByte(out var flags) || !TryWriter(ref reader, out var writer, out var number))
            return false;
        _strings.Clear();
        if ((flags & WalEncoder.HasStrings) != 0 && !TryStrings(ref reader))
            return false;
        _names = [];
        _values = [];
        if ((flags & WalEncoder.HasColumns) != 0 && !TryColumns(ref reader))
            return false;
        if ((flags & WalEncoder.HasLoose) != 0 && !TryLoose(ref reader))
            return false;
        if ((flags & WalEncoder.HasExemplars) != 0 && !TryExemplars(ref reader))
            return false;
        if ((flags & WalEncoder.HasMetadata) != 0 && !TryMetadata(ref reader))
            return false;
        positions.Add(writer, number);
        return true;
    }

    private bool TryWriter(ref WalReader reader, out WriterId writer, out long number)
    {
        (writer, number) = (default, 0);
        if (!reader.TryNumber(out var local) || local > (ulong)_writers.Count)
            return false;
        if (local == (ulong)_writers.Count)
        {
            if (!reader.TryFixed(out var id))
                return false;
            _writers.Add((new WriterId(id), 0));
        }
        if (!reader.TrySigned(out var difference))
            return false;
        writer = _writers[(int)local].Writer;
        number = _writers[(int)local].Next + difference;
        _writers[(int)local] = (writer, number + 1);
        return true;
    }

    private bool TryStrings(ref WalReader reader)
    {
        if (!reader.TryCount(out var count))
            return false;
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryCount(out var length) || !reader.TryBytes(length, out var text))
                return false;
            _strings.Add(head.Series.Symbols.Intern(text));
        }
        return true;
    }

    private bool TryColumns(ref WalReader reader)
    {
        if (!reader.TryNumber(out var local) || !reader.TryByte(out var flags))
            return false;
        if ((flags & WalEncoder.NewLayout) != 0)
        {
            if (!reader.TryFixed(out var writer) || !reader.TryNumber(out var layoutNumber) || local != (ulong)_layouts.Count)
                return false;
            var id = new LayoutId(new WriterId(writer), (uint)layoutNumber);
            _layouts.Add((head.Layouts.Find(id) ?? head.Layouts.Create(id), new WalLayoutContext(0, (int)local)));
        }
        if (local >= (ulong)_layouts.Count)
            return false;
        var (state, context) = _layouts[(int)local];
        if ((flags & WalEncoder.AddsSlots) != 0 && !TrySlots(ref reader, state, context))
            return false;
        var slots = (ulong)context.Defined;
        if (((flags & WalEncoder.AllSlots) == 0 && !reader.TryNumber(out slots)) || slots > (ulong)context.Defined || !reader.TrySigned(out var delta))
            return false;
        ulong[]? missing = null;
        var missingCount = 0;
        if ((flags & WalEncoder.SomeMissing) != 0)
        {
            missing = new ulong[((int)slots + 63) / 64];
            if (!reader.TryBytes(missing.Length * 8, out var map))
                return false;
            map.CopyTo(MemoryMarshal.AsBytes(missing.AsSpan()));
            foreach (var word in missing)
                missingCount += System.Numerics.BitOperations.PopCount(word);
        }
        var values = new double[(int)slots];
        context.Previous.AsSpan(0, Math.Min(values.Length, context.Previous.Length)).CopyTo(values);
        if ((flags & WalEncoder.NothingChanged) == 0 && !TryValues(ref reader, context, values))
            return false;
        var time = context.TimeOf(delta);
        context.Previous = values;
        if (_covered?.Covers(_segment, time) != true)
            head.AppendRow(state, new OpenRow(time, values, missing), missingCount, now);
        SegmentMaxTime = Math.Max(SegmentMaxTime, time);
        return true;
    }

    private static bool TryValues(ref WalReader reader, WalLayoutContext context, double[] values)
    {
        if (!reader.TryBytes((values.Length + 7) / 8, out var changed))
            return false;
        var states = context.States;
        for (var i = 0; i < changed.Length; i++)
        {
            for (var bits = (uint)changed[i]; bits != 0; bits &= bits - 1)
            {
                var slot = i * 8 + System.Numerics.BitOperations.TrailingZeroCount(bits);
                if (slot >= values.Length || !reader.TryValue(values[slot], ref states[slot], out values[slot]))
                    return false;
            }
        }
        return true;
    }

    private bool TrySlots(ref WalReader reader, LayoutState state, WalLayoutContext context)
    {
        if (!reader.TryCount(out var added))
            return false;
        for (var i = 0; i < added; i++)
        {
            if (!TrySlotDefinition(ref reader, out var series, out var hash))
                return false;
            var slot = context.Defined++;
            if (slot < state.SlotCount)
            {
                // The head that is read into may know a series that the writer's did not have any more, or the other way round.
                if (series >= 0 && state.Series[slot] != series && !head.Layouts.TryRevive(state, slot, series))
                    return false;
                continue;
            }
            if (series >= 0)
                head.Layouts.AddSlot(state, series);
            else
                LayoutStore.AddDropped(state, hash);
        }
        LayoutStore.TrimSlots(state);
        context.Grow(context.Defined);
        return true;
    }

    private bool TryExemplars(ref WalReader reader)
    {
        if (!reader.TryCount(out var count))
            return false;
        for (var i = 0; i < count; i++)
        {
            if (!TryDefinition(ref reader, out var series) || !reader.TryCount(out var labelCount))
                return false;
            var labels = new Label[labelCount];
            for (var l = 0; l < labelCount; l++)
            {
                if (!reader.TryText(out var name) || !reader.TryText(out var value))
                    return false;
                labels[l] = new Label(name, value);
            }
            if (!reader.TryFixed(out var bits) || !reader.TrySigned(out var time))
                return false;
            head.AddExemplar(series, new Exemplar(LabelSet.FromSortedUnchecked(labels), BitConverter.UInt64BitsToDouble(bits), new TimestampMs(time)));
        }
        return true;
    }

    private bool TryMetadata(ref WalReader reader)
    {
        if (!reader.TryCount(out var count))
            return false;
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryText(out var family) || !reader.TryByte(out var type) || !reader.TryText(out var help) || !reader.TryText(out var unit))
                return false;
            head.SetMetadata(family, new MetricMetadata((MetricType)type, help, unit));
        }
        return true;
    }

    private bool TrySlotDefinition(ref WalReader reader, out int series, out ulong hash)
    {
        (series, hash) = (-1, 0);
        if (!reader.TryNumber(out var first))
            return false;
        return first == DefinitionWriter.NoSeries ? reader.TryFixed(out hash) : TryDefinition(first, ref reader, out series);
    }

    private bool TryDefinition(ref WalReader reader, out int series)
    {
        series = -1;
        return reader.TryNumber(out var first) && first != DefinitionWriter.NoSeries && TryDefinition(first, ref reader, out series);
    }

    private bool TryDefinition(ulong first, ref WalReader reader, out int series)
    {
        series = -1;
        var count = first >> 1;
        var same = (first & 1) != 0;
        if (same ? count != (ulong)_names.Length : count > (ulong)reader.Left)
            return false;
        if (!same)
        {
            _names = new int[count];
            _values = new int[count];
            for (var i = 0; i < _names.Length; i++)
                if (!TryString(ref reader, out _names[i]))
                    return false;
        }
        for (var i = 0; i < _values.Length; i++)
        {
            if (!reader.TryNumber(out var place) || (place == 0 && !same) || place > (ulong)_strings.Count)
                return false;
            if (place > 0)
                _values[i] = _strings[(int)place - 1];
        }
        series = head.Series.GetOrAdd(_names, _values);
        return true;
    }

    private bool TryString(ref WalReader reader, out int symbol)
    {
        symbol = -1;
        if (!reader.TryNumber(out var place) || place >= (ulong)_strings.Count)
            return false;
        symbol = _strings[(int)place];
        return true;
    }
}

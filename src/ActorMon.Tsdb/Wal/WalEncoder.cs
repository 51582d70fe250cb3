using System.Runtime.InteropServices;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Ingest;
using ActorMon.Model.Metadata;
using ActorMon.Tsdb.Codecs;
using ActorMon.Tsdb.Head;
using ActorMon.Tsdb.Index;

namespace ActorMon.Tsdb.Wal;

/// <summary>What one segment says of a layout so far, on both sides: the writer's and the reader's copy go through the same states.</summary>
internal sealed class WalLayoutContext(long segment, int local)
{
    private long _time;
    private long _interval;

    public long Segment { get; } = segment;

    /// <summary>The layout's number in the segment.</summary>
    public int Local { get; } = local;
    public int Defined { get; set; }

    /// <summary>The last row, shared with the head; empty before the first.</summary>
    public double[] Previous { get; set; } = [];

    /// <summary>One state byte a slot, see <see cref="ValueToken"/>.</summary>
    public byte[] States { get; set; } = [];
    public int Rows { get; set; }

    /// <summary>Takes a scrape's time; returns its difference from the one that was expected after the last two.</summary>
    public long Advance(long time)
    {
        var surprise = time - _time - _interval;
        Take(time);
        return surprise;
    }

    /// <summary>The time that <see cref="Advance"/> made this of.</summary>
    public long TimeOf(long surprise)
    {
        var time = _time + _interval + surprise;
        Take(time);
        return time;
    }

    private void Take(long time)
    {
        // The first time is no interval.
        _interval = _time == 0 ? 0 : time - _time;
        _time = time;
    }

    public void Grow(int slots)
    {
        if (States.Length >= slots)
            return;
        var states = States;
        Array.Resize(ref states, slots);
        States = states;
    }
}

/// <summary>
/// Turns batches into records. Everything a record refers to is in the same segment: layouts and loose series are defined at their first use there.
/// The byte layout is drawn in docs/formats/wal.md. Used by the partition's writer alone.
/// </summary>
internal sealed partial class WalEncoder(SeriesTable series)
{
    public const byte HasColumns = 1;
    public const byte HasLoose = 2;
    public const byte HasExemplars = 4;
    public const byte HasMetadata = 8;
    public const byte HasStrings = 16;

    public const byte NewLayout = 1;
    public const byte AddsSlots = 2;
    public const byte SomeMissing = 4;
    public const byte NothingChanged = 8;
    public const byte AllSlots = 16;

    private readonly WalBuffer _sections = new();
    private readonly DefinitionWriter _definitions = new(series);

    // By writer: its number in the segment, the batch number that is expected next.
    private readonly Dictionary<WriterId, (int Local, long Next)> _writers = [];
    private long _segment;
    private int _layouts;

    /// <summary>Everything must be defined again.</summary>
    public void StartSegment(long segment)
    {
        _segment = segment;
        _layouts = 0;
        _looseSeries = 0;
        _writers.Clear();
        Array.Clear(_looseNumbers);
    }

    /// <summary>The layout's context in the open segment; a fresh one at its first use there.</summary>
    public WalLayoutContext ContextOf(LayoutState layout)
    {
        if (layout.Wal is null || layout.Wal.Segment != _segment)
            layout.Wal = new WalLayoutContext(_segment, _layouts++);
        return layout.Wal;
    }

    /// <summary>
    /// Appends one framed record. <paramref name="row"/> is the batch's scrape with the previous values in its missing slots;
    /// <paramref name="loose"/> are the batch's loose samples, <paramref name="exemplars"/> the series numbers of its exemplars.
    /// </summary>
    public void Encode(SampleBatch batch, LayoutState? layout, OpenRow row, LooseRuns loose, ReadOnlySpan<int> exemplars, WalBuffer to)
    {
        _sections.Clear();
        _definitions.Clear();
        byte flags = 0;
        if (layout is not null)
        {
            flags |= HasColumns;
            Columns(layout, row);
        }
        if (batch.Loose.Length > 0)
        {
            flags |= HasLoose;
            Loose(batch.Loose, loose);
        }
        if (batch.Exemplars.Length > 0)
        {
            flags |= HasExemplars;
            Exemplars(batch.Exemplars, exemplars);
        }
        if (batch.Metadata.Length > 0)
        {
            flags |= HasMetadata;
            Metadata(batch.Metadata);
        }
        if (_definitions.HasStrings)
            flags |= HasStrings;

        var start = to.Length;
        to.Reserve(WalFormat.FrameBytes);
        to.Advance(WalFormat.FrameBytes);
        to.Byte((byte)WalRecordType.Batch);
        to.Byte(flags);
        Writer(batch, to);
        if (_definitions.HasStrings)
            _definitions.WriteStrings(to);
        to.Bytes(_sections.Written);
        WalFormat.Frame(to.From(start));
    }

    private void Writer(SampleBatch batch, WalBuffer to)
    {
        if (!_writers.TryGetValue(batch.Writer, out var writer))
        {
            writer = (_writers.Count, 0);
            to.Number((ulong)writer.Local);
            to.Fixed(batch.Writer.Value);
        }
        else
        {
            to.Number((ulong)writer.Local);
        }
        to.Signed(batch.Number - writer.Next);
        _writers[batch.Writer] = (writer.Local, batch.Number + 1);
    }

    private void Columns(LayoutState layout, OpenRow row)
    {
        var context = ContextOf(layout);
        var slots = row.Values.Length;
        _sections.Number((ulong)context.Local);
        var flags = (byte)((context.Defined == 0 ? NewLayout : 0) | (context.Defined < slots ? AddsSlots : 0) | (row.Missing is null ? 0 : SomeMissing)
            | (Math.Max(context.Defined, slots) == slots ? AllSlots : 0));
        var flagsAt = _sections.Length;
        _sections.Byte(flags);
        if (context.Defined == 0)
        {
            _sections.Fixed(layout.Id.Writer.Value);
            _sections.Number(layout.Id.Number);
        }
        if (context.Defined < slots)
        {
            _sections.Number((ulong)(slots - context.Defined));
            for (var slot = context.Defined; slot < slots; slot++)
                DefineSlot(layout, slot);
            context.Defined = slots;
            context.Grow(slots);
        }
        if (context.Defined > slots)
            _sections.Number((ulong)slots);
        _sections.Signed(context.Advance(row.Time));
        if (row.Missing is not null)
            _sections.Bytes(MemoryMarshal.AsBytes(row.Missing.AsSpan(0, (slots + 63) / 64)));
        if (Values(context, row.Values) == 0)
            _sections.From(flagsAt)[0] |= NothingChanged;
        context.Previous = row.Values;
        context.Rows++;
    }

    /// <summary>The bitmap of the changed and a token for each; writes nothing when nothing changed.</summary>
    private int Values(WalLayoutContext context, double[] values)
    {
        var current = MemoryMarshal.Cast<double, ulong>(values);
        var previous = MemoryMarshal.Cast<double, ulong>(context.Previous);
        var common = Math.Min(current.Length, previous.Length);
        var mapBytes = (values.Length + 7) / 8;
        var space = _sections.Reserve(mapBytes + values.Length * ValueToken.MaxBytes + 16);
        space[..mapBytes].Clear();
        var at = mapBytes;
        var changed = 0;
        var states = context.States;
        for (var slot = 0; slot < current.Length; slot++)
        {
            var before = slot < common ? previous[slot] : 0;
            if (current[slot] == before)
                continue;
            changed++;
            space[slot >> 3] |= (byte)(1 << (slot & 7));
            ValueToken.Write(space, ref at, BitConverter.UInt64BitsToDouble(before), values[slot], ref states[slot], (context.Rows + slot & 15) == 0);
        }
        if (changed > 0)
            _sections.Advance(at);
        return changed;
    }

    private void Exemplars(SeriesExemplar[] exemplars, ReadOnlySpan<int> refs)
    {
        _sections.Number((ulong)exemplars.Length);
        for (var i = 0; i < exemplars.Length; i++)
        {
            var exemplar = exemplars[i].Exemplar;
            Define(refs[i]);
            Exemplar(exemplar, _sections);
        }
    }

    public static void Exemplar(Exemplar exemplar, WalBuffer to)
    {
        // Trace ids are not symbols: each is seen once.
        to.Number((ulong)exemplar.Labels.Count);
        foreach (var label in exemplar.Labels)
        {
            to.Text(label.Name);
            to.Text(label.Value);
        }
        to.Fixed(BitConverter.DoubleToUInt64Bits(exemplar.Value));
        to.Signed(exemplar.Timestamp.Value);
    }

    private void Metadata(FamilyMetadata[] families)
    {
        _sections.Number((ulong)families.Length);
        foreach (var (family, metadata) in families)
            Metadata(family, metadata, _sections);
    }

    public static void Metadata(string family, MetricMetadata metadata, WalBuffer to)
    {
        to.Text(family);
        to.Byte((byte)metadata.Type);
        to.Text(metadata.Help);
        to.Text(metadata.Unit);
    }

    private void DefineSlot(LayoutState layout, int slot)
    {
        if (layout.Series[slot] >= 0)
        {
            Define(layout.Series[slot]);
            return;
        }
        DefinitionWriter.DefineNone(layout.Dropped[layout.DroppedAt(slot)].Hash, _sections);
    }

    private void Define(int seriesRef) => _definitions.Define(seriesRef, _sections);
}

using System.Runtime.CompilerServices;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;

namespace ActorMon.Scraping.Layouts;

/// <summary>What setting a value came to.</summary>
internal enum SetOutcome : byte
{
    Set,

    /// <summary>The slot had the same value already.</summary>
    Same,

    /// <summary>The slot had another value already; that one stays.</summary>
    Conflict,
}

/// <summary>
/// The series of one target in one partition, and the values of the running scrape. A slot with a value in the last scrape and none in this one gets a stale
/// marker, once. Batch memory is rented at the first value and handed over by <see cref="Build"/>. Not thread-safe.
/// </summary>
internal sealed class PartitionLayout(PartitionId partition, LayoutNumbers numbers)
{
    /// <summary>
    /// Dead slots below which a layout is kept whatever it carries: a word of the bitmap of missing slots. Above it the layout is left when more slots are dead than live: to
    /// register the live ones anew never costs more than the dead ones have cost before.
    /// </summary>
    private const int DeadSlack = 64;

    private SlotTable _slots = new();
    private SlotBits _before = new();
    private SlotBits _now = new();
    private double[] _values = [];
    private int _committedSlots;
    private ulong _committedHash;

    public PartitionId Partition { get; } = partition;

    public LayoutId Id { get; private set; } = numbers.Next();

    public int SlotCount => _slots.Count;

    /// <summary>Slots that the last <see cref="Build"/> gave a stale marker.</summary>
    public int EndedSlots { get; private set; }

    public long Bytes => _slots.Bytes + (_before.Words.Length + _now.Words.Length) * sizeof(ulong);

    /// <summary>The slot had a value in the last scrape.</summary>
    public bool WasPresent(int slot) => _before.Has(slot);

    /// <summary>A series of this hash has a value in the running scrape.</summary>
    public bool IsPresent(ulong hash) => _slots.Find(hash) is >= 0 and var slot && _now.Has(slot);

    public void Begin()
    {
        _now.Clear();
        _now.EnsureSlots(_slots.Count);
        _committedSlots = _slots.Count;
        _committedHash = _slots.ContentHash;
    }

    /// <summary>Takes back what the running scrape did.</summary>
    public void Rollback()
    {
        _slots.Truncate(_committedSlots, _committedHash);
        _now.Clear();
    }

    /// <param name="hash">StableHash of the labels.</param>
    public int FindOrAdd(ulong hash, LabelSet labels)
    {
        var slot = _slots.Find(hash);
        if (slot < 0)
        {
            slot = _slots.Add(hash, labels);
            _now.EnsureSlots(slot + 1);
        }
        return slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SetOutcome Set(int slot, double value)
    {
        var values = _values;
        if ((uint)slot >= (uint)values.Length)
            values = GrowValues(slot);
        if (!_now.Add(slot))
            return SetAgain(slot, value);
        values[slot] = value;
        return SetOutcome.Set;
    }

    /// <summary>Ends the scrape: columns with stale markers where series disappeared, or null when there is nothing to say.</summary>
    public LayoutColumns? Build(TimestampMs timestamp)
    {
        EndedSlots = 0;
        if (_slots.Count == 0)
            return null;
        var words = SlotBits.WordCount(_slots.Count);
        _before.EnsureSlots(_slots.Count);
        _now.EnsureSlots(_slots.Count);
        if (_values.Length < _slots.Count)
            GrowValues(_slots.Count - 1);
        var missing = ColumnMemory.RentWords(words);
        var anyMissing = false;
        var anyValue = false;
        for (var word = 0; word < words; word++)
        {
            var now = _now.Words[word];
            var ended = _before.Words[word] & ~now;
            EndedSlots += System.Numerics.BitOperations.PopCount(ended);
            for (var bits = ended; bits != 0; bits &= bits - 1)
                _values[(word << 6) + System.Numerics.BitOperations.TrailingZeroCount(bits)] = SpecialValues.StaleNaN;
            var slots = word == words - 1 && (_slots.Count & 63) != 0 ? (1UL << _slots.Count) - 1 : ulong.MaxValue;
            missing[word] = slots & ~(now | ended);
            anyMissing |= missing[word] != 0;
            anyValue |= missing[word] != slots;
        }
        (_before, _now) = (_now, _before);
        _now.Clear();
        var nothing = !anyValue && _slots.Confirmed == _slots.Count;
        if (!anyMissing || nothing)
            ColumnMemory.Return(missing);
        if (nothing)
            return null;
        var values = _values;
        _values = [];
        // What lies in missing slots is whatever the rented memory held; zeroes pack better and tell nothing.
        if (anyMissing)
            ClearMissing(values, missing, words);
        return new LayoutColumns
        {
            Layout = Id,
            SlotCount = _slots.Count,
            ContentHash = _slots.ContentHash,
            FirstNewSlot = _slots.Confirmed,
            NewSeries = _slots.Unconfirmed(),
            Timestamp = timestamp,
            Values = values.AsMemory(0, _slots.Count),
            Missing = anyMissing ? missing.AsMemory(0, words) : default,
        };
    }

    /// <summary>A batch's fate. A layout that was left meanwhile has another name and is not concerned.</summary>
    public void Confirm(LayoutColumns columns, bool ok)
    {
        if (columns.Layout != Id)
            return;
        if (ok)
        {
            _slots.Confirm(columns.SlotCount);
            return;
        }
        // Its stale markers are lost: the slots count as used, so the next scrape ends them again.
        _before.EnsureSlots(columns.SlotCount);
        var values = columns.Values.Span;
        for (var slot = 0; slot < values.Length; slot++)
            if (SpecialValues.IsStale(values[slot]) && !_now.Has(slot))
                _before.Add(slot);
    }

    /// <summary>True when most slots are dead, so that a fresh layout pays.</summary>
    public bool IsMostlyDead()
    {
        var dead = _slots.Count - _before.CountOf();
        return dead > DeadSlack && dead > _slots.Count / 2;
    }

    /// <summary>Leaves this layout for an empty one with a new name. The caller takes care of series that were present.</summary>
    public void Renew()
    {
        Id = numbers.Next();
        _slots = new SlotTable();
        _before = new SlotBits();
        _now = new SlotBits();
        _committedSlots = 0;
        _committedHash = 0;
    }

    /// <summary>Gives back memory of a scrape that will not be built.</summary>
    public void Discard()
    {
        ColumnMemory.Return(_values);
        _values = [];
    }

    private static void ClearMissing(double[] values, ulong[] missing, int words)
    {
        for (var word = 0; word < words; word++)
            for (var bits = missing[word]; bits != 0; bits &= bits - 1)
                values[(word << 6) + System.Numerics.BitOperations.TrailingZeroCount(bits)] = 0;
    }

    private SetOutcome SetAgain(int slot, double value) =>
        BitConverter.DoubleToInt64Bits(_values[slot]) == BitConverter.DoubleToInt64Bits(value) ? SetOutcome.Same : SetOutcome.Conflict;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private double[] GrowValues(int slot)
    {
        var larger = ColumnMemory.RentValues(Math.Max(slot + 1, Math.Max(_slots.Count, _values.Length * 2)));
        _values.AsSpan().CopyTo(larger);
        ColumnMemory.Return(_values);
        _values = larger;
        return larger;
    }
}

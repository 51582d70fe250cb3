using System.IO.Hashing;
using System.Runtime.CompilerServices;
using ActorMon.Model.Text;

namespace ActorMon.Tsdb.Symbols;

/// <summary>
/// The node's table of label names and values: text &lt;-&gt; id 0, 1, 2 ..., append-only, shared by every partition of the process.
/// Text is held once as bytes in slabs; .NET strings are made when first asked for and kept. Reads take no lock and may run on any thread; adding takes one.
/// A symbol is never removed; what is not used any more goes with the whole generation (<see cref="SymbolGenerations"/>). Id 0 is "".
/// </summary>
public sealed class NodeSymbols
{
    /// <summary>Longest symbol in bytes (UTF-8).</summary>
    public const int MaxBytes = (1 << 24) - 1;

    private const int SlabBytes = 1 << 16;
    private const int EntryPage = 1 << 10;

    private readonly Lock _adding = new();
    private byte[][] _slabs = [new byte[SlabBytes]];
    private int _slabCount = 1;
    private int _slabUsed;
    // Entry: slab << 40 | offset << 24 | length. A slab is 64 KiB, or exactly one longer symbol.
    private long[][] _entries = [];
    private string?[][] _strings = [];
    private int _count;
    // Slot: hash << 32 | id + 1; 0 is free. Open addressing, linear probing, at most 2/3 full.
    private long[] _slots = new long[1 << 10];
    private long _bytes;

    /// <summary>The first generation of a node of its own.</summary>
    public NodeSymbols()
    {
        Generations = new SymbolGenerations(this);
        Intern("");
    }

    internal NodeSymbols(SymbolGenerations generations)
    {
        Generations = generations;
        Intern("");
    }

    /// <summary>The node this is a generation of.</summary>
    public SymbolGenerations Generations { get; }

    /// <summary>Number of symbols; ids below it are readable.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Bytes of text held.</summary>
    public long TextBytes => Volatile.Read(ref _bytes);

    /// <summary>The id of a text, which is added when it is new.</summary>
    public int Intern(ReadOnlySpan<char> text)
    {
        var size = text.Length * 3;
        var bytes = size <= 1024 ? stackalloc byte[1024] : new byte[size];
        return Intern((ReadOnlySpan<byte>)bytes[..ByteText.Encode(text, bytes)]);
    }

    /// <summary>The id of a text given as bytes, which is added when it is new.</summary>
    public int Intern(ReadOnlySpan<byte> text)
    {
        var hash = Hash(text);
        var id = Find(text, hash);
        return id >= 0 ? id : Add(text, hash);
    }

    /// <summary>The id of a text, or -1 when no series of this node uses it.</summary>
    public int Find(ReadOnlySpan<char> text)
    {
        var size = text.Length * 3;
        var bytes = size <= 1024 ? stackalloc byte[1024] : new byte[size];
        bytes = bytes[..ByteText.Encode(text, bytes)];
        return Find(bytes, Hash(bytes));
    }

    /// <summary>The bytes of a symbol; valid for the life of the table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Bytes(int id)
    {
        var entry = Volatile.Read(ref _entries)[id / EntryPage][id % EntryPage];
        return Volatile.Read(ref _slabs)[(int)(entry >> 40)].AsSpan((int)(entry >> 24) & 0xFFFF, (int)entry & 0xFFFFFF);
    }

    /// <summary>The text of a symbol; the same instance at each call.</summary>
    public string Text(int id)
    {
        ref var cached = ref Volatile.Read(ref _strings)[id / EntryPage][id % EntryPage];
        var text = Volatile.Read(ref cached);
        if (text is not null)
            return text;
        var made = SharedTexts.Of(Bytes(id));
        return Interlocked.CompareExchange(ref cached, made, null) ?? made;
    }

    /// <summary>True when the symbol stands for this text; makes no string.</summary>
    public bool Is(int id, string text)
    {
        var bytes = Bytes(id);
        if (System.Text.Ascii.Equals(bytes, text))
            return true;
        // Equal ASCII was found above; only other text is worth a string.
        return !System.Text.Ascii.IsValid(bytes) && string.Equals(Text(id), text, StringComparison.Ordinal);
    }

    /// <summary>Orders two symbols by their bytes.</summary>
    public int Compare(int a, int b) => a == b ? 0 : Bytes(a).SequenceCompareTo(Bytes(b));

    private static uint Hash(ReadOnlySpan<byte> text)
    {
        var hash = XxHash3.HashToUInt64(text);
        return (uint)(hash ^ hash >> 32);
    }

    private int Find(ReadOnlySpan<byte> text, uint hash)
    {
        var slots = Volatile.Read(ref _slots);
        var mask = slots.Length - 1;
        for (var at = (int)hash & mask; ; at = (at + 1) & mask)
        {
            var slot = Volatile.Read(ref slots[at]);
            if (slot == 0)
                return -1;
            var id = (int)slot - 1;
            if ((uint)(slot >> 32) == hash && Bytes(id).SequenceEqual(text))
                return id;
        }
    }

    private int Add(ReadOnlySpan<byte> text, uint hash)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, MaxBytes);
        lock (_adding)
        {
            var id = Find(text, hash);
            if (id >= 0)
                return id;
            id = _count;
            if (id % EntryPage == 0)
                AddEntryPage(id / EntryPage);
            _entries[id / EntryPage][id % EntryPage] = Store(text);
            _bytes += text.Length;
            Volatile.Write(ref _count, id + 1);
            if ((id + 1) * 3L > _slots.Length * 2L)
                GrowSlots();
            Place(_slots, (long)hash << 32 | (uint)(id + 1));
            return id;
        }
    }

    private long Store(ReadOnlySpan<byte> text)
    {
        if (text.Length > SlabBytes)
        {
            text.CopyTo(AddSlab(text.Length));
            // The next short text starts a slab of its own: offsets in this one are used up.
            _slabUsed = SlabBytes;
            return (long)(_slabCount - 1) << 40 | (uint)text.Length;
        }
        if (_slabUsed + text.Length > SlabBytes)
        {
            AddSlab(SlabBytes);
            _slabUsed = 0;
        }
        // An empty text at the very end of a slab would have an offset of 17 bits.
        var offset = text.IsEmpty ? 0 : _slabUsed;
        text.CopyTo(_slabs[_slabCount - 1].AsSpan(offset));
        _slabUsed += text.Length;
        return (long)(_slabCount - 1) << 40 | (long)offset << 24 | (uint)text.Length;
    }

    private byte[] AddSlab(int size)
    {
        var slab = new byte[size];
        if (_slabCount == _slabs.Length)
        {
            var larger = _slabs;
            Array.Resize(ref larger, _slabs.Length * 2);
            Volatile.Write(ref _slabs, larger);
        }
        _slabs[_slabCount++] = slab;
        return slab;
    }

    private void AddEntryPage(int page)
    {
        if (page >= _entries.Length)
        {
            var size = Math.Max(4, _entries.Length * 2);
            var strings = _strings;
            Array.Resize(ref strings, size);
            Volatile.Write(ref _strings, strings);
            var entries = _entries;
            Array.Resize(ref entries, size);
            Volatile.Write(ref _entries, entries);
        }
        _strings[page] = new string?[EntryPage];
        _entries[page] = new long[EntryPage];
    }

    private void GrowSlots()
    {
        var larger = new long[_slots.Length * 2];
        foreach (var slot in _slots)
            if (slot != 0)
                Place(larger, slot);
        Volatile.Write(ref _slots, larger);
    }

    private static void Place(long[] slots, long slot)
    {
        var mask = slots.Length - 1;
        var at = (int)(slot >> 32) & mask;
        while (slots[at] != 0)
            at = (at + 1) & mask;
        // The entry and its bytes are written before this: who sees the slot sees them.
        Volatile.Write(ref slots[at], slot);
    }
}

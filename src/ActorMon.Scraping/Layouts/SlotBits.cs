using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorMon.Scraping.Layouts;

/// <summary>A growable set of slots: bit i of word i / 64.</summary>
internal sealed class SlotBits
{
    private ulong[] _words = [];

    public ReadOnlySpan<ulong> Words => _words;

    public static int WordCount(int slots) => (slots + 63) >> 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(int slot) => (uint)(slot >> 6) < (uint)_words.Length && (_words[slot >> 6] >> slot & 1) != 0;

    /// <summary>Adds the slot; false when it was there. The slot must be below the last EnsureSlots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(int slot)
    {
        ref var word = ref _words[slot >> 6];
        var bit = 1UL << slot;
        if ((word & bit) != 0)
            return false;
        word |= bit;
        return true;
    }

    public void EnsureSlots(int slots)
    {
        var words = WordCount(slots);
        if (words > _words.Length)
            Array.Resize(ref _words, Math.Max(words, _words.Length * 2));
    }

    public void Clear() => Array.Clear(_words);

    public int CountOf()
    {
        var count = 0;
        foreach (var word in _words)
            count += BitOperations.PopCount(word);
        return count;
    }
}

namespace ActorMon.Simulation.Tests.World;

/// <summary>A set of sample ids: what a copy holds, what was acknowledged, what was deleted.</summary>
public sealed class SampleSet
{
    private ulong[] _words = new ulong[8];

    /// <summary>One more than the greatest id that was ever here.</summary>
    public int End { get; private set; }

    public bool Has(int id) => id >> 6 < _words.Length && (_words[id >> 6] >> (id & 63) & 1) != 0;

    public void Add(int id)
    {
        Reserve(id);
        _words[id >> 6] |= 1UL << (id & 63);
    }

    public void Remove(int id)
    {
        if (Has(id))
            _words[id >> 6] &= ~(1UL << (id & 63));
    }

    /// <summary>The first id that is in this set, not in <paramref name="other"/> and not in <paramref name="excused"/>; -1: none.</summary>
    public int FirstNotIn(SampleSet other, SampleSet excused)
    {
        for (var w = 0; w < _words.Length; w++)
        {
            var missing = _words[w] & ~other.Word(w) & ~excused.Word(w);
            if (missing != 0)
                return (w << 6) + System.Numerics.BitOperations.TrailingZeroCount(missing);
        }
        return -1;
    }

    public IEnumerable<int> Ids()
    {
        for (var id = 0; id < End; id++)
            if (Has(id))
                yield return id;
    }

    private ulong Word(int w) => w < _words.Length ? _words[w] : 0;

    private void Reserve(int id)
    {
        End = Math.Max(End, id + 1);
        while (id >> 6 >= _words.Length)
            Array.Resize(ref _words, _words.Length * 2);
    }
}

namespace ActorMon.Model.Matchers.Re2;

/// <summary>A set of code points as sorted, disjoint, non-touching ranges (inclusive) after <see cref="Seal"/>; ranges in any order before.</summary>
internal sealed class RuneClass
{
    public const int MaxRune = 0x10FFFF;

    private readonly List<(int Lo, int Hi)> _ranges = [];

    public IReadOnlyList<(int Lo, int Hi)> Ranges => _ranges;

    /// <summary>Number of code points in a sealed class.</summary>
    public int Size
    {
        get
        {
            var size = 0;
            foreach (var (lo, hi) in _ranges)
                size += hi - lo + 1;
            return size;
        }
    }

    public void Add(int lo, int hi) => _ranges.Add((lo, hi));

    /// <summary>Adds a range and everything its members fold to.</summary>
    public void AddFolded(int lo, int hi)
    {
        Add(lo, hi);
        if (lo <= CaseFolding.First && hi >= CaseFolding.Last)
            return;
        for (var rune = Math.Max(lo, CaseFolding.First); rune <= Math.Min(hi, CaseFolding.Last); rune++)
            foreach (var other in CaseFolding.Orbit(rune))
                if (other < lo || other > hi)
                    Add(other, other);
    }

    /// <summary>Adds the ranges of a sealed class, folded or negated on the way.</summary>
    public void AddGroup(RuneClass group, bool negated, bool folded)
    {
        var source = group;
        if (folded)
        {
            source = new RuneClass();
            foreach (var (lo, hi) in group._ranges)
                source.AddFolded(lo, hi);
            source.Seal();
        }
        if (negated)
            source = source.Negated();
        _ranges.AddRange(source._ranges);
    }

    public RuneClass Seal()
    {
        if (_ranges.Count < 2)
            return this;
        _ranges.Sort();
        var last = 0;
        for (var i = 1; i < _ranges.Count; i++)
        {
            var (lo, hi) = _ranges[i];
            if (lo <= _ranges[last].Hi + 1)
                _ranges[last] = (_ranges[last].Lo, Math.Max(_ranges[last].Hi, hi));
            else
                _ranges[++last] = (lo, hi);
        }
        _ranges.RemoveRange(last + 1, _ranges.Count - last - 1);
        return this;
    }

    /// <summary>The complement of a sealed class.</summary>
    public RuneClass Negated()
    {
        var result = new RuneClass();
        var next = 0;
        foreach (var (lo, hi) in _ranges)
        {
            if (next < lo)
                result.Add(next, lo - 1);
            next = hi + 1;
        }
        if (next <= MaxRune)
            result.Add(next, MaxRune);
        return result;
    }
}

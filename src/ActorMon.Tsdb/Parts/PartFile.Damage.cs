namespace ActorMon.Tsdb.Parts;

/// <summary>Damage that readers met, by page.</summary>
public sealed partial class PartFile
{
    /// <summary>Damages remembered with their text; beyond, they are counted only.</summary>
    private const int MaxDamages = 16;

    private readonly HashSet<int> _damagedPages = [];
    private readonly List<string> _damages = [];
    private int _damagedCount;

    /// <summary>What was found damaged so far, by page: at most 16 texts; <see cref="DamagedPages"/> counts all.</summary>
    public IReadOnlyList<string> Damages
    {
        get
        {
            lock (_damages)
                return [.. _damages];
        }
    }

    public int DamagedPages => Volatile.Read(ref _damagedCount);

    /// <summary>
    /// The stretch of [min, max] (Unix ms) in which samples are lost by what was found damaged so far, with the first damage; null: none is known to be. A page of the index concerns all
    /// times of the part, for it is not known whose it was.
    /// </summary>
    public (long From, long To, string Damage)? LostWithin(long min, long max)
    {
        if (DamagedPages == 0 || max < MinTime || min > MaxTime)
            return null;
        var (from, to) = (long.MaxValue, long.MinValue);
        lock (_damages)
        {
            foreach (var number in _damagedPages)
            {
                var (first, last) = TimesOf(number);
                if (first > max || last < min)
                    continue;
                (from, to) = (Math.Min(from, Math.Max(first, min)), Math.Max(to, Math.Min(last, max)));
            }
            return from <= to ? (from, to, _damages[0]) : null;
        }
    }

    private (long First, long Last) TimesOf(int number)
    {
        if ((uint)number >= (uint)_directory.Pages.Length || _directory.Pages[number].Kind is not (PageKind.Times or PageKind.Values))
            return (MinTime, MaxTime);
        var start = (ulong)_directory.Pages[number].Group * _directory.GroupLength;
        var last = PartDirectory.Last(start, _directory.GroupLength);
        // Relative to the window and unsigned, as groups are.
        return (
            Math.Max(MinTime, unchecked((long)((ulong)Header.WindowStart + start))),
            last > unchecked((ulong)(MaxTime - Header.WindowStart)) ? MaxTime : unchecked((long)((ulong)Header.WindowStart + last)));
    }

    private void Note(int number, string damage)
    {
        lock (_damages)
        {
            if (!_damagedPages.Add(number))
                return;
            if (_damages.Count < MaxDamages)
                _damages.Add(Describe(number, damage));
            Volatile.Write(ref _damagedCount, _damagedPages.Count);
        }
    }
}

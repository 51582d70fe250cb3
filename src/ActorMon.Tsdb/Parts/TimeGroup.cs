using System.IO.Hashing;
using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Parts;

/// <summary>
/// The open pages of one stretch of a part's window. Pages hold one group each, so that a query of an hour does not read the month.
/// </summary>
internal sealed class TimeGroup(int number)
{
    /// <summary>Time columns remembered to be shared; beyond, only neighbours share.</summary>
    private const int MaxShared = 16 << 10;

    private readonly Dictionary<UInt128, (int Page, int Offset)> _shared = [];
    private readonly long[] _lastTimes = new long[TimeColumn.MaxRows];
    private int _lastRows;
    private (int Page, int Offset) _lastPlace;

    public int Number { get; } = number;

    /// <summary>The open pages and their numbers, -1 while they are empty.</summary>
    public ByteWriter Values { get; } = new(4096);
    public ByteWriter Times { get; } = new();
    public int ValuesPage { get; set; } = -1;
    public int TimesPage { get; set; } = -1;

    /// <summary>What the next bucket of a histogram may stand on in the open page of values.</summary>
    public BucketChains Buckets { get; } = new();

    /// <summary>Where the times stand already, or false.</summary>
    public bool TryShare(ReadOnlySpan<long> times, out (int Page, int Offset) place)
    {
        place = _lastPlace;
        return times.SequenceEqual(_lastTimes.AsSpan(0, _lastRows));
    }

    /// <summary>As above by the encoded column; remembers it at <paramref name="place"/> when it is new.</summary>
    public bool TryShareEncoded(ReadOnlySpan<long> times, ReadOnlySpan<byte> encoded, ref (int Page, int Offset) place)
    {
        times.CopyTo(_lastTimes);
        _lastRows = times.Length;
        var hash = XxHash128.HashToUInt128(encoded);
        if (_shared.TryGetValue(hash, out var found))
        {
            _lastPlace = place = found;
            return true;
        }
        if (_shared.Count >= MaxShared)
            _shared.Clear();
        _shared[hash] = _lastPlace = place;
        return false;
    }
}

using ActorMon.Model.Metadata;

namespace ActorMon.Scraping.Caching;

/// <summary>What becomes of the samples of a cached series.</summary>
internal enum EntryKind : byte
{
    /// <summary>New: labels and relabelling have not been looked at.</summary>
    Unresolved,
    Kept,

    /// <summary>Metric relabelling drops the series.</summary>
    Dropped,
}

/// <summary>
/// What the cache knows of one exposed series, found by its raw bytes. A value in an array, addressed by its index; no reference in it, so the garbage collector never
/// looks at a cache of a million series.
/// </summary>
internal struct SeriesEntry
{
    public int KeyStart;
    public int KeyLength;

    /// <summary>Low half of the key's XxHash3.</summary>
    public uint Hash;

    /// <summary>Next entry of the same bucket, or -1.</summary>
    public int Next;

    /// <summary>Place in the last scrape's order; a hint, checked before use.</summary>
    public int Position;

    /// <summary>The scrape that saw it last.</summary>
    public uint LastScrape;

    /// <summary>Slot of the layout, or -1: none yet, or the layout was left. Less: refused (<see cref="Refuse"/>).</summary>
    public int Slot;

    /// <summary>Row of the loose series (exposed timestamps, histograms), or -1.</summary>
    public int Loose;

    /// <summary>Index of the target's partition that holds slot or loose row.</summary>
    public short Output;
    public EntryKind Kind;

    /// <summary>Type of the family it was first read in: it decides how le and quantile are written.</summary>
    public MetricType Type;

    /// <summary>Present in the last scrape, but its layout was given up since: ends by a loose stale marker if it does not come again.</summary>
    public bool Orphan;

    /// <summary>A limit of active series keeps the series out until admission has another generation; a series without slot and loose row alone can be refused.</summary>
    public void Refuse(uint generation) => Slot = Refused(generation);

    public readonly bool IsRefused(uint generation) => Slot == Refused(generation);

    private static int Refused(uint generation) => -2 - (int)(generation & 0x3FFF_FFFF);
}

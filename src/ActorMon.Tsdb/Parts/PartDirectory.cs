using ActorMon.Tsdb.Codecs;
using ActorMon.Tsdb.Copies;

namespace ActorMon.Tsdb.Parts;

/// <summary>Where a page stands. <see cref="Group"/>: the time group of its samples, 0 for the index.</summary>
internal readonly record struct PageEntry(PageKind Kind, int Group, long Offset, int Length);

/// <summary>A label name: its symbol and how many values it has in the part.</summary>
internal readonly record struct NameEntry(int Symbol, int Values);

/// <summary>
/// What of a part stays in memory: where every page stands, what the first entry of each page of postings is, and the totals. Some twenty bytes a page.
/// </summary>
internal sealed class PartDirectory
{
    public required long MinTime { get; init; }
    public required long MaxTime { get; init; }
    public required long Samples { get; init; }
    public required int SeriesCount { get; init; }
    public required int SymbolCount { get; init; }

    /// <summary>ms of one time group, from the window's start on.</summary>
    public required ulong GroupLength { get; init; }

    /// <summary>By page number; pages of one index section follow each other.</summary>
    public required PageEntry[] Pages { get; init; }
    public required int FirstSymbolsPage { get; init; }
    public required int FirstSeriesPage { get; init; }
    public required int FirstPostingsPage { get; init; }

    /// <summary>The first pair of each page of postings: name and value symbol.</summary>
    public required (int Name, int Value)[] PostingsPages { get; init; }

    /// <summary>Ascending by symbol, so by name.</summary>
    public required NameEntry[] Names { get; init; }

    /// <summary>Of the part's content, ascending; empty: not noted.</summary>
    public required WindowDigest[] Digests { get; init; }

    public void Write(ByteWriter to)
    {
        to.Signed(MinTime);
        to.Signed(MaxTime);
        to.Number((ulong)Samples);
        to.Number((ulong)SeriesCount);
        to.Number((ulong)SymbolCount);
        to.Number(GroupLength);
        to.Number((ulong)Pages.Length);
        var (offset, group) = (0L, 0);
        foreach (var page in Pages)
        {
            to.Byte((byte)page.Kind);
            to.Signed(page.Group - group);
            to.Signed(page.Offset - offset);
            to.Number((ulong)page.Length);
            (offset, group) = (page.Offset + page.Length, page.Group);
        }
        to.Number((ulong)FirstSymbolsPage);
        to.Number((ulong)FirstSeriesPage);
        to.Number((ulong)FirstPostingsPage);
        to.Number((ulong)PostingsPages.Length);
        foreach (var (name, value) in PostingsPages)
        {
            to.Number((ulong)name);
            to.Number((ulong)value);
        }
        to.Number((ulong)Names.Length);
        foreach (var name in Names)
        {
            to.Number((ulong)name.Symbol);
            to.Number((ulong)name.Values);
        }
        PartDigests.Write(Digests, to);
    }

    /// <summary>Null when the bytes are no directory of a file with <paramref name="dataEnd"/> bytes before it.</summary>
    public static PartDirectory? Read(byte[] padded, long dataEnd)
    {
        var from = new ByteReader(padded);
        long min = from.Signed(), max = from.Signed();
        var samples = (long)from.Number();
        int series = from.Number(int.MaxValue), symbols = from.Number(int.MaxValue);
        var groupLength = from.Number();
        var pages = new PageEntry[from.Count()];
        var (offset, group) = (0L, 0);
        for (var i = 0; i < pages.Length; i++)
        {
            var kind = from.Byte();
            group += (int)from.Signed();
            offset = unchecked(offset + from.Signed());
            var length = from.Number(PartFormat.MaxPageBytes + PartFormat.FrameBytes);
            if (from.Failed || kind is 0 or >= (byte)PageKind.Directory || group is < 0 or >= PartFormat.MaxGroups || offset < 0 || offset > dataEnd - length)
                return null;
            pages[i] = new PageEntry((PageKind)kind, group, offset, length);
            offset += length;
        }
        int firstSymbols = from.Number(pages.Length), firstSeries = from.Number(pages.Length), firstPostings = from.Number(pages.Length);
        var postings = new (int Name, int Value)[from.Count()];
        for (var i = 0; i < postings.Length; i++)
            postings[i] = (from.Number(symbols), from.Number(symbols));
        var names = new NameEntry[from.Count()];
        for (var i = 0; i < names.Length; i++)
            names[i] = new NameEntry(from.Number(symbols), from.Number(symbols));
        var digests = PartDigests.Read(ref from);
        if (from.Failed || samples < 0 || min > max || groupLength == 0
            || firstSymbols + PagesFor(symbols, PartFormat.SymbolsPerPage) > firstSeries
            || firstSeries + PagesFor(series, PartFormat.SeriesPerPage) > firstPostings
            || firstPostings + postings.Length > pages.Length)
            return null;
        return new PartDirectory
        {
            MinTime = min,
            MaxTime = max,
            Samples = samples,
            SeriesCount = series,
            SymbolCount = symbols,
            GroupLength = groupLength,
            Pages = pages,
            FirstSymbolsPage = firstSymbols,
            FirstSeriesPage = firstSeries,
            FirstPostingsPage = firstPostings,
            PostingsPages = postings,
            Names = names,
            Digests = digests,
        };
    }

    /// <summary>True when samples of a time group may lie in [min, max].</summary>
    public bool GroupOverlaps(int group, long windowStart, long min, long max)
    {
        // Relative to the window and unsigned: a window may be as long as time itself.
        if (max < windowStart)
            return false;
        var from = (ulong)group * GroupLength;
        var last = Last(from, GroupLength);
        return unchecked((ulong)(max - windowStart)) >= from && (min <= windowStart || unchecked((ulong)(min - windowStart)) <= last);
    }

    /// <summary>The last ms of a stretch, both relative to the window; the end of time is not passed.</summary>
    public static ulong Last(ulong start, ulong length) => length - 1 > ulong.MaxValue - start ? ulong.MaxValue : start + (length - 1);

    private static long PagesFor(int count, int perPage) => (count + (long)perPage - 1) / perPage;
}

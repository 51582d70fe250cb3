using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Parts;

/// <summary>Labels and samples of series by id. Ids are 0 to <see cref="SeriesCount"/> - 1 in ascending order of labels.</summary>
public sealed partial class PartFile
{
    /// <summary>The labels of a series, made once as long as its page is cached; texts are shared with other series of the part.</summary>
    public LabelSet Labels(int id)
    {
        var page = SeriesOf(id);
        ref var kept = ref page.LabelSets[id % PartFormat.SeriesPerPage];
        if (Volatile.Read(ref kept) is { } known)
            return known;
        var pairs = page.Labels(id % PartFormat.SeriesPerPage);
        var labels = new Label[pairs.Length];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = new Label(Text(pairs[i].Name), Text(pairs[i].Value));
        var made = LabelSet.FromSortedUnchecked(labels);
        Volatile.Write(ref kept, made);
        return made;
    }

    /// <summary>The id of exactly this series, or -1.</summary>
    public int Find(LabelSet labels)
    {
        var wanted = new (int Name, int Value)[labels.Count];
        for (var i = 0; i < wanted.Length; i++)
        {
            wanted[i] = (FindSymbol(labels[i].Name), FindSymbol(labels[i].Value));
            if (wanted[i].Name < 0 || wanted[i].Value < 0)
                return -1;
        }
        // Symbols are numbered in their order: comparing numbers compares labels.
        return Search(SeriesCount, id => SeriesOf(id).Labels(id % PartFormat.SeriesPerPage).SequenceCompareTo(wanted));
    }

    /// <summary>
    /// Appends the samples with min &lt;= t &lt;= max, ascending. Samples of damaged pages are left out and noted in <see cref="Damages"/>: who must not lose any (a
    /// compaction) compares <see cref="DamagedPages"/> before and after.
    /// </summary>
    public void Read(int id, long min, long max, SampleBuffer into)
    {
        if (max < MinTime || min > MaxTime)
            return;
        var page = SeriesOf(id);
        var chunks = page.OpenChunks(id % PartFormat.SeriesPerPage);
        while (chunks.TryNext(out var place))
            ReadChunk(place, min, max, into);
        if (chunks.Failed)
            ThrowPage(_directory.FirstSeriesPage + id / PartFormat.SeriesPerPage, null);
    }

    /// <summary>True when the series has a sample with min &lt;= t &lt;= max. Only its times are looked at.</summary>
    public bool Overlaps(int id, long min, long max)
    {
        if (max < MinTime || min > MaxTime)
            return false;
        if (min <= MinTime && max >= MaxTime)
            return true;
        var chunks = SeriesOf(id).OpenChunks(id % PartFormat.SeriesPerPage);
        Span<long> all = stackalloc long[TimeColumn.MaxRows];
        while (chunks.TryNext(out var place))
        {
            if (!TryOpenTimes(place, min, max, out var times, out var rows, out var first, out var last) || last < min || first > max)
                continue;
            if ((first >= min && first <= max) || (last >= min && last <= max))
                return true;
            var own = all[..rows];
            if (!TimeColumn.TryReadTimes(ref times, first, last, own))
            {
                Note(place.TimesPage, "holds times that do not ascend");
                continue;
            }
            var at = own.BinarySearch(min);
            if (at >= 0 || own[~at] <= max)
                return true;
        }
        if (chunks.Failed)
            ThrowPage(_directory.FirstSeriesPage + id / PartFormat.SeriesPerPage, null);
        return false;
    }

    /// <summary>The sample with the greatest time of a series; of a histogram the value is its sum. False when its pages are damaged.</summary>
    public bool TryGetLast(int id, out long time, out double value)
    {
        (time, value) = (long.MinValue, 0);
        var chunks = SeriesOf(id).OpenChunks(id % PartFormat.SeriesPerPage);
        ChunkPlace? last = null;
        while (chunks.TryNext(out var place))
            last = place;
        if (last is null)
            return false;
        var buffer = new SampleBuffer();
        ReadChunk(last.Value, long.MinValue, long.MaxValue, buffer);
        if (buffer.Count == 0)
            return false;
        time = buffer.Times[^1];
        value = buffer.HistogramAt(buffer.Count - 1)?.Sum ?? buffer.Values[^1];
        return true;
    }

    private bool TryOpenTimes(ChunkPlace place, long min, long max, out ByteReader times, out int rows, out long first, out long last)
    {
        (rows, first, last) = (0, 0, 0);
        times = default;
        // Known without reading any page: a group far from the range is passed over.
        if ((uint)place.TimesPage < (uint)_directory.Pages.Length
            && !_directory.GroupOverlaps(_directory.Pages[place.TimesPage].Group, Header.WindowStart, min, max))
            return false;
        if (TryPage(place.TimesPage, PageKind.Times) is not { } page)
            return false;
        times = new ByteReader(page, place.TimesOffset);
        if (TimeColumn.TryReadHeader(ref times, out rows, out first, out last))
            return true;
        Note(place.TimesPage, "holds no times where a chunk has them");
        return false;
    }

    private void ReadChunk(ChunkPlace place, long min, long max, SampleBuffer into)
    {
        if (!TryOpenTimes(place, min, max, out var times, out var rows, out var first, out var last) || last < min || first > max)
            return;
        if (TryPage(place.ValuesPage, PageKind.Values) is not { } page)
            return;
        var values = new ByteReader(page, place.ValuesOffset);
        if (place.ValuesOffset < page.Length && page[place.ValuesOffset] == ValueColumn.Histograms)
        {
            values.Byte();
            ReadHistograms(place, ref times, ref values, rows, first, last, min, max, into);
            return;
        }
        var start = into.Count;
        into.AddColumns(rows, out var intoTimes, out var intoValues);
        if (!TimeColumn.TryReadTimes(ref times, first, last, intoTimes))
        {
            Note(place.TimesPage, "holds times that do not ascend");
            into.Truncate(start);
            return;
        }
        if (!ValueColumn.TryRead(ref values, intoValues, ReferenceMemo.For(PartCache.Key(_id, place.ValuesPage))))
        {
            Note(place.ValuesPage, "holds no column of values where a chunk has one");
            into.Truncate(start);
            return;
        }
        if (first >= min && last <= max)
            return;
        var from = LowerBound(intoTimes, min);
        var kept = (max == long.MaxValue ? rows : LowerBound(intoTimes, max + 1)) - from;
        intoTimes.Slice(from, kept).CopyTo(intoTimes);
        intoValues.Slice(from, kept).CopyTo(intoValues);
        into.Truncate(start + kept);
    }

    private void ReadHistograms(ChunkPlace place, ref ByteReader times, ref ByteReader values, int rows, long first, long last, long min, long max, SampleBuffer into)
    {
        Span<long> all = stackalloc long[TimeColumn.MaxRows];
        all = all[..rows];
        var histograms = new NativeHistogram[rows];
        if (!TimeColumn.TryReadTimes(ref times, first, last, all))
        {
            Note(place.TimesPage, "holds times that do not ascend");
            return;
        }
        if (!HistogramColumns.TryRead(ref values, histograms))
        {
            Note(place.ValuesPage, "holds no histograms where a chunk has them");
            return;
        }
        for (var i = 0; i < rows; i++)
            if (all[i] >= min && all[i] <= max)
                into.Add(all[i], histograms[i]);
    }

    private static int LowerBound(ReadOnlySpan<long> times, long wanted)
    {
        var at = times.BinarySearch(wanted);
        return at < 0 ? ~at : at;
    }

    private string Text(int symbol)
    {
        if ((uint)symbol >= (uint)_directory.SymbolCount)
            PartDamagedException.Throw(Path, $"symbol {symbol} is referred to, there are {_directory.SymbolCount}");
        return Symbols(symbol / PartFormat.SymbolsPerPage).Texts[symbol % PartFormat.SymbolsPerPage];
    }

    /// <summary>The number of a text, or -1.</summary>
    private int FindSymbol(string text) => Search(_directory.SymbolCount, symbol => Model.Text.ByteText.Compare(Text(symbol), text));

    /// <summary>The place among so many ascending ones that compares as 0, or -1.</summary>
    private static int Search(int count, Func<int, int> compare)
    {
        int low = 0, high = count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = compare(middle);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return -1;
    }
}

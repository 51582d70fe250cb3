using System.Runtime.InteropServices;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;
using ActorMon.Tsdb.Codecs;
using ActorMon.Tsdb.Copies;

namespace ActorMon.Tsdb.Parts;

/// <summary>
/// Gathers the series of a part with their chunks, as bytes, and writes symbols, series and postings once all are known. Symbols get their final numbers, the order of
/// their bytes, only then.
/// </summary>
internal sealed class PartIndexBuilder
{
    private readonly Dictionary<string, int> _symbols = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];
    private readonly Dictionary<(int Name, int Value), int> _pairs = [];
    private readonly List<(int Name, int Value, int Count)> _pairCounts = [];
    private readonly ByteWriter _spool = new(4096);
    private readonly ByteWriter _chunks = new();
    private int _chunkCount;

    public int SeriesCount { get; private set; }

    public void Begin(LabelSet labels)
    {
        _spool.Number((ulong)labels.Count);
        foreach (var label in labels)
        {
            int name = Symbol(label.Name), value = Symbol(label.Value);
            ref var pair = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, (name, value), out var known);
            if (!known)
            {
                pair = _pairCounts.Count;
                _pairCounts.Add((name, value, 0));
            }
            CollectionsMarshal.AsSpan(_pairCounts)[pair].Count++;
            _spool.Number((ulong)pair);
        }
        _chunks.Clear();
        _chunkCount = 0;
    }

    public void Chunk(int valuesPage, int valuesOffset, int timesPage, int timesOffset)
    {
        _chunks.Number((ulong)valuesPage);
        _chunks.Number((ulong)valuesOffset);
        _chunks.Number((ulong)timesPage);
        _chunks.Number((ulong)timesOffset);
        _chunkCount++;
    }

    public void End()
    {
        _spool.Number((ulong)_chunkCount);
        _spool.Bytes(_chunks.Written);
        SeriesCount++;
    }

    /// <summary>Writes the index sections; their pages are added to <paramref name="pages"/>.</summary>
    public PartDirectory Write(PartOutput output, List<PageEntry> pages, long minTime, long maxTime, long samples, ulong groupLength, WindowDigest[] digests)
    {
        var firstSymbols = pages.Count;
        var final = WriteSymbols(output, pages);
        var firstSeries = pages.Count;
        var ids = WriteSeries(output, pages, final);
        var firstPostings = pages.Count;
        var postings = WritePostings(output, pages, final, ids, out var names);
        return new PartDirectory
        {
            MinTime = minTime,
            MaxTime = maxTime,
            Samples = samples,
            SeriesCount = SeriesCount,
            SymbolCount = _texts.Count,
            GroupLength = groupLength,
            Pages = [.. pages],
            FirstSymbolsPage = firstSymbols,
            FirstSeriesPage = firstSeries,
            FirstPostingsPage = firstPostings,
            PostingsPages = postings,
            Names = names,
            Digests = digests,
        };
    }

    private int Symbol(string text)
    {
        ref var symbol = ref CollectionsMarshal.GetValueRefOrAddDefault(_symbols, text, out var known);
        if (!known)
        {
            symbol = _texts.Count;
            _texts.Add(text);
        }
        return symbol;
    }

    /// <summary>Returns the final number of each symbol.</summary>
    private int[] WriteSymbols(PartOutput output, List<PageEntry> pages)
    {
        var order = new int[_texts.Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(order, (a, b) => ByteText.Compare(_texts[a], _texts[b]));
        var final = new int[order.Length];
        var page = new ByteWriter(4096);
        byte[] before = [];
        for (var i = 0; i < order.Length; i++)
        {
            final[order[i]] = i;
            if (i % PartFormat.SymbolsPerPage == 0)
            {
                FlushPage(PageKind.Symbols, page, output, pages);
                before = [];
            }
            var bytes = ByteText.Encode(_texts[order[i]]);
            var shared = bytes.AsSpan().CommonPrefixLength(before);
            page.Number((ulong)shared);
            page.Number((ulong)(bytes.Length - shared));
            page.Bytes(bytes.AsSpan(shared));
            before = bytes;
        }
        FlushPage(PageKind.Symbols, page, output, pages);
        return final;
    }

    /// <summary>Writes the series and returns, by pair, the ids of its series one list behind the other.</summary>
    private int[] WriteSeries(PartOutput output, List<PageEntry> pages, int[] final)
    {
        var starts = new int[_pairCounts.Count];
        var total = 0;
        for (var i = 0; i < starts.Length; i++)
        {
            starts[i] = total;
            total += _pairCounts[i].Count;
        }
        var ids = new int[total];
        var page = new ByteWriter(4096);
        List<(int Name, int Value)> labels = [], before = [];
        var from = new ByteReader(_spool.Padded);
        for (var id = 0; id < SeriesCount; id++)
        {
            if (id % PartFormat.SeriesPerPage == 0)
            {
                FlushPage(PageKind.Series, page, output, pages);
                before.Clear();
            }
            labels.Clear();
            for (var left = (int)from.Number(); left > 0; left--)
            {
                var pair = (int)from.Number();
                ids[starts[pair]++] = id;
                labels.Add((final[_pairCounts[pair].Name], final[_pairCounts[pair].Value]));
            }
            WriteLabels(labels, before, page);
            WriteChunks(ref from, page);
            (labels, before) = (before, labels);
        }
        FlushPage(PageKind.Series, page, output, pages);
        return ids;
    }

    private static void WriteLabels(List<(int Name, int Value)> labels, List<(int Name, int Value)> before, ByteWriter page)
    {
        var shared = 0;
        while (shared < labels.Count && shared < before.Count && labels[shared] == before[shared])
            shared++;
        page.Number((ulong)labels.Count);
        page.Number((ulong)shared);
        for (var i = shared; i < labels.Count; i++)
        {
            var same = i < before.Count && before[i].Name == labels[i].Name;
            page.Number(same ? 0 : (ulong)labels[i].Name + 1);
            page.Signed(labels[i].Value - (same ? before[i].Value : 0));
        }
    }

    private void WriteChunks(ref ByteReader from, ByteWriter page)
    {
        _chunks.Clear();
        var count = (int)from.Number();
        int valuesPage = 0, timesPage = 0;
        for (var i = 0; i < count; i++)
        {
            int values = (int)from.Number(), valuesOffset = (int)from.Number(), times = (int)from.Number(), timesOffset = (int)from.Number();
            _chunks.Signed(values - valuesPage);
            _chunks.Number((ulong)valuesOffset);
            _chunks.Signed(times - timesPage);
            _chunks.Number((ulong)timesOffset);
            (valuesPage, timesPage) = (values, times);
        }
        page.Number((ulong)count);
        page.Number((ulong)_chunks.Length);
        page.Bytes(_chunks.Written);
    }

    private (int Name, int Value)[] WritePostings(PartOutput output, List<PageEntry> pages, int[] final, int[] ids, out NameEntry[] names)
    {
        var order = new (int Name, int Value, int Pair)[_pairCounts.Count];
        var starts = new int[order.Length];
        var total = 0;
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = (final[_pairCounts[i].Name], final[_pairCounts[i].Value], i);
            starts[i] = total;
            total += _pairCounts[i].Count;
        }
        Array.Sort(order);
        var firsts = new List<(int Name, int Value)>();
        var distinct = new List<NameEntry>();
        var page = new ByteWriter(4096);
        var list = new ByteWriter();
        int nameBefore = 0, valueBefore = 0;
        foreach (var (name, value, pair) in order)
        {
            if (distinct.Count > 0 && distinct[^1].Symbol == name)
                distinct[^1] = distinct[^1] with { Values = distinct[^1].Values + 1 };
            else
                distinct.Add(new NameEntry(name, 1));
            if (page.Length >= PartFormat.PostingsPageBytes)
                FlushPage(PageKind.Postings, page, output, pages);
            if (page.Length == 0)
            {
                firsts.Add((name, value));
                (nameBefore, valueBefore) = (0, 0);
            }
            page.Number((ulong)(name - nameBefore));
            page.Number((ulong)(name == nameBefore ? value - valueBefore : value));
            (nameBefore, valueBefore) = (name, value);
            PostingsList.Write(ids.AsSpan(starts[pair], _pairCounts[pair].Count), list);
            page.Number((ulong)_pairCounts[pair].Count);
            page.Number((ulong)list.Length);
            page.Bytes(list.Written);
        }
        FlushPage(PageKind.Postings, page, output, pages);
        names = [.. distinct];
        return [.. firsts];
    }

    private static void FlushPage(PageKind kind, ByteWriter page, PartOutput output, List<PageEntry> pages)
    {
        if (page.Length == 0)
            return;
        var (offset, length) = output.WritePage(kind, pages.Count, page.Written);
        pages.Add(new PageEntry(kind, 0, offset, length));
        page.Clear();
    }
}

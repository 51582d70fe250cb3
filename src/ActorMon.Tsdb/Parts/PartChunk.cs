using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Parts;

/// <summary>
/// What is known of a chunk without decoding it: its times (ms, both in it) and how many samples. <see cref="Constant"/>: the one value of all of them, when they have one,
/// so sum, least and greatest too.
/// </summary>
public readonly record struct PartChunk(long MinTime, long MaxTime, int Samples, bool IsHistograms, double? Constant, string Encoding);

public sealed partial class PartFile
{
    /// <summary>The chunks of a series in order of time; those of damaged pages are left out and noted in <see cref="Damages"/>.</summary>
    public IReadOnlyList<PartChunk> Chunks(int id)
    {
        var chunks = new List<PartChunk>();
        Span<double> value = stackalloc double[1];
        var cursor = SeriesOf(id).OpenChunks(id % PartFormat.SeriesPerPage);
        while (cursor.TryNext(out var place))
        {
            if (!TryOpenTimes(place, long.MinValue, long.MaxValue, out _, out var rows, out var first, out var last)
                || TryPage(place.ValuesPage, PageKind.Values) is not { } page)
                continue;
            var from = new ByteReader(page, place.ValuesOffset);
            var peek = from;
            var encoding = peek.Byte() & 15;
            if (encoding == ValueColumn.Histograms)
            {
                chunks.Add(new PartChunk(first, last, rows, true, null, "histograms"));
                continue;
            }
            var isConstant = encoding <= (int)ValueEncoding.ConstantInteger && ValueColumn.TryRead(ref from, value);
            chunks.Add(new PartChunk(first, last, rows, false, isConstant ? value[0] : null, ((ValueEncoding)encoding).ToString().ToLowerInvariant()));
        }
        if (cursor.Failed)
            ThrowPage(_directory.FirstSeriesPage + id / PartFormat.SeriesPerPage, null);
        return chunks;
    }
}

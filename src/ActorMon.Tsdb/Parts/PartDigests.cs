using ActorMon.Model.Bytes;
using ActorMon.Tsdb.Copies;

namespace ActorMon.Tsdb.Parts;

/// <summary>Digests of a part's content as its directory has them, behind everything else; docs/formats/part.md.</summary>
internal static class PartDigests
{
    /// <summary>What is noted of sums: of a window with native histograms, which can be written in more than one way, only that it is not known.</summary>
    public static WindowDigest[] Of(DigestSums sums) => [.. sums.All.Select(d => sums.WithHistograms.Contains(d.WindowStart) ? new WindowDigest(d.WindowStart, d.Bucket, 0, 0) : d)];

    public static void Write(ReadOnlySpan<WindowDigest> digests, ByteWriter to)
    {
        to.Number(ContentDigest.Version);
        to.Number((ulong)digests.Length);
        var window = 0L;
        foreach (ref readonly var digest in digests)
        {
            to.Signed(digest.WindowStart - window);
            to.Byte((byte)digest.Bucket);
            to.Fixed64((ulong)(digest.Hash >> 64));
            to.Fixed64((ulong)digest.Hash);
            to.Number((ulong)digest.Samples);
            window = digest.WindowStart;
        }
    }

    /// <summary>None in a part from before there were any, or of another version of them.</summary>
    public static WindowDigest[] Read(ref ByteReader from)
    {
        if (from.Left == 0 || from.Number() != ContentDigest.Version)
            return [];
        var digests = new WindowDigest[from.Count()];
        var window = 0L;
        for (var i = 0; i < digests.Length && !from.Failed; i++)
        {
            window = unchecked(window + from.Signed());
            digests[i] = new WindowDigest(window, from.Byte(), new UInt128(from.Fixed64(), from.Fixed64()), (long)from.Number());
        }
        return digests;
    }
}

using System.Collections.Concurrent;
using ZstdSharp;

namespace ActorMon.Tsdb.Parts;

/// <summary>zstd over whole pages. Contexts are some hundred kilobytes: a few are kept for whoever comes next.</summary>
internal static class PageCompression
{
    /// <summary>Level of pages of columns: most of their bytes are packed bits, which no level makes smaller.</summary>
    public const int ValueLevel = 3;

    /// <summary>Level of pages of symbols, series and postings: small, and read often.</summary>
    public const int IndexLevel = 9;

    private const int Kept = 8;
    private static readonly ConcurrentBag<Decompressor> Decompressors = [];

    /// <summary>False when the bytes are not zstd, or not of exactly that length.</summary>
    public static bool TryDecompress(ReadOnlySpan<byte> from, Span<byte> into)
    {
        if (!Decompressors.TryTake(out var decompressor))
            decompressor = new Decompressor();
        try
        {
            return decompressor.Unwrap(from, into) == into.Length;
        }
        catch (ZstdException)
        {
            return false;
        }
        finally
        {
            if (Decompressors.Count < Kept)
                Decompressors.Add(decompressor);
            else
                decompressor.Dispose();
        }
    }
}

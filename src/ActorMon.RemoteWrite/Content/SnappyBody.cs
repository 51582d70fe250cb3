using System.Buffers;
using System.Globalization;
using Snappier;

namespace ActorMon.RemoteWrite.Content;

/// <summary>Decompresses a request body (snappy block format) within the peer's limits.</summary>
public static class SnappyBody
{
    /// <summary>32 MiB: the peer's limit of a compressed body and of a decompressed one.</summary>
    public const int DefaultLimit = 32 * 1024 * 1024;

    private const int BadRequest = 400;
    private const int ContentTooLarge = 413;
    private const string Corrupt = "snappy: corrupt input";

    /// <summary>
    /// Decompresses a block. True: <paramref name="decoded"/> holds exactly the bytes, is rented, and is the caller's to dispose.
    /// False: the HTTP status and the peer's text.
    /// </summary>
    /// <param name="compressed">The whole body.</param>
    /// <param name="limit">Bytes allowed for each of the compressed and the decompressed body.</param>
    /// <param name="decoded">The decompressed body.</param>
    /// <param name="status">The HTTP status of the refusal, 0 when decoded.</param>
    /// <param name="error">The text of the refusal, "" when decoded.</param>
    public static bool TryDecode(ReadOnlySpan<byte> compressed, int limit, out DecodedBody decoded, out int status, out string error)
    {
        decoded = default;
        if (compressed.Length > limit)
            return Refuse(ContentTooLarge, string.Create(CultureInfo.InvariantCulture, $"request body exceeds the {limit} bytes limit"), out status, out error);
        if (!TryReadLength(compressed, out var length))
            return Refuse(BadRequest, Corrupt, out status, out error);
        if (length > (uint)limit)
            return Refuse(BadRequest, string.Create(CultureInfo.InvariantCulture, $"decoded size exceeds the {limit} bytes limit"), out status, out error);
        var buffer = ArrayPool<byte>.Shared.Rent((int)length);
        if (!TryDecompress(compressed, buffer.AsSpan(0, (int)length)))
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return Refuse(BadRequest, Corrupt, out status, out error);
        }
        decoded = new DecodedBody(buffer, (int)length);
        status = 0;
        error = "";
        return true;
    }

    private static bool TryDecompress(ReadOnlySpan<byte> compressed, Span<byte> into)
    {
        try
        {
            return Snappy.TryDecompress(compressed, into, out var written) && written == into.Length;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>The decompressed length in front of a block: a varint of at most 32 bits.</summary>
    private static bool TryReadLength(ReadOnlySpan<byte> compressed, out uint length)
    {
        length = 0;
        var value = 0UL;
        for (var i = 0; i < compressed.Length && i < 5; i++)
        {
            value |= (ulong)(compressed[i] & 0x7F) << (7 * i);
            if (compressed[i] >= 0x80)
                continue;
            length = (uint)value;
            return value <= uint.MaxValue;
        }
        return false;
    }

    private static bool Refuse(int withStatus, string text, out int status, out string error)
    {
        status = withStatus;
        error = text;
        return false;
    }
}

/// <summary>A decompressed body in a rented buffer; disposing gives the buffer back, once.</summary>
public struct DecodedBody : IDisposable
{
    private readonly int _length;
    private byte[]? _buffer;

    internal DecodedBody(byte[] buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    public readonly ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _buffer is null ? 0 : _length);

    public void Dispose()
    {
        if (_buffer is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        _buffer = null;
    }
}

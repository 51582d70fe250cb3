using System.Buffers.Binary;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Foreign.Head;

/// <summary>A finished chunk of the head: its series, times, and whether its samples came out of order.</summary>
internal readonly record struct HeadChunk(ulong Series, long MinTime, long MaxTime, byte Encoding, bool OutOfOrder);

/// <summary>
/// A file of the directory <c>chunks_head</c>: magic 0x0130BC91, version 1, three zeros, then chunks: series (8 bytes), first and last time (8 each), encoding (1, highest
/// bit: out of order), length (uvarint), data, CRC-32C of all of it. The file was made larger than its content; zeros end it.
/// </summary>
internal sealed class HeadChunkFile : IDisposable
{
    public const string DirectoryName = "chunks_head";

    private const uint Magic = 0x0130BC91;
    private const int HeaderBytes = 8;
    private const int FixedBytes = 25;
    private const int MaxVarintBytes = 10;
    private const int CrcBytes = 4;
    private const byte OutOfOrderFlag = 0x80;

    private readonly FileWindow _window;
    private long _at = HeaderBytes;

    public HeadChunkFile(IStorageFiles files, string path, string name)
    {
        _window = new FileWindow(files.Open(path, writable: false), name);
        // A file that was just begun may have nothing in it yet.
        if (_window.Length < HeaderBytes || !_window.Get(0, HeaderBytes).ContainsAnyExcept((byte)0))
        {
            _at = _window.Length;
            return;
        }
        var header = _window.Get(0, HeaderBytes);
        if (BinaryPrimitives.ReadUInt32BigEndian(header) != Magic || header[4] != 1)
            Stop("it does not start as a file of head chunks of version 1 does");
    }

    /// <summary>What stopped the reading before the end; null: nothing did.</summary>
    public string? Damage { get; private set; }

    /// <summary>The next chunk, its data valid until the next call.</summary>
    public bool TryNext(out HeadChunk chunk, out ReadOnlySpan<byte> data)
    {
        chunk = default;
        data = default;
        var left = _window.Length - _at;
        if (left <= 0)
            return false;
        var head = _window.GetUpTo(_at, FixedBytes + MaxVarintBytes);
        if (!head.ContainsAnyExcept((byte)0))
            return false;
        if (head.Length < FixedBytes + 1)
            return Stop("a chunk is cut off");
        var series = BinaryPrimitives.ReadUInt64BigEndian(head);
        var min = BinaryPrimitives.ReadInt64BigEndian(head[8..]);
        var max = BinaryPrimitives.ReadInt64BigEndian(head[16..]);
        var encoding = head[24];
        if (series == 0 && min == 0 && max == 0)
            return false;
        var used = ByteCursor.TryUvarint(head[FixedBytes..], out var length);
        if (used <= 0 || length > (ulong)left || left < FixedBytes + used + (long)length + CrcBytes)
            return Stop("a chunk is cut off");
        var whole = _window.Get(_at, FixedBytes + used + (int)length + CrcBytes);
        if (BinaryPrimitives.ReadUInt32BigEndian(whole[^CrcBytes..]) != Crc32C.Of(whole[..^CrcBytes]))
            return Stop("the checksum of a chunk is wrong");
        chunk = new HeadChunk(series, min, max, (byte)(encoding & ~OutOfOrderFlag), (encoding & OutOfOrderFlag) != 0);
        data = whole[(FixedBytes + used)..^CrcBytes];
        _at += whole.Length;
        return true;
    }

    public void Dispose() => _window.Dispose();

    private bool Stop(string problem)
    {
        Damage = $"{_window.Name}: {problem} (at {_at})";
        _at = _window.Length;
        return false;
    }
}

using System.Buffers.Binary;
using ActorMon.Tsdb.Storage;
using Snappier;
using ZstdSharp;

namespace ActorMon.Tsdb.Foreign.Head;

/// <summary>
/// The records of one segment of Prometheus' write-ahead log: pages of 32 KiB with fragments of type (1 byte; 0 ends the page, 1 whole, 2 first, 3 middle, 4 last;
/// bit 3 snappy, bit 4 zstd), length (2), CRC-32C (4), data. Records never span segments.
/// </summary>
internal sealed class ForeignWalReader : IDisposable
{
    private const int PageBytes = 32 << 10;
    private const int HeaderBytes = 7;

    /// <summary>A longer record is damage: the program never writes one, and it would have to be held in memory.</summary>
    private const int MaxRecordBytes = 256 << 20;

    private const int TypeMask = 0x07;
    private const int SnappyFlag = 0x08;
    private const int ZstdFlag = 0x10;

    private readonly FileWindow _window;
    private readonly byte[] _page = new byte[PageBytes];
    private byte[] _record = new byte[PageBytes];
    private byte[] _decoded = [];
    private Decompressor? _zstd;
    private long _at;

    public ForeignWalReader(IStorageFiles files, string path, string name) => _window = new FileWindow(files.Open(path, writable: false), name);

    /// <summary>What stopped the reading before the end; null: nothing did.</summary>
    public string? Damage { get; private set; }

    /// <summary>True when the file ends in the middle of a record, as a crash leaves it.</summary>
    public bool EndsTorn { get; private set; }

    /// <summary>The next record, valid until the next call; false at the end or where the segment is damaged.</summary>
    public bool TryNext(out ReadOnlySpan<byte> record)
    {
        record = default;
        var length = 0;
        var parts = 0;
        while (_at < _window.Length)
        {
            var inPage = (int)(_at % PageBytes);
            var left = (int)Math.Min(PageBytes - inPage, _window.Length - _at);
            var page = _page.AsSpan(0, left);
            _window.Get(_at, left).CopyTo(page);
            var type = page[0] & TypeMask;
            if (type == 0)
            {
                if (page.ContainsAnyExcept((byte)0))
                    return Stop("a page that has ended goes on");
                _at += left;
                continue;
            }
            var size = left < HeaderBytes ? 0 : BinaryPrimitives.ReadUInt16BigEndian(page[1..]);
            if (left < HeaderBytes + size)
                return inPage + left == PageBytes ? Stop($"a fragment of {size} bytes does not fit its page") : Torn(left);
            var data = page.Slice(HeaderBytes, size);
            if (BinaryPrimitives.ReadUInt32BigEndian(page[3..]) != Crc32C.Of(data))
                return Stop("the checksum of a fragment is wrong");
            var begins = type is 1 or 2;
            if (type > 4 || begins != (parts == 0))
                return Stop($"a fragment of type {type} stands where none may");
            if (length + size > MaxRecordBytes)
                return Stop($"a record is longer than {MaxRecordBytes} bytes");
            if (_record.Length < length + size)
                Array.Resize(ref _record, Math.Max(_record.Length * 2, length + size));
            data.CopyTo(_record.AsSpan(length));
            length += size;
            parts++;
            _at += HeaderBytes + size;
            if (type is 1 or 4)
                return TryDecode(page[0], _record.AsSpan(0, length), out record);
        }
        if (parts > 0)
            EndsTorn = true;
        return false;
    }

    public void Dispose()
    {
        _zstd?.Dispose();
        _window.Dispose();
    }

    private bool TryDecode(byte header, ReadOnlySpan<byte> raw, out ReadOnlySpan<byte> record)
    {
        record = raw;
        try
        {
            if ((header & SnappyFlag) != 0)
            {
                var length = Snappy.GetUncompressedLength(raw);
                Reserve(length);
                if (!Snappy.TryDecompress(raw, _decoded, out var written))
                    return Stop("a record cannot be decompressed");
                record = _decoded.AsSpan(0, written);
            }
            else if ((header & ZstdFlag) != 0)
            {
                _zstd ??= new Decompressor();
                var length = Decompressor.GetDecompressedSize(raw);
                if (length > MaxRecordBytes)
                    return Stop($"a record decompresses to more than {MaxRecordBytes} bytes");
                Reserve((int)length);
                record = _decoded.AsSpan(0, _zstd.Unwrap(raw, _decoded));
            }
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or ArgumentException)
        {
            return Stop($"a record cannot be decompressed: {e.Message}");
        }
    }

    private void Reserve(int length)
    {
        if (length is < 0 or > MaxRecordBytes)
            throw new InvalidDataException($"{length} bytes");
        if (_decoded.Length < length)
            _decoded = new byte[length];
    }

    private bool Torn(int left)
    {
        EndsTorn = true;
        _at += left;
        return false;
    }

    private bool Stop(string problem)
    {
        Damage = $"{_window.Name}: {problem} (at {_at})";
        _at = _window.Length;
        return false;
    }
}

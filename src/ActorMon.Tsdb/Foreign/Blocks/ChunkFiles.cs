using System.Buffers.Binary;
using System.Globalization;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Foreign.Blocks;

/// <summary>
/// A block's directory <c>chunks</c>: files of magic 0x85BD40DD, version 1, three zeros, then chunks (length, encoding, data, CRC-32C of encoding and data).
/// Chunks are mostly asked for in the order in which they lie.
/// </summary>
internal sealed class ChunkFiles : IDisposable
{
    public const string DirectoryName = "chunks";

    private const uint Magic = 0x85BD40DD;
    private const int HeaderBytes = 8;
    private const int CrcBytes = 4;
    private const int MaxVarintBytes = 10;

    private readonly IStorageFiles _files;
    private readonly string _directory;
    private readonly List<string> _names = [];
    private readonly List<FileWindow?> _open = [];

    public ChunkFiles(IStorageFiles files, string block)
    {
        _files = files;
        _directory = Path.Combine(block, DirectoryName);
        foreach (var name in files.List(_directory))
        {
            if (!ulong.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                continue;
            _names.Add(name);
            _open.Add(null);
        }
    }

    /// <summary>The bytes of the chunk, valid until the next call.</summary>
    /// <exception cref="ForeignDataException">There is no such chunk, or it is damaged.</exception>
    public ReadOnlySpan<byte> Read(ulong reference, out byte encoding)
    {
        var (number, offset) = (reference >> 32, (long)(reference & uint.MaxValue));
        if (number >= (ulong)_names.Count)
            throw new ForeignDataException($"{DirectoryName}: there is no file number {number + 1}");
        var window = _open[(int)number] ??= Open(_names[(int)number]);
        var used = ByteCursor.TryUvarint(window.GetUpTo(offset, MaxVarintBytes), out var length);
        if (used <= 0 || length > (ulong)window.Length)
            throw new ForeignDataException($"{window.Name}: the length of the chunk at {offset} is impossible");
        var chunk = window.Get(offset + used, 1 + (int)length + CrcBytes);
        if (BinaryPrimitives.ReadUInt32BigEndian(chunk[^CrcBytes..]) != Crc32C.Of(chunk[..^CrcBytes]))
            throw new ForeignDataException($"{window.Name}: the checksum of the chunk at {offset} is wrong");
        encoding = chunk[0];
        return chunk[1..^CrcBytes];
    }

    public void Dispose()
    {
        foreach (var window in _open)
            window?.Dispose();
    }

    private FileWindow Open(string name)
    {
        var window = new FileWindow(_files.Open(Path.Combine(_directory, name), writable: false), $"{DirectoryName}/{name}");
        try
        {
            var header = window.Get(0, HeaderBytes);
            if (BinaryPrimitives.ReadUInt32BigEndian(header) != Magic)
                throw new ForeignDataException($"{window.Name}: it does not start as a file of chunks does");
            if (header[4] != 1)
                throw new ForeignDataException($"{window.Name}: version {header[4]} is unknown");
            return window;
        }
        catch
        {
            window.Dispose();
            throw;
        }
    }
}

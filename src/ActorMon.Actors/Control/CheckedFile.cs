using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.Serialization;
using ActorMon.Tsdb.Storage;
using Google.Protobuf;

namespace ActorMon.Actors.Control;

/// <summary>
/// A small file of a data directory that is replaced as a whole.
/// <code>
/// magic, 8 bytes | XXH3 of the rest u64 | content
/// </code>
/// </summary>
internal sealed class CheckedFile
{
    private const int MagicBytes = 8;
    private const int HeaderBytes = MagicBytes + sizeof(ulong);

    private readonly string _path;
    private readonly byte[] _magic;
    private readonly IStorageFiles _files;

    public CheckedFile(string path, ReadOnlySpan<byte> magic, IStorageFiles files) => (_path, _magic, _files) = (path, magic.ToArray(), files);

    /// <param name="parse">The value, or what is wrong with it.</param>
    /// <returns>Neither: there is no such file. An error: it is damaged or of a newer version.</returns>
    public (T? Value, string? Error) Read<T>(Func<byte[], (T? Value, string? Error)> parse) where T : class
    {
        if (!_files.FileExists(_path))
            return (null, null);
        try
        {
            var bytes = ReadAll();
            return bytes.Length < HeaderBytes || !bytes.AsSpan().StartsWith(_magic)
                || BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(MagicBytes)) != XxHash3.HashToUInt64(bytes.AsSpan(HeaderBytes))
                    ? (null, $"{_path} is damaged")
                    : parse(bytes[HeaderBytes..]);
        }
        catch (Exception e) when (e is SerializationException or InvalidProtocolBufferException or IOException)
        {
            return (null, $"{_path} cannot be read: {e.Message}");
        }
    }

    /// <exception cref="IOException">The file before stays.</exception>
    public void Write(byte[] content)
    {
        var header = new byte[HeaderBytes];
        _magic.CopyTo(header, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(MagicBytes), XxHash3.HashToUInt64(content));
        var temporary = _path + ".new";
        if (_files.FileExists(temporary))
            _files.Delete(temporary);
        using (var file = _files.Create(temporary))
        {
            file.Append(header);
            file.Append(content);
            file.Sync();
        }
        _files.Rename(temporary, _path);
        _files.SyncDirectory(Path.GetDirectoryName(_path)!);
    }

    private byte[] ReadAll()
    {
        using var file = _files.Open(_path, writable: false);
        var bytes = new byte[file.Length];
        return bytes[..file.Read(0, bytes)];
    }
}

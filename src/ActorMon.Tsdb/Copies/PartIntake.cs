using System.Diagnostics.CodeAnalysis;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Copies;

/// <summary>
/// A part of another copy, arriving byte by byte: it gets a number of this partition and forgets what it says about the other's log. Nobody knows the file before
/// <see cref="Finish"/>; a crash before leaves a <c>.tmp</c> that the next start removes, after it a part that holds what the other copy holds, which is right too.
/// One thread. <see cref="Dispose"/> without <see cref="Finish"/> leaves nothing behind.
/// </summary>
public sealed class PartIntake : IDisposable
{
    private readonly IStorageFiles _files;
    private readonly PartSet _parts;
    private readonly WalIdentity _identity;
    private readonly PartCache _cache;
    private readonly long _sequence;
    private readonly long _length;
    private readonly string _path;
    private readonly IStorageFile _file;
    private readonly byte[] _trailer = new byte[PartFormat.TrailerBytes];
    private byte[] _header = new byte[4096];
    private int _headerBytes;
    private int _trailerBytes;
    private uint _headerChecksum;
    private bool _hasHeader, _isClosed, _isFinished, _isDisposed;
    private long _received;

    internal PartIntake(IStorageFiles files, PartSet parts, WalIdentity identity, PartCache cache, long length)
    {
        _files = files;
        _parts = parts;
        _identity = identity;
        _cache = cache;
        _length = length;
        _sequence = parts.BeginIntake();
        _path = Path.Combine(parts.Directory, PartFormat.Name(_sequence));
        try
        {
            _file = files.Create(_path + PartFormat.TemporaryExtension);
        }
        catch
        {
            parts.EndIntake(_sequence);
            throw;
        }
    }

    /// <summary>Takes the next bytes of the file.</summary>
    /// <exception cref="PartDamagedException">They are not those of a part, or more than were announced.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_received + bytes.Length > _length)
            Damaged($"{_received + bytes.Length} bytes came, {_length} were announced");
        var body = _length - PartFormat.TrailerBytes;
        var ofBody = (int)Math.Clamp(body - _received, 0, bytes.Length);
        _received += bytes.Length;
        Body(bytes[..ofBody]);
        bytes[ofBody..].CopyTo(_trailer.AsSpan(_trailerBytes));
        _trailerBytes += bytes.Length - ofBody;
    }

    /// <summary>Makes it durable, holds its pages against their checksums and opens it; to be given to <see cref="PartitionStore.Adopt"/>.</summary>
    /// <exception cref="PartDamagedException">It is cut off, damaged, or of another partition.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public PartFile Finish()
    {
        if (!_hasHeader || _received != _length)
            Damaged($"{_received} bytes came, {_length} were announced");
        if (PartFormat.Readdress(_trailer, _headerChecksum) is { } wrong)
            Damaged(wrong);
        _file.Append(_trailer);
        _file.Sync();
        Close();
        _files.Rename(_path + PartFormat.TemporaryExtension, _path);
        _files.SyncDirectory(_parts.Directory);
        var part = PartFile.Open(_files, _path, _identity, _cache);
        if (part.CheckPages(long.MinValue, long.MaxValue, CancellationToken.None) > 0)
        {
            part.Dispose();
            Damaged(part.Damages[0]);
        }
        _isFinished = true;
        return part;
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Close();
        // A finished one stays known as such until it is adopted or given up.
        if (_isFinished)
            return;
        try
        {
            foreach (var path in new[] { _path + PartFormat.TemporaryExtension, _path })
                if (_files.FileExists(path))
                    _files.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The partition clears its directory when it has no other work, and at the next start.
        }
        _parts.EndIntake(_sequence);
    }

    private void Body(ReadOnlySpan<byte> bytes)
    {
        if (_hasHeader)
        {
            _file.Append(bytes);
            return;
        }
        if (_headerBytes + bytes.Length > PartFormat.MaxHeaderBytes + (1 << 20))
            Damaged("it has no header");
        if (_header.Length < _headerBytes + bytes.Length)
            Array.Resize(ref _header, Math.Max(_headerBytes + bytes.Length, _header.Length * 2));
        bytes.CopyTo(_header.AsSpan(_headerBytes));
        _headerBytes += bytes.Length;
        if (_headerBytes < PartFormat.MinHeaderBytes)
            return;
        if (PartFormat.HeaderLength(_header.AsSpan(0, _headerBytes), out var length) is { } problem)
            Damaged(problem);
        if (_headerBytes < length)
            return;
        if (PartFormat.Readdress(_header.AsSpan(0, length), _sequence) is { } wrong)
            Damaged(wrong);
        _headerChecksum = PartFormat.ChecksumOf(_header);
        _hasHeader = true;
        _file.Append(_header.AsSpan(0, _headerBytes));
        _header = [];
    }

    private void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _file.Dispose();
    }

    [DoesNotReturn]
    private void Damaged(string problem) => PartDamagedException.Throw(_path, problem);
}

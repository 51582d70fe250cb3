using System.Buffers;
using System.Buffers.Binary;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Wal;

/// <summary>A segment that is closed: readable, not written any more.</summary>
internal sealed record ClosedSegment(long Number, long Bytes, long MaxTime);

/// <summary>
/// Streams the newest checkpoint of a log and the segments behind it into a head. It always gets to the end: what cannot be read is cut (a torn end) or copied aside and cut (damage), and reported.
/// Segments are independent of each other, so damage in one costs the rest of that one only.
/// </summary>
internal sealed class WalRecovery(IStorageFiles files, string walDirectory, string quarantine, WalIdentity identity)
{
    private const int ChunkBytes = 1 << 20;
    private const int MaxTornBytes = 4 << 20;

    private readonly List<WalDamage> _damage = [];

    public List<ClosedSegment> Segments { get; } = [];
    public long Bytes { get; private set; }
    public IReadOnlyList<WalDamage> Damage => _damage;
    public bool CleanShutdown { get; private set; }

    /// <summary>The number the next segment gets.</summary>
    public long NextNumber { get; private set; } = 1;

    /// <summary>Number and bytes of the checkpoint that was read; 0: there was none.</summary>
    public long Checkpoint { get; private set; }
    public long CheckpointBytes { get; private set; }

    public void Run(WalReplay replay)
    {
        var numbers = new List<long>();
        var checkpoints = new List<long>();
        foreach (var name in files.List(walDirectory))
        {
            if (WalFormat.TryParseName(name, out var number))
                numbers.Add(number);
            else if (WalFormat.TryParseCheckpoint(name, out number))
                checkpoints.Add(number);
            else if (WalFormat.IsUnfinished(name))
                TryDelete(name);
        }
        numbers.Sort();
        checkpoints.Sort();
        for (var i = checkpoints.Count - 1; i >= 0; i--)
        {
            NextNumber = Math.Max(NextNumber, checkpoints[i] + 1);
            // An older one is left from a crash; only when the newest is damaged it may be of use once more.
            if (Checkpoint == 0 || _damage.Count > 0)
                ReadCheckpoint(checkpoints[i], replay);
            else
                TryDelete(WalFormat.CheckpointName(checkpoints[i]));
        }
        // Whatever stands before a whole checkpoint stands in it.
        if (Checkpoint > 0 && _damage.Count == 0)
        {
            foreach (var number in numbers)
                if (number < Checkpoint)
                    TryDelete(WalFormat.SegmentName(number));
            numbers.RemoveAll(number => number < Checkpoint);
        }
        for (var i = 0; i < numbers.Count; i++)
        {
            NextNumber = Math.Max(NextNumber, numbers[i] + 1);
            CleanShutdown = false;
            ReadSegment(numbers[i], replay, last: i == numbers.Count - 1);
        }
    }

    private void ReadCheckpoint(long number, WalReplay replay)
    {
        var name = WalFormat.CheckpointName(number);
        var path = Path.Combine(walDirectory, name);
        replay.StartSegment(number);
        string? reason;
        long length;
        List<CheckpointGap> gaps = [];
        using (var file = files.Open(path, writable: false))
        {
            length = file.Length;
            Span<byte> header = stackalloc byte[WalFormat.HeaderBytes];
            reason = WalFormat.CheckHeader(header[..file.Read(0, header)], identity);
            if (reason is null)
                gaps = CheckpointReader.Read(file, replay);
            foreach (var gap in gaps)
                _damage.Add(new WalDamage(name, gap.Offset, gap.Bytes, gap.Reason, gap.Bytes == 0 ? null : SetAside(file, name, gap)));
        }
        Bytes += length;
        if (reason is not null)
        {
            SetAsideWhole(name, path, length, reason, torn: false);
            return;
        }
        replay.FinishCheckpoint();
        if (Checkpoint > 0)
            return;
        CleanShutdown = replay.EndsClean;
        (Checkpoint, CheckpointBytes) = (number, length);
    }

    /// <summary>A damaged checkpoint is read again at each start until the next one replaces it; its damage is set aside once.</summary>
    private string SetAside(IStorageFile file, string name, CheckpointGap gap)
    {
        var aside = $"{name}.{gap.Offset}.bad";
        files.CreateDirectory(quarantine);
        if (!files.FileExists(Path.Combine(quarantine, aside)))
            Copy(file, gap.Offset, gap.Offset + gap.Bytes, aside);
        return aside;
    }

    private void TryDelete(string name)
    {
        try
        {
            files.Delete(Path.Combine(walDirectory, name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It costs space until the next start, nothing else.
        }
    }

    private void ReadSegment(long number, WalReplay replay, bool last)
    {
        var name = WalFormat.SegmentName(number);
        var path = Path.Combine(walDirectory, name);
        replay.StartSegment(number);
        string? reason;
        long good = 0, length;
        using (var file = files.Open(path, writable: false))
        {
            length = file.Length;
            Span<byte> header = stackalloc byte[WalFormat.HeaderBytes];
            reason = WalFormat.CheckHeader(header[..file.Read(0, header)], identity);
            if (reason is null)
            {
                good = WalFormat.HeaderBytes;
                reason = ReadRecords(file, replay, ref good);
            }
        }
        Bytes += length;
        if (good == 0)
        {
            SetAsideWhole(name, path, length, reason!, torn: last && length < WalFormat.HeaderBytes);
            return;
        }
        if (reason is not null)
            CutTail(name, path, good, length, reason, torn: last);
        else
            CleanShutdown = replay.EndsClean;
        Segments.Add(new ClosedSegment(number, good, replay.SegmentMaxTime));
    }

    /// <summary>Null at the end of the file, else why the record at <paramref name="good"/> cannot be read.</summary>
    private static string? ReadRecords(IStorageFile file, WalReplay replay, ref long good)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            // buffer[start..end] are bytes from file offset "good" on.
            int start = 0, end = 0;
            while (true)
            {
                if (end - start < WalFormat.FrameBytes)
                {
                    Fill(file, ref buffer, ref start, ref end, good, WalFormat.FrameBytes);
                    if (end == start)
                        return null;
                    if (end - start < WalFormat.FrameBytes)
                        return "the record's frame is cut off";
                }
                var length = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(start));
                if (length <= 0 || length > WalFormat.MaxRecordBytes)
                    return $"the record's length {length} is impossible";
                if (good + WalFormat.FrameBytes + length > file.Length)
                    return "the record is cut off";
                if (end - start < WalFormat.FrameBytes + length)
                {
                    Fill(file, ref buffer, ref start, ref end, good, WalFormat.FrameBytes + length);
                    if (end - start < WalFormat.FrameBytes + length)
                        return "the record is cut off";
                }
                var record = buffer.AsSpan(start, WalFormat.FrameBytes + length);
                var body = record[WalFormat.FrameBytes..];
                if (BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) != WalFormat.FrameCrc(record[..4], body))
                    return "the record's checksum is wrong";
                if (!replay.TryApply(body))
                    return "the record's content is not understood";
                start += record.Length;
                good += record.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Fill(IStorageFile file, ref byte[] buffer, ref int start, ref int end, long offset, int needed)
    {
        var kept = end - start;
        if (needed > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(needed);
            buffer.AsSpan(start, kept).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
        else
        {
            buffer.AsSpan(start, kept).CopyTo(buffer);
        }
        (start, end) = (0, kept);
        end += file.Read(offset + kept, buffer.AsSpan(kept));
    }

    private void SetAsideWhole(string name, string path, long length, string reason, bool torn)
    {
        if (torn)
        {
            // A segment's header is written with its first record: nothing in here was acknowledged.
            files.Delete(path);
            _damage.Add(new WalDamage(name, 0, length, reason, null));
            return;
        }
        files.CreateDirectory(quarantine);
        var aside = FreeName(name + ".bad");
        files.Rename(path, Path.Combine(quarantine, aside));
        files.SyncDirectory(quarantine);
        files.SyncDirectory(walDirectory);
        _damage.Add(new WalDamage(name, 0, length, reason, aside));
    }

    private void CutTail(string name, string path, long good, long length, string reason, bool torn)
    {
        string? aside = null;
        using var file = files.Open(path, writable: true);
        if (!torn || !LooksTorn(file, good, length))
        {
            files.CreateDirectory(quarantine);
            aside = FreeName($"{name}.{good}.bad");
            Copy(file, good, length, aside);
        }
        file.Truncate(good);
        file.Sync();
        _damage.Add(new WalDamage(name, good, length - good, reason, aside));
    }

    /// <summary>An interrupted append leaves a record that ends early, or zeros where the file grew before its data came.</summary>
    private static bool LooksTorn(IStorageFile file, long good, long length)
    {
        Span<byte> frame = stackalloc byte[WalFormat.FrameBytes];
        if (file.Read(good, frame) < WalFormat.FrameBytes)
            return true;
        // More than one group of batches is seldom in flight; what is longer is kept to be looked at.
        if (length - good > MaxTornBytes)
            return false;
        var tail = new byte[length - good];
        file.Read(good, tail);
        if (!tail.AsSpan().ContainsAnyExcept((byte)0))
            return true;
        var claimed = BinaryPrimitives.ReadInt32LittleEndian(frame);
        return claimed > 0 && claimed <= WalFormat.MaxRecordBytes && WalFormat.FrameBytes + claimed > tail.Length && !HasRecord(tail);
    }

    /// <summary>True when a whole record stands anywhere behind the first byte: then the first was damaged, not interrupted.</summary>
    private static bool HasRecord(ReadOnlySpan<byte> tail)
    {
        for (var at = 1; at + WalFormat.FrameBytes < tail.Length; at++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(tail[at..]);
            if (length <= 0 || length > tail.Length - at - WalFormat.FrameBytes)
                continue;
            var body = tail.Slice(at + WalFormat.FrameBytes, length);
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail[(at + 4)..]) == WalFormat.FrameCrc(tail.Slice(at, 4), body))
                return true;
        }
        return false;
    }

    private void Copy(IStorageFile from, long start, long end, string aside)
    {
        var target = Path.Combine(quarantine, aside);
        using (var to = files.Create(target))
        {
            var buffer = new byte[1 << 16];
            for (var at = start; at < end;)
            {
                var read = from.Read(at, buffer);
                if (read == 0)
                    break;
                to.Append(buffer.AsSpan(0, read));
                at += read;
            }
            to.Sync();
        }
        files.SyncDirectory(quarantine);
    }

    private string FreeName(string wanted)
    {
        var name = wanted;
        for (var i = 2; files.FileExists(Path.Combine(quarantine, name)); i++)
            name = $"{wanted}.{i}";
        return name;
    }
}

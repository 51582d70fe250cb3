using System.Buffers;
using System.Buffers.Binary;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Wal;

/// <summary>A stretch of a checkpoint that could not be read.</summary>
internal readonly record struct CheckpointGap(long Offset, long Bytes, string Reason);

/// <summary>
/// Reads a checkpoint into a head. A record that is damaged is skipped and costs what it holds: behind it the next record is looked for, since nothing else has its samples.
/// </summary>
internal static class CheckpointReader
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>No checkpoint's record is longer: looking for one behind damage ends somewhere.</summary>
    private const int MaxSearchBytes = 64 << 20;

    /// <summary>Reads all records; the gaps are what was skipped, the last one may be the end that is missing.</summary>
    public static List<CheckpointGap> Read(IStorageFile file, WalReplay replay)
    {
        var gaps = new List<CheckpointGap>();
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            long at = WalFormat.HeaderBytes;
            while (at < file.Length)
            {
                if (TryFrame(file, ref buffer, at, out var body, out var reason))
                {
                    if (replay.TryApply(body.Span))
                    {
                        at += WalFormat.FrameBytes + body.Length;
                        continue;
                    }
                    gaps.Add(new CheckpointGap(at, WalFormat.FrameBytes + body.Length, "the record's content is not understood"));
                    at += WalFormat.FrameBytes + body.Length;
                    continue;
                }
                var next = Find(file, at + 1);
                gaps.Add(new CheckpointGap(at, next - at, reason));
                at = next;
            }
            if (!replay.CheckpointEnded)
                gaps.Add(new CheckpointGap(at, 0, "the end of the checkpoint is missing"));
            return gaps;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool TryFrame(IStorageFile file, ref byte[] buffer, long at, out ReadOnlyMemory<byte> body, out string reason)
    {
        body = default;
        Span<byte> frame = stackalloc byte[WalFormat.FrameBytes];
        if (file.Read(at, frame) < WalFormat.FrameBytes)
        {
            reason = "the record's frame is cut off";
            return false;
        }
        var length = BinaryPrimitives.ReadInt32LittleEndian(frame);
        if (length <= 0 || length > WalFormat.MaxRecordBytes || at + WalFormat.FrameBytes + length > file.Length)
        {
            reason = $"the record's length {length} is impossible";
            return false;
        }
        if (length > buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(length);
        }
        file.Read(at + WalFormat.FrameBytes, buffer.AsSpan(0, length));
        reason = "the record's checksum is wrong";
        body = buffer.AsMemory(0, length);
        return BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]) == WalFormat.FrameCrc(frame[..4], body.Span);
    }

    /// <summary>The offset of the first whole record from an offset on, or the file's end.</summary>
    private static long Find(IStorageFile file, long from)
    {
        var window = (int)Math.Min(file.Length - from, MaxSearchBytes);
        if (window <= 0)
            return file.Length;
        var bytes = new byte[window];
        file.Read(from, bytes);
        for (var at = 0; at + WalFormat.FrameBytes < bytes.Length; at++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            if (length <= 0 || length > bytes.Length - at - WalFormat.FrameBytes || bytes[at + WalFormat.FrameBytes] > (byte)WalRecordType.CheckpointEnd)
                continue;
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 4)) == WalFormat.FrameCrc(bytes.AsSpan(at, 4), bytes.AsSpan(at + WalFormat.FrameBytes, length)))
                return from + at;
        }
        // Nothing in all of the window: the next one overlaps it by a record at most, which is not worth another pass.
        return from + window;
    }
}

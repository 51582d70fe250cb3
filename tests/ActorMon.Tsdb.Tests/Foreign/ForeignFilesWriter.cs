using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;
using ActorMon.Tsdb.Storage;
using Snappier;

namespace ActorMon.Tsdb.Tests.Foreign;

/// <summary>Bytes in big-endian order, for the files of Prometheus' database.</summary>
internal sealed class FileBytes
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public FileBytes Byte(int value)
    {
        _bytes.Add((byte)value);
        return this;
    }

    public FileBytes UInt32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return Bytes(bytes);
    }

    public FileBytes UInt64(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return Bytes(bytes);
    }

    public FileBytes Double(double value) => UInt64(BitConverter.DoubleToUInt64Bits(value));

    public FileBytes Uvarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Byte((int)(value & 0x7f | 0x80));
        return Byte((int)value);
    }

    public FileBytes Varint(long value) => Uvarint((ulong)(value << 1 ^ value >> 63));

    public FileBytes Text(string text)
    {
        var bytes = ByteText.Encode(text);
        return Uvarint((ulong)bytes.Length).Bytes(bytes);
    }

    public FileBytes Bytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public FileBytes Pad(int alignment)
    {
        while (_bytes.Count % alignment != 0)
            _bytes.Add(0);
        return this;
    }

    public FileBytes Crc(ReadOnlySpan<byte> of)
    {
        var crc = uint.MaxValue;
        foreach (var b in of)
            crc = BitOperations.Crc32C(crc, b);
        return UInt32(~crc);
    }
}

/// <summary>Writes directories as a Prometheus leaves them: blocks of index version 2, and logs.</summary>
internal static class ForeignFilesWriter
{
    private const int PageBytes = 32 << 10;

    /// <param name="series">In label order, each with its chunks in time order.</param>
    /// <param name="tombstones">Position of the series, first and last deleted time.</param>
    public static void Block(
        IStorageFiles files,
        string path,
        long min,
        long max,
        IReadOnlyList<(LabelSet Labels, WrittenChunk[] Chunks)> series,
        IReadOnlyList<(int Series, long Min, long Max)>? tombstones = null,
        string parents = "")
    {
        files.CreateDirectory(Path.Combine(path, "chunks"));
        var chunks = new FileBytes().UInt32(0x85BD40DD).UInt32(0x01000000);
        var places = new List<ulong[]>();
        foreach (var (_, own) in series)
        {
            places.Add([.. own.Select(chunk =>
            {
                var place = (ulong)chunks.Length;
                byte[] checkedBytes = [chunk.Encoding, .. chunk.Data];
                chunks.Uvarint((ulong)chunk.Data.Length).Bytes(checkedBytes).Crc(checkedBytes);
                return place;
            })]);
        }
        Write(files, Path.Combine(path, "chunks", "000001"), chunks.ToArray());
        var references = Index(files, Path.Combine(path, "index"), series, places);
        if (tombstones is not null)
        {
            var body = new FileBytes();
            foreach (var (number, from, to) in tombstones)
                body.Uvarint(references[number]).Varint(from).Varint(to);
            Write(files, Path.Combine(path, "tombstones"), new FileBytes().UInt32(0x0130BA30).Byte(1).Bytes(body.ToArray()).Crc(body.ToArray()).ToArray());
        }
        var samples = series.Sum(s => s.Chunks.Sum(c => (long)(c.Data[0] << 8 | c.Data[1])));
        var meta = $$"""
            {"ulid":"{{Path.GetFileName(path)}}","minTime":{{min}},"maxTime":{{max}},"version":1,
             "stats":{"numSamples":{{samples}},"numSeries":{{series.Count}},"numChunks":{{series.Sum(s => s.Chunks.Length)}}},
             "compaction":{"level":1,"sources":[]{{parents}} } }
            """;
        Write(files, Path.Combine(path, "meta.json"), Encoding.UTF8.GetBytes(meta));
    }

    /// <summary>A segment of the log with the records, each compressed or not in turn.</summary>
    public static void Wal(IStorageFiles files, string path, params IReadOnlyList<byte[]> records)
    {
        files.CreateDirectory(Path.GetDirectoryName(path)!);
        var segment = new FileBytes();
        for (var i = 0; i < records.Count; i++)
        {
            var compressed = i % 2 == 1;
            var record = compressed ? Snappy.CompressToArray(records[i]) : records[i];
            for (var at = 0; at == 0 || at < record.Length;)
            {
                var left = PageBytes - segment.Length % PageBytes;
                if (left <= 7)
                {
                    segment.Bytes(new byte[left]);
                    continue;
                }
                var part = record.AsSpan(at, Math.Min(record.Length - at, left - 7));
                var (first, last) = (at == 0, at + part.Length == record.Length);
                var type = first && last ? 1 : first ? 2 : last ? 4 : 3;
                segment.Byte(type | (compressed ? 8 : 0)).Byte(part.Length >> 8).Byte(part.Length).Crc(part).Bytes(part);
                at += Math.Max(1, part.Length);
            }
        }
        Write(files, path, segment.ToArray());
    }

    public static byte[] SeriesRecord(ulong reference, LabelSet labels)
    {
        var record = new FileBytes().Byte(1).UInt64(reference).Uvarint((ulong)labels.Count);
        foreach (var label in labels)
            record.Text(label.Name).Text(label.Value);
        return record.ToArray();
    }

    public static byte[] SamplesRecord(params (ulong Reference, long Time, double Value)[] samples)
    {
        var record = new FileBytes().Byte(2).UInt64(samples[0].Reference).UInt64((ulong)samples[0].Time);
        foreach (var (reference, time, value) in samples)
            record.Varint((long)(reference - samples[0].Reference)).Varint(time - samples[0].Time).Double(value);
        return record.ToArray();
    }

    /// <summary>The newer form with start timestamps: none, the same, or one of its own in turn.</summary>
    public static byte[] SamplesWithStartsRecord(params (ulong Reference, long Time, double Value)[] samples)
    {
        var record = new FileBytes().Byte(11);
        for (var i = 0; i < samples.Length; i++)
        {
            var (reference, time, value) = samples[i];
            if (i == 0)
                record.Varint((long)reference).Varint(time).Varint(time - 1000);
            else
                record.Varint((long)(reference - samples[i - 1].Reference)).Varint(time - samples[0].Time).Byte(i % 3);
            if (i > 0 && i % 3 == 2)
                record.Varint(12345);
            record.Double(value);
        }
        return record.ToArray();
    }

    public static byte[] TombstoneRecord(ulong reference, long min, long max) => new FileBytes().Byte(3).UInt64(reference).Varint(min).Varint(max).ToArray();

    public static void HeadChunks(IStorageFiles files, string path, params (ulong Series, WrittenChunk Chunk, bool OutOfOrder)[] chunks)
    {
        files.CreateDirectory(Path.GetDirectoryName(path)!);
        var bytes = new FileBytes().UInt32(0x0130BC91).UInt32(0x01000000);
        foreach (var (series, chunk, outOfOrder) in chunks)
        {
            var own = new FileBytes().UInt64(series).UInt64((ulong)chunk.MinTime).UInt64((ulong)chunk.MaxTime).Byte(chunk.Encoding | (outOfOrder ? 0x80 : 0))
                .Uvarint((ulong)chunk.Data.Length).Bytes(chunk.Data).ToArray();
            bytes.Bytes(own).Crc(own);
        }
        // The file is made larger than what is in it.
        Write(files, path, bytes.Bytes(new byte[200]).ToArray());
    }

    private static ulong[] Index(IStorageFiles files, string path, IReadOnlyList<(LabelSet Labels, WrittenChunk[] Chunks)> series, List<ulong[]> places)
    {
        var symbols = series.SelectMany(s => s.Labels.SelectMany(l => new[] { l.Name, l.Value })).Distinct().ToList();
        symbols.Sort(static (a, b) => ByteText.Compare(a, b));
        var index = new FileBytes().UInt32(0xBAAAD700).Byte(2);
        var table = new FileBytes().UInt32((uint)symbols.Count);
        foreach (var symbol in symbols)
            table.Text(symbol);
        index.UInt32((uint)table.Length).Bytes(table.ToArray()).Crc(table.ToArray());
        var start = index.Length;
        var references = new ulong[series.Count];
        for (var i = 0; i < series.Count; i++)
        {
            index.Pad(16);
            references[i] = (ulong)index.Length / 16;
            var entry = Entry(series[i].Labels, series[i].Chunks, places[i], symbols);
            index.Uvarint((ulong)entry.Length).Bytes(entry).Crc(entry);
        }
        var end = index.Length;
        var toc = new FileBytes().UInt64(5).UInt64((ulong)start).UInt64((ulong)end).UInt64(0).UInt64((ulong)end).UInt64((ulong)end);
        Write(files, path, index.Bytes(toc.ToArray()).Crc(toc.ToArray()).ToArray());
        return references;
    }

    private static byte[] Entry(LabelSet labels, WrittenChunk[] chunks, ulong[] places, List<string> symbols)
    {
        var entry = new FileBytes().Uvarint((ulong)labels.Count);
        foreach (var label in labels)
            entry.Uvarint((ulong)symbols.IndexOf(label.Name)).Uvarint((ulong)symbols.IndexOf(label.Value));
        entry.Uvarint((ulong)chunks.Length);
        for (var i = 0; i < chunks.Length; i++)
        {
            if (i == 0)
                entry.Varint(chunks[0].MinTime).Uvarint((ulong)(chunks[0].MaxTime - chunks[0].MinTime)).Uvarint(places[0]);
            else
                entry.Uvarint((ulong)(chunks[i].MinTime - chunks[i - 1].MaxTime)).Uvarint((ulong)(chunks[i].MaxTime - chunks[i].MinTime)).Varint((long)(places[i] - places[i - 1]));
        }
        return entry.ToArray();
    }

    private static void Write(IStorageFiles files, string path, byte[] bytes)
    {
        using var file = files.Create(path);
        file.Append(bytes);
    }
}

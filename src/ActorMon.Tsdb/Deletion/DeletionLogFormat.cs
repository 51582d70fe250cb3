using System.Buffers.Binary;
using System.IO.Hashing;
using ActorMon.Model.Matchers;
using ActorMon.Model.Text;
using ActorMon.Tsdb.Codecs;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Deletion;

/// <summary>A deletion log as bytes; drawn in docs/formats/deletions.md.</summary>
internal static class DeletionLogFormat
{
    public const ushort Version = 2;

    /// <summary>Without a deletion of the cluster's log.</summary>
    private const ushort Alone = 1;
    private const uint Magic = 0x4C44_4D41; // "AMDL"
    private const int HeaderBytes = 40;
    private const int ChecksumBytes = 8;

    /// <summary>Longer logs are not written, and not read.</summary>
    public const int MaxBytes = 16 << 20;

    public static byte[] Encode(DeletionLog log, WalIdentity identity)
    {
        var buffer = new WalBuffer();
        var header = buffer.Reserve(HeaderBytes)[..HeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        var follows = log.ClusterVersion > 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], follows ? Version : Alone);
        identity.ClusterId.TryWriteBytes(header[8..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], identity.Partitions);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], identity.Partition.Value);
        // 32: tenant (4), 36: reserved (4): zero.
        buffer.Advance(HeaderBytes);
        buffer.Number((ulong)log.Version);
        if (follows)
            buffer.Number((ulong)log.ClusterVersion);
        buffer.Number((ulong)log.Entries.Length);
        foreach (var entry in log.Entries)
            Encode(entry, follows, buffer);
        buffer.Fixed(XxHash64.HashToUInt64(buffer.Written));
        return buffer.Written.ToArray();
    }

    /// <summary>The log, or why the bytes are none of this identity.</summary>
    public static (DeletionLog? Log, string? Reason) Decode(ReadOnlySpan<byte> bytes, WalIdentity identity)
    {
        if (bytes.Length < HeaderBytes + ChecksumBytes)
            return (null, "it is cut off");
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
            return (null, "it does not start as a deletion log does");
        var content = bytes[..^ChecksumBytes];
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[^ChecksumBytes..]) != XxHash64.HashToUInt64(content))
            return (null, "its checksum is wrong");
        var version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        if (version > Version)
            return (null, $"format version {version} is newer than {Version}, the newest this program reads");
        var cluster = new Guid(bytes.Slice(8, 16), bigEndian: true);
        var partitions = BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]);
        var partition = BinaryPrimitives.ReadInt32LittleEndian(bytes[28..]);
        if (cluster != identity.ClusterId || partitions != identity.Partitions || partition != identity.Partition.Value)
            return (null, $"it belongs to partition {partition} of {partitions} of cluster {cluster}");
        var reader = new Reader(content[HeaderBytes..]);
        var last = (long)reader.Number();
        var follows = version > Alone;
        var clusterVersion = follows ? (long)reader.Number() : 0;
        var entries = new SeriesDeletion[reader.Count()];
        for (var i = 0; i < entries.Length && !reader.Failed; i++)
            entries[i] = Decode(ref reader, follows);
        return reader.Failed || !reader.AtEnd
            ? (null, "its content is not understood")
            : (new DeletionLog { Version = last, ClusterVersion = clusterVersion, Entries = [.. entries] }, null);
    }

    private static void Encode(SeriesDeletion deletion, bool follows, WalBuffer buffer)
    {
        buffer.Number((ulong)deletion.Version);
        if (follows)
        {
            buffer.Number((ulong)deletion.ClusterVersion);
            buffer.Byte(deletion.Concerned ? (byte)1 : (byte)0);
        }
        deletion.Id.TryWriteBytes(buffer.Reserve(16), bigEndian: true, out _);
        buffer.Advance(16);
        buffer.Signed(deletion.Created);
        buffer.Signed(deletion.Min);
        buffer.Signed(deletion.Max);
        buffer.Number((ulong)deletion.Selectors.Count);
        foreach (var selector in deletion.Selectors)
        {
            buffer.Number((ulong)selector.Count);
            foreach (var matcher in selector)
            {
                buffer.Byte((byte)matcher.Operator);
                buffer.Text(matcher.Name);
                buffer.Text(matcher.Value);
            }
        }
    }

    private static SeriesDeletion Decode(ref Reader reader, bool follows)
    {
        var version = (long)reader.Number();
        var clusterVersion = follows ? (long)reader.Number() : 0;
        var concerned = !follows || reader.Number() != 0;
        var id = reader.Guid();
        var (created, min, max) = (reader.Signed(), reader.Signed(), reader.Signed());
        var selectors = new IReadOnlyList<Matcher>[reader.Count()];
        for (var s = 0; s < selectors.Length; s++)
        {
            var matchers = new Matcher[reader.Count()];
            for (var m = 0; m < matchers.Length && !reader.Failed; m++)
                matchers[m] = reader.Matcher();
            selectors[s] = matchers;
        }
        return new SeriesDeletion { Version = version, ClusterVersion = clusterVersion, Concerned = concerned, Id = id, Created = created, Min = min, Max = max, Selectors = selectors };
    }

    /// <summary>Reads on after a failure, as zeros; the caller looks at <see cref="Failed"/> once.</summary>
    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private static readonly Matcher None = Model.Matchers.Matcher.Equal("", "");
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _at;

        public bool Failed { get; private set; }

        public readonly bool AtEnd => _at == _bytes.Length;

        public ulong Number()
        {
            if (!Failed && Varint.TryRead(_bytes, ref _at, out var value))
                return value;
            Failed = true;
            return 0;
        }

        public long Signed() => Varint.UnZigZag(Number());

        /// <summary>A count of things of at least one byte each.</summary>
        public int Count()
        {
            var count = Number();
            if (count <= (ulong)(_bytes.Length - _at))
                return (int)count;
            Failed = true;
            return 0;
        }

        public Guid Guid() => Take(16) is { Length: 16 } bytes ? new Guid(bytes, bigEndian: true) : default;

        public Matcher Matcher()
        {
            var op = Take(1);
            var (name, value) = (Text(), Text());
            if (Failed || op[0] > (byte)MatchOperator.NotRegex)
            {
                Failed = true;
                return None;
            }
            try
            {
                return new Matcher((MatchOperator)op[0], name, value);
            }
            catch (FormatException)
            {
                Failed = true;
                return None;
            }
        }

        private string Text() => ByteText.Decode(Take(Count()));

        private ReadOnlySpan<byte> Take(int count)
        {
            if (!Failed && count <= _bytes.Length - _at)
            {
                var taken = _bytes.Slice(_at, count);
                _at += count;
                return taken;
            }
            Failed = true;
            return default;
        }
    }
}

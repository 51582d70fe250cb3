using System.Buffers;
using System.Buffers.Binary;
using ActorMon.Model.Bytes;
using ActorMon.Model.Text;

namespace ActorMon.Protocol.Links;

/// <summary>
/// What bulk bodies consist of, both ways:
/// <code>
/// length u32 | CRC32C u32 | kind u8 | content      length = bytes of kind and content; checksum over the length and them; integers little-endian
/// </code>
/// The last frame of a body is an end or an error, so a body that was cut off is never taken for a whole one. Drawn in docs/formats/link.md.
/// </summary>
public static class LinkFrames
{
    public const int HeaderBytes = 8;

    /// <summary>Kinds of the operations are between this...</summary>
    public const byte FirstKind = 1;

    /// <summary>... and this one.</summary>
    public const byte LastKind = 239;

    /// <summary>Nothing follows; the body is whole.</summary>
    public const byte End = 0;

    /// <summary>Nothing follows; the operation failed half-way. Content: the reason, UTF-8.</summary>
    public const byte Error = 255;

    /// <summary>Longest frame that is read unless the reader says otherwise; writers keep below a quarter of it.</summary>
    public const int DefaultMaxBytes = 4 << 20;

    private const int MaxErrorBytes = 8192;

    public static void Write(IBufferWriter<byte> to, byte kind, ReadOnlySpan<byte> content)
    {
        Span<byte> head = stackalloc byte[HeaderBytes + 1];
        BinaryPrimitives.WriteInt32LittleEndian(head, content.Length + 1);
        head[HeaderBytes] = kind;
        var crc = Crc32C.Append(Crc32C.Of(head[..4], head[HeaderBytes..]), content);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], crc);
        to.Write(head);
        to.Write(content);
    }

    public static void WriteEnd(IBufferWriter<byte> to) => Write(to, End, default);

    /// <summary>Ends a body that cannot be finished; the reader gets the text as a <see cref="LinkBrokenException"/>.</summary>
    public static void WriteError(IBufferWriter<byte> to, string error)
    {
        var text = ByteText.Encode(error);
        Write(to, Error, text.AsSpan(0, Math.Min(text.Length, MaxErrorBytes)));
    }
}

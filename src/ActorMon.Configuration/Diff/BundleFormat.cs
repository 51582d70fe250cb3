using System.IO.Compression;
using System.Text;
using ActorMon.Model.Bytes;

namespace ActorMon.Configuration.Diff;

/// <summary>
/// A bundle as bytes: what nodes hand to each other and journals keep. Extend-only; another kind of file is another number.
/// <code>
/// version 1 u8 | Brotli of: files, each: kind varint (BundleFileKind), path, readable u8, content; texts with their length before them
/// </code>
/// </summary>
public static class BundleFormat
{
    /// <summary>Most bytes of all files of a bundle.</summary>
    public const int MaxBytes = 32 << 20;

    /// <summary>Most bytes of a bundle as it travels and is kept.</summary>
    public const int MaxPackedBytes = 4 << 20;

    private const byte Version = 1;

    /// <returns>The bytes, or why there are none.</returns>
    public static (byte[]? Packed, string? Error) Encode(ConfigBundle bundle)
    {
        var total = bundle.Files.Sum(f => (long)(f.Content?.Length ?? 0));
        if (total > MaxBytes)
            return (null, $"the configuration's files have {total} bytes, more than the {MaxBytes} that a cluster takes");
        var fields = new ByteWriter();
        foreach (var file in bundle.Files)
        {
            fields.Number((ulong)file.Kind);
            Append(fields, Encoding.UTF8.GetBytes(file.Path));
            fields.Byte(file.Content is null ? (byte)0 : (byte)1);
            Append(fields, file.Content ?? []);
        }
        using var packed = new MemoryStream();
        packed.WriteByte(Version);
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            brotli.Write(fields.Written);
        return packed.Length <= MaxPackedBytes
            ? (packed.ToArray(), null)
            : (null, $"the configuration's files have {packed.Length} bytes compressed, more than the {MaxPackedBytes} that a cluster takes");
    }

    /// <returns>The bundle, or why the bytes are none.</returns>
    public static (ConfigBundle? Bundle, string? Error) Decode(ReadOnlySpan<byte> packed)
    {
        if (packed.IsEmpty || packed[0] != Version)
            return (null, "the configuration was bundled by a newer version");
        if (Unpack(packed[1..]) is not { } bytes)
            return (null, "the bundle of the configuration is damaged");
        var reader = ByteReader.Unpadded(bytes);
        var files = new List<BundleFile>();
        while (reader.Left > 0 && !reader.Failed)
        {
            var kind = (BundleFileKind)reader.Number();
            var path = reader.Text();
            var isReadable = reader.Byte() != 0;
            var content = reader.Bytes(reader.Count()).ToArray();
            // What a later version adds is not for this one.
            if (kind is >= BundleFileKind.Main and <= BundleFileKind.Template)
                files.Add(new BundleFile(path, isReadable ? content : null, kind));
        }
        return reader.Failed || files.Count == 0 || files[0].Kind != BundleFileKind.Main ? (null, "the bundle of the configuration is damaged") : (ConfigBundle.Of(files), null);
    }

    private static void Append(ByteWriter to, ReadOnlySpan<byte> bytes)
    {
        to.Number((ulong)bytes.Length);
        to.Bytes(bytes);
    }

    /// <summary>Null: not Brotli, or more than any bundle has.</summary>
    private static byte[]? Unpack(ReadOnlySpan<byte> packed)
    {
        using var source = new MemoryStream(packed.ToArray());
        using var brotli = new BrotliStream(source, CompressionMode.Decompress);
        using var into = new MemoryStream();
        var buffer = new byte[64 << 10];
        // Paths and lengths come on top of the contents.
        const int most = MaxBytes + (MaxBytes / 2);
        try
        {
            for (int read; (read = brotli.Read(buffer)) > 0 && into.Length <= most;)
                into.Write(buffer, 0, read);
        }
        catch (InvalidDataException)
        {
            return null;
        }
        return into.Length <= most ? into.ToArray() : null;
    }
}

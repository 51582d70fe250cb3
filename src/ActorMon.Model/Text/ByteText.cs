using System.Buffers;
using System.Text;

namespace ActorMon.Model.Text;

/// <summary>
/// Byte strings of the peers as .NET strings and back. The peers' strings are bytes; ours are UTF-16. A byte that is not part of valid UTF-8 becomes the
/// lone low surrogate U+DC00+byte (0x80..0xFF), so every byte string survives the round trip and invalid text stays recognisable.
/// </summary>
public static class ByteText
{
    private const char EscapeBase = '\uDC00';

    /// <summary>Decodes bytes; invalid bytes become lone surrogates U+DC80..U+DCFF, one each.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        var text = new StringBuilder(bytes.Length);
        Span<char> chars = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) == OperationStatus.Done)
            {
                text.Append(chars[..rune.EncodeToUtf16(chars)]);
                bytes = bytes[used..];
            }
            else
            {
                text.Append((char)(EscapeBase + bytes[0]));
                bytes = bytes[1..];
            }
        }
        return text.ToString();
    }

    /// <summary>Encodes a string made by <see cref="Decode"/> (or any string) into the bytes it stands for.</summary>
    public static byte[] Encode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[ByteCount(text)];
        Encode(text, bytes);
        return bytes;
    }

    /// <summary>Encodes into <paramref name="destination"/>, which must hold <see cref="ByteCount"/> bytes; returns the bytes written.</summary>
    public static int Encode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (IsValid(text))
            return Encoding.UTF8.GetBytes(text, destination);
        var written = 0;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var used) == OperationStatus.Done)
                written += rune.EncodeToUtf8(destination[written..]);
            else
                destination[written++] = EscapedByte(text[0]);
            text = text[used..];
        }
        return written;
    }

    /// <summary>The number of bytes the string stands for (Go's len()).</summary>
    public static int ByteCount(ReadOnlySpan<char> text)
    {
        if (IsValid(text))
            return Encoding.UTF8.GetByteCount(text);
        var count = 0;
        while (!text.IsEmpty)
        {
            count += Rune.DecodeFromUtf16(text, out var rune, out var used) == OperationStatus.Done ? rune.Utf8SequenceLength : 1;
            text = text[used..];
        }
        return count;
    }

    /// <summary>True when the string has no lone surrogate, so stands for valid UTF-8.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        var at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        while (at >= 0)
        {
            if (at + 1 >= text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
                return false;
            text = text[(at + 2)..];
            at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        }
        return true;
    }

    /// <summary>Compares by the order of the UTF-8 bytes, the order the peers sort labels in (differs from UTF-16 order beyond the BMP).</summary>
    public static int Compare(string a, string b)
    {
        // Texts of labels are mostly one instance for all series that have them.
        if (ReferenceEquals(a, b))
            return 0;
        var common = Math.Min(a.Length, b.Length);
        var at = a.AsSpan(0, common).CommonPrefixLength(b);
        if (at == common)
            return a.Length.CompareTo(b.Length);
        char x = a[at], y = b[at];
        // Surrogates stand for code points above every other char; escapes of single bytes sort by their byte, above all ASCII.
        var xs = char.IsSurrogate(x);
        var ys = char.IsSurrogate(y);
        if (!xs && !ys)
            return x.CompareTo(y);
        return CompareBytes(a, b);
    }

    private static int CompareBytes(string a, string b) => Encode(a).AsSpan().SequenceCompareTo(Encode(b));

    private static byte EscapedByte(char c) => c is >= '\uDC80' and <= '\uDCFF' ? (byte)(c - EscapeBase) : (byte)'?';
}

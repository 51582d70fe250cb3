using System.IO.Hashing;
using ActorMon.Model.Text;

namespace ActorMon.Tsdb.Symbols;

/// <summary>
/// Strings of symbols, one instance for head and parts of all partitions as far as the table reaches: they are held once, and comparing label sets of different
/// partitions mostly compares references. Lossy: a place holds one text, another that falls on it replaces it; nothing depends on being found. Any thread, no lock.
/// </summary>
internal static class SharedTexts
{
    /// <summary>Longer texts are seldom shared; at most 16 Ki texts of this length are kept alive.</summary>
    private const int MaxBytes = 64;

    private static readonly string?[] Texts = new string?[1 << 14];

    /// <summary>The text that the bytes stand for (<see cref="ByteText.Decode"/>).</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
            return ByteText.Decode(bytes);
        ref var place = ref Texts[XxHash3.HashToUInt64(bytes) & (ulong)(Texts.Length - 1)];
        var known = Volatile.Read(ref place);
        if (known is not null && System.Text.Ascii.Equals(bytes, known))
            return known;
        var text = ByteText.Decode(bytes);
        Volatile.Write(ref place, text);
        return text;
    }
}

using System.IO.Hashing;
using System.Text;

namespace ActorMon.Model.Text;

/// <summary>
/// A small direct-mapped cache of label names and values, so that the labels of a thousand series share their strings. Fixed size: a collision replaces.
/// </summary>
public sealed class LabelTexts
{
    private const int Slots = 4096;
    private const int MaxBytes = 64;

    private readonly string?[] _slots = new string?[Slots];

    /// <summary>The text of these bytes; what is no UTF-8 is kept as <see cref="ByteText"/> does.</summary>
    public string Get(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
            return ByteText.Decode(bytes);
        if (bytes.IsEmpty)
            return "";
        ref var slot = ref _slots[XxHash3.HashToUInt64(bytes) % Slots];
        if (slot is { } known && known.Length == bytes.Length && Ascii.Equals(bytes, known))
            return known;
        return slot = ByteText.Decode(bytes);
    }
}

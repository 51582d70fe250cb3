using System.Buffers;
using System.IO.Hashing;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;

namespace ActorMon.PromQL.Functions;

/// <summary>
/// The peer's hash of a label set, which decides what limit_ratio picks: XXH64 over every name and value, each preceded by its length (one byte, or 255 and three
/// bytes little-endian from 255 on).
/// </summary>
internal static class LabelHash
{
    public static ulong Of(LabelSet labels)
    {
        var writer = new ArrayBufferWriter<byte>(256);
        foreach (ref readonly var label in labels.AsSpan())
        {
            Append(writer, label.Name);
            Append(writer, label.Value);
        }
        return XxHash64.HashToUInt64(writer.WrittenSpan);
    }

    private static void Append(ArrayBufferWriter<byte> writer, string text)
    {
        var length = ByteText.ByteCount(text);
        if (length < 255)
            Append(writer, (byte)length);
        else
            Append(writer, 255, (byte)length, (byte)(length >> 8), (byte)(length >> 16));
        writer.Advance(ByteText.Encode(text, writer.GetSpan(length + 4)));
    }

    private static void Append(ArrayBufferWriter<byte> writer, params ReadOnlySpan<byte> bytes) => writer.Write(bytes);
}

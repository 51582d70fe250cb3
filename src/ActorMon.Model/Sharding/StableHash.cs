using System.IO.Hashing;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;

namespace ActorMon.Model.Sharding;

/// <summary>
/// The hash of whatever is stored or routed by labels. It never changes: XXH64 (seed 0) over name, 0xFF, value, 0xFF of each label in sorted order, which is
/// Prometheus' labels.StableHash. Golden values in the tests.
/// </summary>
public static class StableHash
{
    /// <summary>Of this hash and of the placement rule; nodes and files of another version are not read.</summary>
    public const ushort Version = 1;

    private const byte Separator = 0xFF;
    private const int StackBytes = 1024;

    public static ulong Of(LabelSet labels) => Of(labels.AsSpan());

    /// <summary>Hashes labels that are sorted by name.</summary>
    public static ulong Of(ReadOnlySpan<Label> sorted)
    {
        var size = 0;
        foreach (ref readonly var label in sorted)
            size += ByteText.ByteCount(label.Name) + ByteText.ByteCount(label.Value) + 2;
        var bytes = size <= StackBytes ? stackalloc byte[size] : new byte[size];
        var at = 0;
        foreach (ref readonly var label in sorted)
        {
            at += ByteText.Encode(label.Name, bytes[at..]);
            bytes[at++] = Separator;
            at += ByteText.Encode(label.Value, bytes[at..]);
            bytes[at++] = Separator;
        }
        return XxHash64.HashToUInt64(bytes);
    }
}

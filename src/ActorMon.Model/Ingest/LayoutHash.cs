namespace ActorMon.Model.Ingest;

/// <summary>
/// The content hash of a layout: h(0) = 0, h(i+1) = rotl(h(i), 5) xor StableHash(labels of slot i) multiplied by an odd constant. Order matters, appending is O(1).
/// </summary>
public static class LayoutHash
{
    // 2^64 / golden ratio, odd: the usual multiplicative mixing constant.
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    public static ulong Append(ulong hash, ulong stableHashOfSlot) =>
        (System.Numerics.BitOperations.RotateLeft(hash, 5) ^ stableHashOfSlot) * Multiplier;
}

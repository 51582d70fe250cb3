using System.Runtime.CompilerServices;

namespace ActorMon.Model.Samples;

/// <summary>The two NaNs with a fixed bit pattern (Prometheus' model/value).</summary>
public static class SpecialValues
{
    /// <summary>Bits of the NaN that a scrape's "NaN" is normalised to.</summary>
    public const ulong NormalNaNBits = 0x7ff8000000000001;

    /// <summary>Bits of the stale marker: the series ended here. Never visible in query results.</summary>
    public const ulong StaleNaNBits = 0x7ff0000000000002;

    public static readonly double NormalNaN = BitConverter.UInt64BitsToDouble(NormalNaNBits);
    public static readonly double StaleNaN = BitConverter.UInt64BitsToDouble(StaleNaNBits);

    /// <summary>True for the stale marker alone, compared by bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsStale(double value) => BitConverter.DoubleToUInt64Bits(value) == StaleNaNBits;
}

namespace ActorMon.RemoteWrite.Chunks;

/// <summary>Prometheus' XOR chunk (encoding 1): number of samples, times as differences of differences, values as XOR of neighbours.</summary>
public static class XorChunk
{
    /// <param name="into">Emptied first; holds the chunk then.</param>
    /// <param name="times">In ms, ascending; 1 to 65,535 of them.</param>
    /// <param name="values">As many.</param>
    public static void Write(BitWriter into, ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        into.Reset();
        into.Bits((ulong)times.Length, 16);
        into.Varint(times[0]);
        into.Double(values[0]);
        var state = new XorState { Value = values[0] };
        long delta = 0;
        for (var i = 1; i < times.Length; i++)
        {
            var next = times[i] - times[i - 1];
            if (i == 1)
                into.UVarint((ulong)next);
            else
                Difference(into, next - delta);
            delta = next;
            into.Xor(values[i], ref state);
        }
    }

    private static void Difference(BitWriter into, long difference)
    {
        if (difference == 0)
            into.Bit(false);
        else if (BitWriter.Fits(difference, 14))
            Prefixed(into, 0b10, 2, difference, 14);
        else if (BitWriter.Fits(difference, 17))
            Prefixed(into, 0b110, 3, difference, 17);
        else if (BitWriter.Fits(difference, 20))
            Prefixed(into, 0b1110, 4, difference, 20);
        else
            Prefixed(into, 0b1111, 4, difference, 64);
    }

    private static void Prefixed(BitWriter into, ulong prefix, int prefixBits, long value, int bits)
    {
        into.Bits(prefix, prefixBits);
        into.Bits((ulong)value, bits);
    }
}

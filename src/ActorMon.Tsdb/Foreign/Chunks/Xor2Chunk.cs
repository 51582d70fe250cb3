using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Foreign.Chunks;

/// <summary>
/// Encoding 4, floats with optional start timestamps: number of samples (2 bytes), header of the start timestamps (1), the first two samples nearly as in
/// <see cref="XorChunk"/>, then one prefix for the change of the time's difference and of the value. Stale markers have prefixes of their own and leave the value that
/// the next one is compared with alone.
/// </summary>
internal static class Xor2Chunk
{
    private const int HeaderBytes = 3;

    public static void Read(ReadOnlySpan<byte> data, SampleBuffer into)
    {
        var count = ForeignChunk.Count(data, HeaderBytes);
        var starts = new StartTimes(data[2]);
        var bits = new BitCursor(data[HeaderBytes..]);
        var value = new XorWindow();
        long time = 0, delta = 0;
        for (var i = 0; i < count; i++)
        {
            var stale = false;
            switch (i)
            {
                case 0:
                    time = bits.Varint();
                    var first = bits.Bits(64);
                    stale = first == SpecialValues.StaleNaNBits;
                    value.Value = stale ? 0 : first;
                    break;
                case 1:
                    delta = (long)bits.Uvarint();
                    time += delta;
                    stale = NextValue(ref bits, ref value);
                    break;
                default:
                    stale = NextSample(ref bits, ref value, ref delta);
                    time += delta;
                    break;
            }
            starts.Skip(ref bits, i);
            into.Add(time, stale ? SpecialValues.StaleNaN : value.Float);
        }
    }

    /// <summary>True: a stale marker.</summary>
    private static bool NextSample(ref BitCursor bits, ref XorWindow value, ref long delta)
    {
        var ones = 0;
        while (ones < 5 && bits.Bit())
            ones++;
        switch (ones)
        {
            case 0:
                return false;
            case 1:
                if (bits.Bit())
                    value.NextInNewWindow(ref bits);
                else
                    value.NextInWindow(ref bits);
                return false;
            case 2:
                delta += TwosComplement(bits.Bits(13), 13);
                return NextValue(ref bits, ref value);
            case 3:
                delta += TwosComplement(bits.Bits(20), 20);
                return NextValue(ref bits, ref value);
            case 4:
                delta += (long)bits.Bits(64);
                return NextValue(ref bits, ref value);
            default:
                return true;
        }
    }

    /// <summary>0 the same value, 10 and 110 a change, 111 a stale marker (then true).</summary>
    private static bool NextValue(ref BitCursor bits, ref XorWindow value)
    {
        if (!bits.Bit())
            return false;
        if (!bits.Bit())
        {
            value.NextInWindow(ref bits);
            return false;
        }
        if (bits.Bit())
            return true;
        value.NextInNewWindow(ref bits);
        return false;
    }

    private static long TwosComplement(ulong bits, int size) => (long)(bits << (64 - size)) >> (64 - size);
}

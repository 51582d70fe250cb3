using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Foreign.Chunks;

/// <summary>Encoding 1, floats: number of samples (2 bytes), first time and value, second time as a difference, then differences of differences and <see cref="XorWindow"/>.</summary>
internal static class XorChunk
{
    private const int HeaderBytes = 2;

    public static void Read(ReadOnlySpan<byte> data, SampleBuffer into)
    {
        var count = ForeignChunk.Count(data, HeaderBytes);
        var bits = new BitCursor(data[HeaderBytes..]);
        var value = new XorWindow();
        long time = 0, delta = 0;
        for (var i = 0; i < count; i++)
        {
            switch (i)
            {
                case 0:
                    time = bits.Varint();
                    value.Value = bits.Bits(64);
                    break;
                case 1:
                    delta = (long)bits.Uvarint();
                    time += delta;
                    value.Next(ref bits);
                    break;
                default:
                    delta += Change(ref bits);
                    time += delta;
                    value.Next(ref bits);
                    break;
            }
            into.Add(time, value.Float);
        }
    }

    private static long Change(ref BitCursor bits)
    {
        var ones = 0;
        while (ones < 4 && bits.Bit())
            ones++;
        return ones switch
        {
            0 => 0,
            1 => BitCursor.Signed(bits.Bits(14), 14),
            2 => BitCursor.Signed(bits.Bits(17), 17),
            3 => BitCursor.Signed(bits.Bits(20), 20),
            _ => (long)bits.Bits(64),
        };
    }
}

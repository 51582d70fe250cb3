namespace ActorMon.RemoteWrite.Tests.Chunks;

/// <summary>Reads chunks back by their format, written from the reader's side.</summary>
internal sealed class BitReader(byte[] bytes)
{
    private int _at;

    public ulong Bits(int count)
    {
        ulong value = 0;
        for (var i = 0; i < count; i++, _at++)
            value = value << 1 | (uint)(bytes[_at >> 3] >> (7 - (_at & 7)) & 1);
        return value;
    }

    public double Double() => BitConverter.UInt64BitsToDouble(Bits(64));

    public ulong UVarint()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Bits(8);
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }

    public long Varint()
    {
        var value = UVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Counts ones up to a zero, at most <paramref name="most"/>.</summary>
    public int Ones(int most)
    {
        var ones = 0;
        while (ones < most && Bits(1) == 1)
            ones++;
        return ones;
    }

    /// <summary>A number of so many bits that stands for one more above zero than below.</summary>
    public long Signed(int bits)
    {
        var value = Bits(bits);
        return bits < 64 && value > 1UL << (bits - 1) ? (long)value - (1L << bits) : (long)value;
    }

    public long VarbitInt() => Ones(8) is var width && width == 0 ? 0 : Signed(new[] { 3, 6, 9, 12, 18, 25, 56, 64 }[width - 1]);

    public ulong VarbitUInt() => Ones(8) is var width && width == 0 ? 0 : Bits(new[] { 3, 6, 9, 12, 18, 25, 56, 64 }[width - 1]);

    public double Xor(XorColumn column)
    {
        if (Bits(1) == 1)
        {
            if (Bits(1) == 1)
            {
                column.Leading = (int)Bits(5);
                var significant = (int)Bits(6);
                column.Trailing = 64 - column.Leading - (significant == 0 ? 64 : significant);
            }
            var delta = Bits(64 - column.Leading - column.Trailing) << column.Trailing;
            column.Value = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(column.Value) ^ delta);
        }
        return column.Value;
    }
}

internal sealed class XorColumn(double first)
{
    public double Value = first;
    public int Leading;
    public int Trailing;
}

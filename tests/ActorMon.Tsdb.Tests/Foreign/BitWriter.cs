using System.Numerics;

namespace ActorMon.Tsdb.Tests.Foreign;

/// <summary>Writes bits, most significant first, as Prometheus' chunks have them.</summary>
internal sealed class BitWriter
{
    private readonly List<byte> _bytes = [];
    private int _used = 8;

    public byte[] ToArray() => [.. _bytes];

    public BitWriter Bits(ulong value, int count)
    {
        for (var i = count - 1; i >= 0; i--)
            Bit((value >> i & 1) != 0);
        return this;
    }

    public BitWriter Bit(bool one)
    {
        if (_used == 8)
        {
            _bytes.Add(0);
            _used = 0;
        }
        if (one)
            _bytes[^1] |= (byte)(0x80 >> _used);
        _used++;
        return this;
    }

    public BitWriter Double(double value) => Bits(BitConverter.DoubleToUInt64Bits(value), 64);

    public BitWriter Uvarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Bits(value & 0x7f | 0x80, 8);
        return Bits(value, 8);
    }

    public BitWriter Varint(long value) => Uvarint((ulong)(value << 1 ^ value >> 63));

    public BitWriter VarbitInt(long value)
    {
        int[] sizes = [3, 6, 9, 12, 18, 25, 56];
        if (value == 0)
            return Bit(false);
        for (var i = 0; i < sizes.Length; i++)
        {
            var half = 1L << (sizes[i] - 1);
            if (value > -half && value <= half)
                return Ones(i + 1).Bit(false).Bits((ulong)value, sizes[i]);
        }
        return Ones(8).Bits((ulong)value, 64);
    }

    public BitWriter VarbitUint(ulong value)
    {
        int[] sizes = [3, 6, 9, 12, 18, 25, 56];
        if (value == 0)
            return Bit(false);
        for (var i = 0; i < sizes.Length; i++)
            if (value < 1UL << sizes[i])
                return Ones(i + 1).Bit(false).Bits(value, sizes[i]);
        return Ones(8).Bits(value, 64);
    }

    public BitWriter Ones(int count)
    {
        for (var i = 0; i < count; i++)
            Bit(true);
        return this;
    }

    /// <summary>A change of a float: none, within the window, or with a new one. <paramref name="same"/>: what says none.</summary>
    public void Xor(ref ulong last, ref (int Leading, int Trailing)? window, double value, string same = "0", string inWindow = "10", string newWindow = "11")
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var change = last ^ bits;
        last = bits;
        if (change == 0)
        {
            Text(same);
            return;
        }
        var leading = Math.Min(31, BitOperations.LeadingZeroCount(change));
        var trailing = BitOperations.TrailingZeroCount(change);
        if (window is { } w && leading >= w.Leading && trailing >= w.Trailing)
        {
            Text(inWindow);
        }
        else
        {
            window = (leading, trailing);
            Text(newWindow);
            Bits((ulong)leading, 5).Bits((ulong)(64 - leading - trailing), 6);
        }
        Bits(change >> window.Value.Trailing, 64 - window.Value.Leading - window.Value.Trailing);
    }

    public void Text(string zerosAndOnes)
    {
        foreach (var bit in zerosAndOnes)
            Bit(bit == '1');
    }
}

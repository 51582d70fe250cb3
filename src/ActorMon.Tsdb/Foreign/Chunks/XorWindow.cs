using System.Diagnostics.CodeAnalysis;

namespace ActorMon.Tsdb.Foreign.Chunks;

/// <summary>One column of floats of which each is stored as the exclusive or with the one before it: the bits between the leading and trailing zeros.</summary>
internal struct XorWindow
{
    private int _leading;
    private int _trailing;

    /// <summary>The bits of the newest value.</summary>
    public ulong Value { get; set; }

    public readonly double Float => BitConverter.UInt64BitsToDouble(Value);

    /// <summary>The next value: bit 0 the same one, 10 within the window of the last change, 11 with a window of its own.</summary>
    public void Next(ref BitCursor bits)
    {
        if (!bits.Bit())
            return;
        if (bits.Bit())
            NextInNewWindow(ref bits);
        else
            NextInWindow(ref bits);
    }

    public void NextInNewWindow(ref BitCursor bits)
    {
        var leading = (int)bits.Bits(5);
        var significant = (int)bits.Bits(6);
        // 64 does not fit into the six bits, and 0 never occurs.
        if (significant == 0)
            significant = 64;
        if (leading + significant > 64)
            Throw(leading, significant);
        (_leading, _trailing) = (leading, 64 - leading - significant);
        NextInWindow(ref bits);
    }

    public void NextInWindow(ref BitCursor bits) => Value ^= bits.Bits(64 - _leading - _trailing) << _trailing;

    [DoesNotReturn]
    private static void Throw(int leading, int significant) => throw new ForeignDataException($"{leading} leading zeros and {significant} bits are more than 64");
}

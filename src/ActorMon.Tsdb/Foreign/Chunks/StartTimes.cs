namespace ActorMon.Tsdb.Foreign.Chunks;

/// <summary>
/// Where start timestamps stand in a chunk of the newer encodings. This database has no place for them, so they are only stepped over. The header byte: highest bit
/// the first sample has one, the others the number of the first sample with another one (0: none), from which on every sample carries a change.
/// </summary>
internal readonly struct StartTimes(byte header)
{
    private readonly bool _first = (header & 0x80) != 0;
    private readonly int _changes = header & 0x7f;

    /// <summary>Steps over what stands behind sample <paramref name="index"/> (from 0).</summary>
    public void Skip(ref BitCursor bits, int index)
    {
        if (index == 0)
        {
            if (_first)
                bits.Varint();
        }
        else if (_changes > 0 && index >= _changes)
        {
            bits.VarbitInt();
        }
    }
}

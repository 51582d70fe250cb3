namespace ActorMon.Model.Samples;

/// <summary>
/// The total order of samples with equal series and time: a real sample beats a stale marker, then the greater value wins, then the greater bits.
/// Append, merge, repair and read all resolve duplicates by it, so the stored data is a set and every copy converges to the same content.
/// </summary>
public static class SampleOrder
{
    /// <summary>Positive when <paramref name="a"/> wins over <paramref name="b"/>, zero when the bits are equal.</summary>
    public static int Compare(double a, double b)
    {
        var aBits = BitConverter.DoubleToUInt64Bits(a);
        var bBits = BitConverter.DoubleToUInt64Bits(b);
        if (aBits == bBits)
            return 0;
        var aStale = aBits == SpecialValues.StaleNaNBits;
        var bStale = bBits == SpecialValues.StaleNaNBits;
        if (aStale != bStale)
            return aStale ? -1 : 1;
        // double.CompareTo puts NaN below every number and calls all NaNs (and both zeros) equal: the bits decide those.
        var order = a.CompareTo(b);
        return order != 0 ? order : aBits.CompareTo(bBits);
    }
}

namespace ActorMon.Tsdb.Codecs;

/// <summary>How the values of a chunk are held; the low four bits of its first byte.</summary>
internal enum ValueEncoding : byte
{
    /// <summary>One bit pattern: 8 bytes.</summary>
    Constant = 0,
    /// <summary>One scaled integer: svarint.</summary>
    ConstantInteger = 1,
    /// <summary>svarint first, varint factor, varint changes, each: varint rows since the change before, svarint step / factor. Run length, for what rarely changes.</summary>
    Changes = 2,
    /// <summary>svarint first, varint factor, blocks of (n - first) / factor.</summary>
    Integers = 3,
    /// <summary>svarint first, varint factor, blocks of the rows - 1 differences / factor.</summary>
    Deltas = 4,
    /// <summary>As deltas, but of their differences: svarint first, varint factor, svarint first difference, blocks of rows - 2.</summary>
    SecondDeltas = 5,
    /// <summary>See <see cref="XorBits"/>.</summary>
    Xor = 6,
    /// <summary>8 bytes a value.</summary>
    Raw = 7,
    /// <summary>varint runs, each: varint rows, 8 bytes.</summary>
    Runs = 8,
    /// <summary>
    /// Against another column of the page (another bucket of a classic histogram): varint bytes back to where that begins, svarint ratio * 2^16, encoding byte (2 to 5)
    /// and payload of the difference from what the other foretells (its growth since its first row, times the ratio). Both have one scale and one column of times.
    /// </summary>
    Reference = 9,
}

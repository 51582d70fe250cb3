using System.Runtime.InteropServices;

namespace ActorMon.Tsdb.Codecs;

/// <summary>Another column of the same page and times that a new one may stand on.</summary>
/// <param name="Start">Where it begins in the page.</param>
/// <param name="Scale">Its decimal scale.</param>
/// <param name="Depth">Steps from it to a column that stands alone.</param>
internal readonly record struct ColumnPlace(int Start, int Scale, int Depth);

/// <summary>The writing side of <see cref="ValueColumn"/>: tries the encodings and takes the smallest. Its buffers make it a thing of one thread.</summary>
internal sealed class ValueColumnWriter
{
    /// <summary>Most steps to a column that stands alone. Reading one bucket alone decodes so many more; further steps save little.</summary>
    private const int MaxDepth = 2;

    private readonly long[] _integers = new long[TimeColumn.MaxRows];
    private readonly long[] _reference = new long[TimeColumn.MaxRows];
    private readonly int[] _exceptions = new int[TimeColumn.MaxRows];
    private readonly IntegerPlan _own = new();
    private Standing _try = new();
    private Standing _against = new();
    private readonly ByteWriter _scratch = new(TimeColumn.MaxRows * 8);

    /// <summary>Appends one column of 1 to <see cref="TimeColumn.MaxRows"/> values.</summary>
    public void Write(ReadOnlySpan<double> values, ByteWriter to) => Write(values, to, []);

    /// <summary>As above; the new column may stand on one of others of <paramref name="to"/>, of the same times.</summary>
    /// <returns>Where it stands, when others may stand on it.</returns>
    public ColumnPlace? Write(ReadOnlySpan<double> values, ByteWriter to, ReadOnlySpan<ColumnPlace> references)
    {
        var bits = MemoryMarshal.Cast<double, ulong>(values);
        if (bits.IndexOfAnyExcept(bits[0]) < 0)
        {
            WriteConstant(values[0], to);
            return null;
        }
        var scale = Scale(values, out var exceptions);
        if (scale >= 0)
            return WriteIntegers(values, scale, _exceptions.AsSpan(0, exceptions), references, to);
        WriteBits(values, to);
        return null;
    }

    private static void WriteConstant(double value, ByteWriter to)
    {
        var scale = DecimalScale.Smallest(value, 0, out var n);
        if (scale >= 0 && Varint.Size(Varint.ZigZag(n)) < 8)
        {
            to.Byte((byte)((byte)ValueEncoding.ConstantInteger | scale << 4));
            to.Signed(n);
            return;
        }
        to.Byte((byte)ValueEncoding.Constant);
        to.Double(value);
    }

    /// <summary>The one scale at which all but a few values are integers, or -1. Exceptions take their neighbour's integer so that they cost no width.</summary>
    private int Scale(ReadOnlySpan<double> values, out int exceptionCount)
    {
        var limit = values.Length / 8;
        var scale = 0;
    again:
        exceptionCount = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (DecimalScale.TryScale(values[i], scale, out _integers[i]))
                continue;
            var larger = DecimalScale.Smallest(values[i], scale + 1, out _);
            if (larger > 0)
            {
                scale = larger;
                goto again;
            }
            if (exceptionCount == limit)
                return -1;
            _exceptions[exceptionCount++] = i;
            _integers[i] = i > 0 ? _integers[i - 1] : 0;
        }
        // A leading exception has no neighbour before it.
        for (var e = exceptionCount - 1; e >= 0; e--)
            if (_exceptions[e] == e)
                _integers[e] = _integers[e + 1];
        return scale;
    }

    private ColumnPlace? WriteIntegers(ReadOnlySpan<double> values, int scale, ReadOnlySpan<int> exceptions, ReadOnlySpan<ColumnPlace> references, ByteWriter to)
    {
        var start = to.Length;
        var integers = _integers.AsSpan(0, values.Length);
        _own.Make(integers);
        // A second decoding must pay.
        var bound = _own.Cost - _own.Cost / 8 - 6;
        ColumnPlace? chosen = null;
        foreach (var reference in references)
        {
            if (reference.Scale != scale || reference.Depth >= MaxDepth || !TryStandOn(reference, scale, integers, to) || _try.Plan.Cost >= bound)
                continue;
            (_try, _against) = (_against, _try);
            chosen = reference;
            bound = _against.Plan.Cost;
        }
        var encoding = chosen is null ? _own.Encoding : ValueEncoding.Reference;
        to.Byte((byte)((byte)encoding | scale << 4 | (exceptions.IsEmpty ? 0 : ValueColumn.ExceptionsFlag)));
        WriteExceptions(values, exceptions, to);
        if (chosen is { } other)
        {
            to.Number((ulong)(start - other.Start));
            to.Signed(_against.Ratio);
            to.Byte((byte)_against.Plan.Encoding);
            _against.Plan.Write(to);
        }
        else
        {
            _own.Write(to);
        }
        if (to.Length - start <= values.Length * 8)
            return new ColumnPlace(start, scale, chosen is null ? 0 : chosen.Value.Depth + 1);
        to.Truncate(start);
        WriteBits(values, to);
        return null;
    }

    /// <summary>Plans the difference from what the other column foretells; false when that cannot be told.</summary>
    private bool TryStandOn(ColumnPlace other, int scale, ReadOnlySpan<long> integers, ByteWriter to)
    {
        var reference = _reference.AsSpan(0, integers.Length);
        if (!ValueColumn.TryReadIntegers(to.Padded, other.Start, scale, reference))
            return false;
        // The ratio that leaves the least squares of the steps.
        double both = 0, own = 0;
        for (var i = 1; i < reference.Length; i++)
        {
            double step = reference[i] - reference[i - 1];
            both += step * (integers[i] - integers[i - 1]);
            own += step * step;
        }
        var ratio = Math.Round(both / own * (1 << ValueColumn.RatioBits));
        if (!(Math.Abs(ratio) < 1L << 40) || ratio == 0)
            return false;
        _try.Ratio = (long)ratio;
        ValueColumn.Predict(reference, _try.Ratio, reference);
        for (var i = 0; i < reference.Length; i++)
            reference[i] = unchecked(integers[i] - reference[i]);
        _try.Plan.Make(reference);
        return true;
    }

    private sealed class Standing
    {
        public readonly IntegerPlan Plan = new();
        public long Ratio;
    }

    private static void WriteExceptions(ReadOnlySpan<double> values, ReadOnlySpan<int> exceptions, ByteWriter to)
    {
        if (exceptions.IsEmpty)
            return;
        to.Number((ulong)exceptions.Length);
        var before = 0;
        foreach (var row in exceptions)
        {
            to.Number((ulong)(row - before));
            to.Double(values[row]);
            before = row;
        }
    }

    /// <summary>What is no column of decimal numbers: runs, XOR or the bytes as they are, whichever is smallest.</summary>
    private void WriteBits(ReadOnlySpan<double> values, ByteWriter to)
    {
        var bits = MemoryMarshal.Cast<double, ulong>(values);
        var runs = 1;
        for (var i = 1; i < bits.Length; i++)
            if (bits[i] != bits[i - 1])
                runs++;
        var start = to.Length;
        if (runs * 10 + 1 < bits.Length)
        {
            WriteRuns(bits, runs, to);
            return;
        }
        to.Byte((byte)ValueEncoding.Xor);
        XorBits.Write(values, _scratch, to);
        if (to.Length - start <= values.Length * 8)
            return;
        to.Truncate(start);
        to.Byte((byte)ValueEncoding.Raw);
        to.Doubles(values);
    }

    private static void WriteRuns(ReadOnlySpan<ulong> bits, int runs, ByteWriter to)
    {
        to.Byte((byte)ValueEncoding.Runs);
        to.Number((ulong)runs);
        for (var i = 0; i < bits.Length;)
        {
            var length = bits[i..].IndexOfAnyExcept(bits[i]);
            length = length < 0 ? bits.Length - i : length;
            to.Number((ulong)length);
            to.Fixed64(bits[i]);
            i += length;
        }
    }
}

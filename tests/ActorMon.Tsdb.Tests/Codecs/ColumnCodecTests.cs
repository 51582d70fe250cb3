using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Codecs;
using CsCheck;

namespace ActorMon.Tsdb.Tests.Codecs;

public class ColumnCodecTests
{
    private static readonly double[] Awkward =
    [
        0.0, -0.0, double.NaN, SpecialValues.StaleNaN, SpecialValues.NormalNaN, double.Epsilon, -double.Epsilon, double.MaxValue,
        double.PositiveInfinity, double.NegativeInfinity, 9007199254740991, 9007199254740992, 9007199254740994, 0.1 + 0.2,
    ];

    // Every bit pattern, with the awkward ones often: NaN payloads, both zeros, denormals, infinities, integers, decimals.
    internal static readonly Gen<double> AnyDouble = Gen.Frequency(
        (4, Gen.ULong.Select(BitConverter.UInt64BitsToDouble)),
        (3, Gen.Int[-1000, 1000].Select(n => (double)n)),
        (3, Gen.Int[-100_000, 100_000].Select(n => n / 100.0)),
        (2, Gen.Long.Select(n => (double)n)),
        (1, Gen.Int[0, Awkward.Length - 1].Select(i => Awkward[i])));

    private static readonly Gen<double[]> Column = Gen.Frequency(
        (2, AnyDouble.Array[1, 256]),
        (2, Gen.Int[0, 50].Array[1, 256].Select(steps => Counter(steps))),
        (2, Gen.Select(Gen.Int[-9_999, 9_999].Array[1, 256], Gen.Int[0, 7], (ns, scale) => Array.ConvertAll(ns, n => n / Math.Pow(10, scale)))),
        (1, Gen.Select(AnyDouble, Gen.Int[1, 256], (value, count) => Enumerable.Repeat(value, count).ToArray())),
        (2, Gen.Select(Gen.Int[0, 50].Array[16, 256], Gen.Int[0, 15], AnyDouble, (steps, at, odd) =>
        {
            var column = Counter(steps);
            column[at] = odd;
            return column;
        })));

    private static double[] Counter(int[] steps)
    {
        var total = 0.0;
        return Array.ConvertAll(steps, step => total += step);
    }

    [Fact]
    public void Every_column_comes_back_bit_by_bit() => Column.Sample(
        values =>
        {
            var bytes = new byte[ColumnCodec.MaxColumnBytes];
            var length = ColumnCodec.Encode(values, bytes);
            Assert.True(length <= values.Length * 8 + 1 + 9, $"{length} bytes for {values.Length} values");
            // Exactly what a block keeps: the column and the padding, which may hold the next column.
            var kept = new byte[length + ColumnCodec.Padding];
            kept.AsSpan().Fill(0xA5);
            bytes.AsSpan(0, length).CopyTo(kept);
            var decoded = new double[values.Length];
            Assert.True(ColumnCodec.Decode(kept, decoded));
            Assert.Equal(Array.ConvertAll(values, BitConverter.DoubleToUInt64Bits), Array.ConvertAll(decoded, BitConverter.DoubleToUInt64Bits));
        },
        iter: 5_000);

    [Fact]
    public void Any_rows_of_a_column_come_back_without_the_others() => Gen.Select(Column, Gen.Int[0, 255], Gen.Int[0, 255]).Sample(
        (values, a, b) =>
        {
            var first = Math.Min(a, b) % values.Length;
            var count = Math.Min(Math.Abs(a - b), values.Length - first - 1) + 1;
            var kept = new byte[ColumnCodec.MaxColumnBytes];
            Array.Resize(ref kept, ColumnCodec.Encode(values, kept) + ColumnCodec.Padding);
            var decoded = new double[count];
            Assert.True(ColumnCodec.Decode(kept, decoded, first));
            Assert.Equal(values.AsSpan(first, count).ToArray().Select(BitConverter.DoubleToUInt64Bits), decoded.Select(BitConverter.DoubleToUInt64Bits));
        },
        iter: 3_000);

    [Theory]
    [InlineData(new[] { 5.0, 5, 5, 5 }, "020A")]
    [InlineData(new[] { 1.25, 1.25 }, "22FA01")]
    [InlineData(new[] { double.PositiveInfinity, double.PositiveInfinity }, "01000000000000F07F")]
    [InlineData(new[] { 3.0, 4, 6, 3 }, "03060234")]
    [InlineData(new[] { 1000.0, 1010, 1020, 1030, 1040, 1050, 1060, 1071 }, "04D00F140140")]
    public void The_bytes_of_known_columns_never_change(double[] values, string hex)
    {
        var bytes = new byte[ColumnCodec.MaxColumnBytes];
        var length = ColumnCodec.Encode(values, bytes);
        Assert.Equal(hex, Convert.ToHexString(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void A_stale_marker_among_integers_costs_ten_bytes_not_the_encoding()
    {
        var values = new double[128];
        for (var i = 0; i < values.Length; i++)
            values[i] = 1_000_000 + i * 7;
        var bytes = new byte[ColumnCodec.MaxColumnBytes];
        var plain = ColumnCodec.Encode(values, bytes);
        values[100] = SpecialValues.StaleNaN;
        Assert.InRange(ColumnCodec.Encode(values, bytes), plain, plain + 10 + 128 / 2);
    }

    [Fact]
    public void A_token_carries_any_value_after_any_other() => Gen.Select(AnyDouble.Array[2, 40], Gen.Int[0, 3]).Sample(
        (values, every) =>
        {
            var bytes = new byte[values.Length * (ValueToken.MaxBytes + 8)];
            byte writerState = 0, readerState = 0;
            int end = 0, at = 0;
            for (var i = 1; i < values.Length; i++)
                ValueToken.Write(bytes, ref end, values[i - 1], values[i], ref writerState, i % (every + 1) == 0);
            for (var i = 1; i < values.Length; i++)
            {
                Assert.True(ValueToken.TryRead(bytes.AsSpan(0, end), ref at, values[i - 1], ref readerState, out var value));
                Assert.Equal(BitConverter.DoubleToUInt64Bits(values[i]), BitConverter.DoubleToUInt64Bits(value));
            }
            Assert.Equal(end, at);
        },
        iter: 5_000);

    [Fact]
    public void A_histogram_comes_back_equal() => Gen.Select(AnyDouble.Array[0, 20], AnyDouble.Array[0, 20], AnyDouble, Gen.Int[-53, 8]).Sample(
        (positive, negative, sum, schema) =>
        {
            var histogram = new NativeHistogram
            {
                Schema = schema,
                CounterResetHint = CounterResetHint.Gauge,
                Sum = sum,
                Count = 12,
                ZeroCount = 0.5,
                ZeroThreshold = 1e-128,
                PositiveSpans = [new BucketSpan(-3, (uint)positive.Length), new BucketSpan(int.MaxValue, 0)],
                PositiveBuckets = positive,
                NegativeSpans = [new BucketSpan(int.MinValue, uint.MaxValue)],
                NegativeBuckets = negative,
                CustomValues = positive,
            };
            var bytes = new byte[HistogramCodec.MaxSize(histogram)];
            var length = HistogramCodec.Encode(histogram, bytes);
            var at = 0;
            var decoded = HistogramCodec.Decode(bytes.AsSpan(0, length), ref at);
            Assert.NotNull(decoded);
            Assert.Equal(length, at);
            var again = new byte[bytes.Length];
            Assert.Equal(bytes.AsSpan(0, length), again.AsSpan(0, HistogramCodec.Encode(decoded, again)));
            Assert.Equal(histogram.PositiveSpans, decoded.PositiveSpans);
            Assert.Equal(histogram.Schema, decoded.Schema);
            // Cut anywhere, it is refused and nothing is thrown.
            for (var cut = 0; cut < length; cut++)
            {
                at = 0;
                Assert.Null(HistogramCodec.Decode(bytes.AsSpan(0, cut), ref at));
            }
        },
        iter: 300);

    [Fact]
    public void Any_bytes_that_are_a_sound_column_are_decoded_without_an_error()
    {
        var random = new Random(11);
        // As recovery does it: what a record claims to be a column, in front of bytes of others.
        var buffer = new byte[4 * ColumnCodec.MaxColumnBytes];
        var values = new double[128];
        var sound = 0;
        for (var i = 0; i < 50_000; i++)
        {
            random.NextBytes(buffer.AsSpan(0, random.Next(1, ColumnCodec.MaxColumnBytes + 1)));
            if (random.Next(2) == 0)
                buffer.AsSpan(0, ColumnCodec.MaxColumnBytes).Fill((byte)random.Next(256));
            buffer[0] = (byte)random.Next(256);
            var rows = random.Next(1, 129);
            if (!ColumnCodec.IsSound(buffer, rows))
                continue;
            sound++;
            Assert.True(ColumnCodec.Decode(buffer, values.AsSpan(0, rows)));
        }
        Assert.True(sound > 10_000);
    }
}

using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Codecs;
using CsCheck;

namespace ActorMon.Tsdb.Tests.Codecs;

public class ValueColumnTests
{
    private static readonly Gen<double[]> Column = Gen.Frequency(
        (2, ColumnCodecTests.AnyDouble.Array[1, 300]),
        (1, Gen.Select(ColumnCodecTests.AnyDouble, Gen.Int[1, 1024], (value, count) => Enumerable.Repeat(value, count).ToArray())),
        (2, Gen.Select(Gen.Int[0, 5000].Array[1, 1024], Gen.Int[0, 7], (steps, scale) => Sums(steps, scale))),
        (2, Gen.Select(Gen.Int[0, 300].Array[20, 500], Gen.Int[0, 19], ColumnCodecTests.AnyDouble, (steps, at, odd) => With(Sums(steps, 0), at, odd))),
        (1, Gen.Select(Gen.Int[0, 300].Array[20, 500], Gen.Int[1, 19], (steps, at) => Reset(steps, at))),
        (1, Gen.Select(Gen.Int[0, 1].Array[2, 1024], ColumnCodecTests.AnyDouble.Array[2], (which, values) => Array.ConvertAll(which, i => values[i]))),
        (1, Gen.Int[-1000, 1000].Array[1, 1024].Select(ns => Array.ConvertAll(ns, n => n * 4096.0))),
        (1, Gen.Int[-3, 3].Array[3, 1024].Select(ns => Sums([.. ns.Select(n => 1000 + n)], 2))));

    [Fact]
    public void Every_column_comes_back_bit_by_bit()
    {
        Column.Sample(
            values =>
            {
                var page = new ByteWriter();
                page.Byte(0xA5);
                new ValueColumnWriter().Write(values, page);
                Assert.True(page.Length <= values.Length * 8 + 12, $"{page.Length} bytes for {values.Length} values");
                var end = page.Length;
                page.Fixed64(ulong.MaxValue);
                var from = new ByteReader(page.Padded, 1);
                var decoded = new double[values.Length];
                Assert.True(ValueColumn.TryRead(ref from, decoded));
                Assert.Equal(end, from.Position);
                AssertSame(values, decoded);
            },
            iter: 2_000);
    }

    [Fact]
    public void Columns_that_stand_on_others_come_back_bit_by_bit()
    {
        var random = new Random(3);
        var writer = new ValueColumnWriter();
        var stood = 0;
        for (var round = 0; round < 150; round++)
        {
            var page = new ByteWriter();
            var rows = 2 + random.Next(1000);
            var total = new double[rows];
            for (var i = 1; i < rows; i++)
                total[i] = random.Next(400) == 0 ? 0 : total[i - 1] + random.Next(2000);
            List<ColumnPlace> places = [];
            List<(int Start, double[] Values)> columns = [];
            for (var bucket = 0; bucket < 12; bucket++)
            {
                var share = random.NextDouble();
                var column = Array.ConvertAll(total, t => Math.Floor(t * share) + random.Next(4));
                if (random.Next(3) == 0)
                    column[^1] = SpecialValues.StaleNaN;
                if (random.Next(8) == 0)
                    column[random.Next(rows)] = 0.25;
                if (random.Next(8) == 0)
                    column = Array.ConvertAll(column, v => v * 1e12);
                columns.Add((page.Length, column));
                if (writer.Write(column, page, places.TakeLast(2).ToArray()) is { } place)
                {
                    places.Add(place);
                    stood += place.Depth > 0 ? 1 : 0;
                }
            }
            var memo = round % 2 == 0 ? ReferenceMemo.For(round) : null;
            foreach (var (start, values) in columns)
            {
                var decoded = new double[rows];
                var from = new ByteReader(page.Padded, start);
                Assert.True(ValueColumn.TryRead(ref from, decoded, memo));
                AssertSame(values, decoded);
            }
        }
        Assert.True(stood > 400, $"{stood} columns stand on others");
    }

    [Theory]
    [InlineData(new[] { 5.0, 5, 5 }, "010A")]
    [InlineData(new[] { 1.25, 1.25 }, "21FA01")]
    [InlineData(new[] { double.NegativeInfinity, double.NegativeInfinity }, "00000000000000F0FF")]
    [InlineData(new[] { 1.0, 1, 1, 1, 1, 2, 2, 2 }, "020201010502")]
    [InlineData(new[] { 0.0, 4096, 12288, 8192, 0, 20480, 4096, 4096 }, "030080200003C88426")]
    public void The_bytes_of_known_columns_never_change(double[] values, string hex)
    {
        var page = new ByteWriter();
        new ValueColumnWriter().Write(values, page);
        Assert.Equal(hex, Convert.ToHexString(page.Written));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 9)]
    [InlineData(8, 130)]
    public void A_counters_reset_costs_a_patch_and_not_the_width(int noise, int atMost)
    {
        var random = new Random(1);
        var values = new double[960];
        for (var i = 1; i < values.Length; i++)
            values[i] = i == 500 ? 0 : values[i - 1] + 1000 + random.Next(1 << noise);
        var page = new ByteWriter();
        new ValueColumnWriter().Write(values, page);
        Assert.InRange(page.Length, 1, 960 * noise / 8 + 60 + atMost / 8);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(9)]
    public void Decimals_of_nine_digits_are_integers_and_what_lies_between_costs_no_more(int digits)
    {
        var random = new Random(1);
        var power = Math.Pow(10, digits);
        long total = 0;
        var page = new ByteWriter();
        var values = Enumerable.Range(0, 960).Select(_ => (total += random.Next(1 << 12)) / power).ToArray();
        new ValueColumnWriter().Write(values, page);
        Assert.InRange(page.Length, 1, 960 * 12 / 8 + 60);
    }

    [Fact]
    public void Integers_of_any_size_come_back() => Gen.OneOf(Gen.Long, Gen.Long[-100, 100], Gen.Long[0, 1L << 40]).Array[1, 400].Sample(
        values =>
        {
            var page = new ByteWriter();
            IntegerBlocks.Write(values, page);
            var from = new ByteReader(page.Padded);
            var decoded = new long[values.Length];
            Assert.True(IntegerBlocks.TryRead(ref from, decoded));
            Assert.Equal(values, decoded);
            Assert.Equal(0, from.Left);
            // What the plan says is what it takes, but for the bases.
            var planned = IntegerBlocks.Plan(values, int.MaxValue, new BlockPlan[IntegerBlocks.MaxBlocks]);
            Assert.InRange(page.Length, planned, planned + (values.Length / IntegerBlocks.Rows + 1) * 9);
        },
        iter: 1_000);

    [Fact]
    public void Ascending_times_of_any_distance_come_back() => Gen.OneOf(Gen.Long, Gen.Long[0, 1_000_000], Gen.Long[0, 50].Select(n => n * 15_000)).HashSet[1, 500].Sample(
        set =>
        {
            var times = set.Order().ToArray();
            var page = new ByteWriter();
            TimeColumn.Write(times, page);
            var from = new ByteReader(page.Padded);
            Assert.True(TimeColumn.TryReadHeader(ref from, out var rows, out var first, out var last));
            Assert.Equal((times.Length, times[0], times[^1]), (rows, first, last));
            var decoded = new long[rows];
            Assert.True(TimeColumn.TryReadTimes(ref from, first, last, decoded));
            Assert.Equal(times, decoded);
            Assert.Equal(0, from.Left);
        },
        iter: 1_000);

    [Fact]
    public void A_regular_grid_of_times_costs_a_few_bytes()
    {
        var page = new ByteWriter();
        TimeColumn.Write([.. Enumerable.Range(0, 960).Select(i => 1_700_000_000_000 + i * 15_000L)], page);
        Assert.InRange(page.Length, 1, 14);
    }

    [Fact]
    public void Histograms_come_back_equal_as_columns() => Gen.Select(ColumnCodecTests.AnyDouble.Array[0, 12], ColumnCodecTests.AnyDouble.Array[0, 5], Gen.Int[-53, 8], Gen.Int[1, 256]).Sample(
        (positive, negative, schema, rows) =>
        {
            var samples = new SampleBuffer();
            var random = new Random(rows);
            for (var i = 0; i < rows; i++)
                samples.Add(i, new NativeHistogram
                {
                    Schema = random.Next(20) == 0 ? 1 : schema,
                    CounterResetHint = (CounterResetHint)(random.Next(30) % 4),
                    Sum = random.Next(9) == 0 ? SpecialValues.StaleNaN : i * 0.25,
                    Count = i * 3,
                    ZeroCount = random.Next(5),
                    ZeroThreshold = random.Next(40) == 0 ? -0.0 : 1e-128,
                    PositiveSpans = [new BucketSpan(-3, (uint)positive.Length), new BucketSpan(int.MaxValue, 0)],
                    PositiveBuckets = Array.ConvertAll(positive, b => b + random.Next(3)),
                    NegativeSpans = [new BucketSpan(int.MinValue, uint.MaxValue)],
                    NegativeBuckets = negative,
                    CustomValues = random.Next(30) == 0 ? positive : [],
                });
            var page = new ByteWriter();
            new HistogramColumns(new ValueColumnWriter()).Write(samples, 0, rows, page);
            var from = new ByteReader(page.Padded);
            var decoded = new NativeHistogram[rows];
            Assert.True(HistogramColumns.TryRead(ref from, decoded));
            Assert.Equal(0, from.Left);
            for (var i = 0; i < rows; i++)
                Assert.Equal(samples.HistogramAt(i), decoded[i]);
        },
        iter: 100);

    [Fact]
    public void Damaged_columns_are_refused_or_decoded_but_never_read_beyond_their_end()
    {
        var random = new Random(17);
        var page = new ByteWriter();
        var writer = new ValueColumnWriter();
        var histograms = new HistogramColumns(writer);
        var samples = new SampleBuffer();
        for (var i = 0; i < 40; i++)
            samples.Add(i, new NativeHistogram { Count = i, Sum = i * 1.5, PositiveSpans = [new BucketSpan(0, 3)], PositiveBuckets = [i, i % 7, 1] });
        var refused = 0;
        var into = new double[1024];
        for (var round = 0; round < 30_000; round++)
        {
            page.Clear();
            var rows = 1 + random.Next(300);
            if (random.Next(4) == 0)
            {
                random.NextBytes(page.Append(random.Next(400)));
            }
            else
            {
                var values = new double[rows];
                var kind = random.Next(5);
                for (var i = 1; i < rows; i++)
                    values[i] = kind switch { 0 => random.NextDouble(), 1 => values[i - 1] + random.Next(99), 2 => random.Next(30) / 100.0, 3 => random.Next(50) == 0 ? i : values[i - 1], _ => double.NaN };
                if (kind == 4)
                    values[0] = 1;
                if (random.Next(6) == 0)
                    histograms.Write(samples, 0, rows = 1 + random.Next(samples.Count), page);
                else if (writer.Write(values, page, []) is { } other)
                    writer.Write(Array.ConvertAll(values, v => Math.Floor(v * 2)), page, [other]);
                for (var hits = random.Next(1, 4); hits > 0; hits--)
                    page.Overwrite(random.Next(page.Length), (byte)random.Next(256));
                if (random.Next(3) == 0)
                    page.Truncate(random.Next(page.Length));
            }
            var from = new ByteReader(page.Padded, random.Next(3) == 0 ? random.Next(page.Length + 1) : 0);
            var asHistograms = from;
            var asTimes = from;
            if (!ValueColumn.TryRead(ref from, into.AsSpan(0, rows)))
                refused++;
            Assert.InRange(from.Position, 0, page.Length);
            HistogramColumns.TryRead(ref asHistograms, new NativeHistogram[Math.Min(rows, 256)]);
            if (TimeColumn.TryReadHeader(ref asTimes, out var timeRows, out var first, out var last))
                TimeColumn.TryReadTimes(ref asTimes, first, last, new long[timeRows]);
        }
        Assert.True(refused > 2_500);
    }

    private static double[] Sums(int[] steps, int scale)
    {
        long total = 0;
        return Array.ConvertAll(steps, step => (total += step) / Math.Pow(10, scale));
    }

    private static double[] With(double[] values, int at, double odd)
    {
        values[at] = odd;
        return values;
    }

    private static double[] Reset(int[] steps, int at)
    {
        var values = new double[steps.Length];
        for (var i = 1; i < values.Length; i++)
            values[i] = i % 20 == at ? 0 : values[i - 1] + 1_000_000 + steps[i];
        return values;
    }

    private static void AssertSame(double[] wanted, double[] found) =>
        Assert.Equal(Array.ConvertAll(wanted, BitConverter.DoubleToUInt64Bits), Array.ConvertAll(found, BitConverter.DoubleToUInt64Bits));
}

using System.Buffers;
using ActorMon.Exposition.Families;
using ActorMon.Exposition.Parsing;
using ActorMon.Exposition.Tests.Fuzz;
using ActorMon.Exposition.Writing;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using CsCheck;

namespace ActorMon.Exposition.Tests.Writing;

/// <summary>What the writers write, the parsers read back.</summary>
public class RoundTrips
{
    private static readonly Gen<string> Names = Gen.String[Gen.Char["abcXYZ_:.é☃\"\\\n {}"], 1, 8];
    private static readonly Gen<string> Values = Gen.String[Gen.OneOf(Gen.Char[' ', 'z'], Gen.Const('\n'), Gen.Const('☃'), Gen.Const('"')), 1, 10];
    private static readonly Gen<(string Name, (string, string)[] Labels, double Value)> Series =
        Gen.Select(Names, Gen.Select(Names, Values).Array[0, 4], Gen.Double);

    [Fact]
    public void Any_gauge_survives_every_format() => Series.Sample(series =>
    {
        var labels = series.Labels.DistinctBy(l => l.Item1).Where(l => l.Item1 != LabelNames.MetricName).Select(l => new Label(l.Item1, l.Item2)).ToArray();
        var family = new MetricFamily(series.Name, MetricType.Gauge, [new Metric(labels, new GaugeValue(series.Value), 12_000)]);
        var builder = new LabelSetBuilder();
        foreach (var label in labels)
            builder.Set(label.Name, label.Value);
        var expected = builder.Set(LabelNames.MetricName, series.Name).Build();
        foreach (var format in Enum.GetValues<ExpositionFormat>())
        {
            var parser = ExpositionParsers.Create(format, new ExpositionOptions());
            parser.Reset(Write(format, family));
            while (parser.Next() != ExpositionEntry.Series)
            {
            }
            parser.ReadLabels(builder);
            Assert.Equal(expected, builder.Build());
            // Written zeros have no sign; all else is equal to the last bit.
            Assert.True(double.IsNaN(series.Value) ? double.IsNaN(parser.Value) : series.Value == parser.Value);
            Assert.Equal(12_000, parser.TimestampMs);
        }
    }, iter: 3_000);

    [Fact]
    public void Native_histograms_survive_protobuf()
    {
        var parser = ExpositionParsers.Create(ExpositionFormat.Protobuf, new ExpositionOptions(NativeHistograms: true));
        parser.Reset(Documents.Protobuf());
        var found = new List<NativeHistogram>();
        for (var entry = parser.Next(); entry != ExpositionEntry.End; entry = parser.Next())
            if (entry == ExpositionEntry.Histogram)
                found.Add(parser.Histogram!);
        Assert.Equal(2, found.Count);
        Assert.Equal([new BucketSpan(-2, 2), new BucketSpan(3, 1)], found[0].PositiveSpans);
        Assert.Equal([1, 2, 1], found[0].PositiveBuckets);
        Assert.Equal((3, 5.0, 2.5, 1.0), (found[0].Schema, found[0].Count, found[0].Sum, found[0].ZeroCount));
        Assert.Equal(CounterResetHint.Gauge, found[1].CounterResetHint);
        Assert.Equal([1.5, 2], found[1].NegativeBuckets);
    }

    [Fact]
    public void Families_of_the_text_format_survive_the_family_parser()
    {
        foreach (var family in Documents.Families.Where(f => f.Type != MetricType.GaugeHistogram))
        {
            var output = new ArrayBufferWriter<byte>();
            TextFormatWriter.Write(output, family);
            var again = new ArrayBufferWriter<byte>();
            TextFormatWriter.Write(again, Assert.Single(TextFamilyParser.Parse(output.WrittenMemory)));
            Assert.Equal(Convert.ToHexString(output.WrittenSpan), Convert.ToHexString(again.WrittenSpan));
        }
    }

    private static byte[] Write(ExpositionFormat format, MetricFamily family)
    {
        var output = new ArrayBufferWriter<byte>();
        switch (format)
        {
            case ExpositionFormat.PrometheusText:
                TextFormatWriter.Write(output, family);
                break;
            case ExpositionFormat.OpenMetrics:
                OpenMetricsWriter.Write(output, family);
                OpenMetricsWriter.Finish(output);
                break;
            default:
                new ProtobufWriter().Write(output, family);
                break;
        }
        return output.WrittenSpan.ToArray();
    }
}

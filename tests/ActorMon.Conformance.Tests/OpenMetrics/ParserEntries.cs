using System.Text;
using System.Text.Json;
using ActorMon.Exposition.Parsing;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.OpenMetrics;

/// <summary>Runs a scrape parser beside the kit's list of expected entries.</summary>
internal static class ParserEntries
{
    public static byte[] Input(JsonElement element) => ByteText.Encode(ConformanceData.Text(element));

    /// <summary>Compares the next entry of the parser with one expectation.</summary>
    public static void Compare(ExpositionParser parser, JsonElement expected, bool typeAndUnit, string? onlyCheck)
    {
        var entry = parser.Next();
        if (expected.TryGetProperty("type", out var type))
        {
            Assert.Equal(ExpositionEntry.Type, entry);
            Assert.Equal(type.GetString(), parser.FamilyType.ToString().ToLowerInvariant());
            Assert.Equal(expected.GetProperty("metric").GetString(), Encoding.UTF8.GetString(parser.FamilyName));
        }
        else if (expected.TryGetProperty("help", out var help))
        {
            Assert.Equal(ExpositionEntry.Help, entry);
            Assert.Equal(help.GetString(), Encoding.UTF8.GetString(parser.Text));
            Assert.Equal(expected.GetProperty("metric").GetString(), Encoding.UTF8.GetString(parser.FamilyName));
        }
        else if (expected.TryGetProperty("unit", out var unit))
        {
            Assert.Equal(ExpositionEntry.Unit, entry);
            Assert.Equal(unit.GetString(), Encoding.UTF8.GetString(parser.Text));
            Assert.Equal(expected.GetProperty("metric").GetString(), Encoding.UTF8.GetString(parser.FamilyName));
        }
        else if (expected.TryGetProperty("comment", out var comment))
        {
            Assert.Equal(ExpositionEntry.Comment, entry);
            Assert.Equal(comment.GetString(), Encoding.UTF8.GetString(parser.Text));
        }
        else
        {
            CompareSeries(parser, entry, expected, typeAndUnit, onlyCheck);
        }
    }

    private static void CompareSeries(ExpositionParser parser, ExpositionEntry entry, JsonElement expected, bool typeAndUnit, string? onlyCheck)
    {
        Assert.Equal(ConformanceData.Text(expected.GetProperty("series")), ByteText.Decode(parser.SeriesKey));
        if (expected.TryGetProperty("startTimestampMs", out var start))
            Assert.Equal(start.GetInt64(), parser.StartTimestampMs);
        else if (onlyCheck is null && !expected.TryGetProperty("histogram", out _))
            Assert.Equal(0, parser.StartTimestampMs);
        if (onlyCheck is not null)
            return;
        if (expected.TryGetProperty("histogram", out var histogram))
        {
            Assert.Equal(ExpositionEntry.Histogram, entry);
            CompareHistogram(histogram, parser.Histogram!, deltas: true);
        }
        else if (expected.TryGetProperty("floatHistogram", out var floats))
        {
            Assert.Equal(ExpositionEntry.Histogram, entry);
            CompareHistogram(floats, parser.Histogram!, deltas: false);
        }
        else
        {
            Assert.Equal(ExpositionEntry.Series, entry);
            var value = ConformanceData.Float(expected.GetProperty("value"));
            Assert.Equal(BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? Model.Samples.SpecialValues.NormalNaN : value), BitConverter.DoubleToInt64Bits(parser.Value));
        }
        Assert.Equal(expected.TryGetProperty("timestampMs", out var timestamp) ? timestamp.GetInt64() : null, parser.TimestampMs);
        CompareLabels(parser, expected.GetProperty("labels"), typeAndUnit);
        CompareExemplars(parser, expected);
    }

    private static void CompareLabels(ExpositionParser parser, JsonElement labels, bool typeAndUnit)
    {
        if (labels.TryGetProperty("plain", out var plain))
            labels = typeAndUnit ? labels.GetProperty("withTypeAndUnit") : plain;
        else if (typeAndUnit)
            return;
        var builder = new LabelSetBuilder();
        parser.ReadLabels(builder);
        Assert.Equal(Labels(labels).ToString(), builder.Build().ToString());
    }

    private static LabelSet Labels(JsonElement labels) =>
        LabelSet.From(labels.EnumerateObject().Select(l => KeyValuePair.Create(l.Name, ConformanceData.Text(l.Value))));

    private static void CompareExemplars(ExpositionParser parser, JsonElement expected)
    {
        var found = new List<(Exemplar Exemplar, bool HasTimestamp)>();
        parser.ReadExemplars(found);
        var wanted = expected.TryGetProperty("exemplars", out var list) ? list.EnumerateArray().ToArray() : [];
        Assert.Equal(wanted.Length, found.Count);
        for (var i = 0; i < wanted.Length; i++)
        {
            Assert.Equal(Labels(wanted[i].GetProperty("Labels")).ToString(), found[i].Exemplar.Labels.ToString());
            Assert.Equal(ConformanceData.Float(wanted[i].GetProperty("Value")), found[i].Exemplar.Value);
            var hasTimestamp = wanted[i].TryGetProperty("HasTs", out var has) && has.GetBoolean();
            Assert.Equal(hasTimestamp, found[i].HasTimestamp);
            if (hasTimestamp)
                Assert.Equal(wanted[i].GetProperty("Ts").GetInt64(), found[i].Exemplar.Timestamp.Value);
        }
    }

    private static void CompareHistogram(JsonElement expected, NativeHistogram found, bool deltas)
    {
        double Number(string name) => expected.TryGetProperty(name, out var e) ? ConformanceData.Float(e) : 0;
        Assert.Equal((int)Number("Schema"), found.Schema);
        Assert.Equal(Number("Count"), found.Count);
        Assert.Equal(Number("Sum"), found.Sum);
        Assert.Equal(Number("ZeroCount"), found.ZeroCount);
        Assert.Equal(Number("ZeroThreshold"), found.ZeroThreshold);
        Assert.Equal(Spans(expected, "PositiveSpans"), found.PositiveSpans);
        Assert.Equal(Spans(expected, "NegativeSpans"), found.NegativeSpans);
        Assert.Equal(Buckets(expected, "PositiveBuckets", deltas), found.PositiveBuckets);
        Assert.Equal(Buckets(expected, "NegativeBuckets", deltas), found.NegativeBuckets);
        Assert.Equal(Buckets(expected, "CustomValues", deltas: false), found.CustomValues);
    }

    private static BucketSpan[] Spans(JsonElement histogram, string name) => histogram.TryGetProperty(name, out var spans)
        ? [.. spans.EnumerateArray().Select(s => new BucketSpan(s.GetProperty("Offset").GetInt32(), s.GetProperty("Length").GetUInt32()))]
        : [];

    private static double[] Buckets(JsonElement histogram, string name, bool deltas)
    {
        if (!histogram.TryGetProperty(name, out var list))
            return [];
        var values = list.EnumerateArray().Select(ConformanceData.Float).ToArray();
        for (var i = 1; deltas && i < values.Length; i++)
            values[i] += values[i - 1];
        return values;
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;
using ActorMon.Exposition.Parsing;
using ActorMon.Exposition.Writing;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Wire;

/// <summary>The protobuf exposition's reader and writer against the schema: both must agree with a codec that knows nothing but the kit's table of fields.</summary>
public class ExpositionMessageTests
{
    private const string Family = "MetricFamily";

    [ConformanceFact]
    public void Reads_and_writes_every_field_of_every_message_under_its_tag_and_type()
    {
        var facts = new MessageFacts("wire", "exposition-metrics.json");
        var run = new ConformanceRun("wire", "exposition-metrics");
        foreach (var message in facts.Messages)
        {
            run.Case(message, () =>
            {
                var samples = FamilySamples.All.Where(s => facts.Flatten(Family, s.Json).Any(line => line.StartsWith(message + ".", StringComparison.Ordinal))).ToArray();
                foreach (var sample in samples)
                {
                    Assert.Equal(Lines(facts.Flatten(Family, sample.Json), message), Lines(facts.Decode(Family, Written(sample)), message));
                    Assert.Equal(sample.Parsed, Parse(Page(facts.Encode(Family, sample.Json).ToArray())));
                }
                foreach (var field in facts.Fields(message))
                    EveryFieldCounts(facts, samples, $"{message}.{field.Name}");
                if (message == Family)
                    Assert.Equal(facts.EnumNames("MetricType").Order(), samples.Select(s => s.Json.GetProperty("type").GetString()!).Order());
            });
        }
        run.Finish(12);
    }

    /// <summary>Some sample has the field, and what the parser reads is another thing when it is taken away.</summary>
    private static void EveryFieldCounts(MessageFacts facts, FamilySample[] samples, string field)
    {
        var carriers = samples.Where(s => facts.Flatten(Family, s.Json).Any(line => line.StartsWith(field + " ", StringComparison.Ordinal))).ToArray();
        Assert.True(carriers.Length > 0, $"no sample has {field}");
        Assert.True(
            carriers.Any(s => !s.Parsed.SequenceEqual(Parse(Page(facts.Encode(Family, s.Json, without: field).ToArray())))),
            $"the parser does not look at {field}");
    }

    private static string[] Lines(List<string> lines, string message) => [.. lines.Where(line => line.StartsWith(message + ".", StringComparison.Ordinal))];

    /// <summary>The message the writer makes, without the length before it.</summary>
    private static byte[] Written(FamilySample sample)
    {
        var output = new ArrayBufferWriter<byte>();
        new ProtobufWriter().Write(output, sample.Family);
        var bytes = output.WrittenSpan;
        var prefix = 1;
        while (bytes[prefix - 1] >= 0x80)
            prefix++;
        return bytes[prefix..].ToArray();
    }

    private static byte[] Page(byte[] message)
    {
        var page = new List<byte>();
        var length = message.Length;
        for (; length >= 0x80; length >>= 7)
            page.Add((byte)(length | 0x80));
        page.Add((byte)length);
        return [.. page, .. message];
    }

    private static List<string> Parse(byte[] page)
    {
        var lines = new List<string>();
        try
        {
            var parser = new ProtobufParser(page, new ProtobufOptions(AlwaysClassic: true));
            for (var entry = parser.Next(); entry != ExpositionEntry.End; entry = parser.Next())
                lines.Add(Line(parser, entry));
        }
        catch (ExpositionException e)
        {
            lines.Add(e.Message);
        }
        return lines;
    }

    private static string Line(ProtobufParser parser, ExpositionEntry entry)
    {
        var family = ByteText.Decode(parser.FamilyName);
        switch (entry)
        {
            case ExpositionEntry.Help: return $"HELP {family} {ByteText.Decode(parser.Text)}";
            case ExpositionEntry.Unit: return $"UNIT {family} {ByteText.Decode(parser.Text)}";
            case ExpositionEntry.Type: return $"TYPE {family} {parser.FamilyType}";
        }
        var labels = new LabelSetBuilder();
        parser.ReadLabels(labels);
        var text = new StringBuilder(labels.Build().ToString()).Append(' ').Append(entry == ExpositionEntry.Series ? Number(parser.Value) : Text(parser.Histogram!));
        if (parser.TimestampMs is { } time)
            text.Append(CultureInfo.InvariantCulture, $" @{time}");
        if (parser.StartTimestampMs != 0)
            text.Append(CultureInfo.InvariantCulture, $" since {parser.StartTimestampMs}");
        var exemplars = new List<(Exemplar Exemplar, bool HasTimestamp)>();
        parser.ReadExemplars(exemplars);
        foreach (var (exemplar, dated) in exemplars)
            text.Append(CultureInfo.InvariantCulture, $" exemplar {exemplar.Labels} {exemplar.Value}{(dated ? $" @{exemplar.Timestamp}" : "")}");
        return text.ToString();
    }

    private static string Text(NativeHistogram h) =>
        $"schema {h.Schema} zero {Number(h.ZeroCount)} within {Number(h.ZeroThreshold)} count {Number(h.Count)} sum {Number(h.Sum)} "
        + $"negative {Text(h.NegativeSpans)} {Text(h.NegativeBuckets)} positive {Text(h.PositiveSpans)} {Text(h.PositiveBuckets)} hint {h.CounterResetHint}";

    private static string Text(BucketSpan[] spans) => string.Join(',', spans.Select(s => $"{s.Offset}x{s.Length}"));

    private static string Text(double[] values) => string.Join(',', values.Select(Number));

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

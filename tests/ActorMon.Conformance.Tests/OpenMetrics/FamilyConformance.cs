using System.Buffers;
using System.Text;
using System.Text.Json;
using ActorMon.Exposition.Families;
using ActorMon.Exposition.Negotiation;
using ActorMon.Exposition.Parsing;
using ActorMon.Exposition.Writing;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Names;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.OpenMetrics;

public class FamilyConformance
{
    [ConformanceFact]
    public void Writes_the_text_format_as_the_peer_does() =>
        RunWriter("textCreate", "text-create.json", 15, static (output, family, _) => TextFormatWriter.Write(output, family));

    [ConformanceFact]
    public void Writes_OpenMetrics_as_the_peer_does() =>
        RunWriter("openMetricsCreate", "openmetrics-create.json", 21, static (output, family, item) =>
            OpenMetricsWriter.Write(output, family, createdLines: item.TryGetProperty("options", out _)));

    [ConformanceFact]
    public void Writes_the_OpenMetrics_2_draft_as_the_peer_does() =>
        RunWriter("openMetrics2Create", "openmetrics2-create.json", 29, static (output, family, _) => OpenMetrics2Writer.Write(output, family));

    [ConformanceFact]
    public void Parses_text_into_families_as_the_client_library_does()
    {
        var run = new ConformanceRun("openmetrics", "textParse");
        var json = ConformanceData.Json("openmetrics", "expfmt", "text-parse.json");
        foreach (var item in json.GetProperty("good").EnumerateArray())
        {
            run.Case(item.ToString(), () =>
            {
                var found = TextFamilyParser.Parse(ParserEntries.Input(item.GetProperty("in"))).ToDictionary(f => f.Name);
                var expected = item.GetProperty("out").EnumerateArray().Select(FamilyJson.Read).ToArray();
                Assert.Equal(expected.Length, found.Count);
                foreach (var family in expected)
                    Assert.Equal(Convert.ToHexString(Protobuf(family)), Convert.ToHexString(Protobuf(found[family.Name])));
            });
        }
        foreach (var item in json.GetProperty("bad").EnumerateArray())
        {
            run.Case(item.ToString(), () =>
            {
                var utf8 = item.GetProperty("errUTF8").GetString()!;
                var legacy = item.TryGetProperty("errLegacy", out var l) ? l.GetString()! : utf8;
                Assert.StartsWith(utf8, Error(item, NameValidation.Utf8), StringComparison.Ordinal);
                Assert.StartsWith(legacy, Error(item, NameValidation.Legacy), StringComparison.Ordinal);
                if (utf8.Length == 0)
                    Assert.Equal("", Error(item, NameValidation.Utf8));
            });
        }
        run.Finish(66);
    }

    [ConformanceFact]
    public void Encodes_names_escaped_as_the_format_asks()
    {
        var run = new ConformanceRun("openmetrics", "escapedEncode");
        var family = new MetricFamily("foo.metric", MetricType.Counter, [new Metric([new Label("dotted.label", "v")], new CounterValue(1))]);
        foreach (var item in ConformanceData.Json("openmetrics", "expfmt", "escaped-encode.json").EnumerateArray())
        {
            var format = item.GetProperty("format").GetString()!;
            run.Case(format, () =>
            {
                var escaped = FamilyEscaping.Escape(family, WireFormat.EscapingOf(format, EscapingScheme.Underscores));
                var output = new ArrayBufferWriter<byte>();
                switch (WireFormat.KindOf(format))
                {
                    case WireFormatKind.ProtoDelim:
                        output.Write(Protobuf(escaped));
                        break;
                    case WireFormatKind.ProtoText or WireFormatKind.ProtoCompact:
                        ProtobufTextWriter.Write(output, escaped, compact: WireFormat.KindOf(format) == WireFormatKind.ProtoCompact);
                        break;
                    default:
                        TextFormatWriter.Write(output, escaped);
                        break;
                }
                var text = Encoding.UTF8.GetString(output.WrittenSpan);
                Assert.Contains("foo_metric", text, StringComparison.Ordinal);
                Assert.Contains("dotted_label", text, StringComparison.Ordinal);
            });
        }
        run.Finish(5);
    }

    [ConformanceFact]
    public void Parses_the_client_librarys_text_and_protobuf_files()
    {
        var run = new ConformanceRun("openmetrics", "expfmtFiles");
        run.Case("text", () => Assert.NotEmpty(TextFamilyParser.Parse(File.ReadAllBytes(ConformanceData.PathOf("openmetrics", "expfmt", "text")))));
        foreach (var name in (string[])["protobuf", "protobuf-multimessage"])
        {
            run.Case(name, () =>
            {
                var parser = new ProtobufParser(File.ReadAllBytes(ConformanceData.PathOf("openmetrics", "expfmt", name)));
                var series = 0;
                for (var entry = parser.Next(); entry != ExpositionEntry.End; entry = parser.Next())
                    series += entry == ExpositionEntry.Series ? 1 : 0;
                Assert.True(series > 1);
            });
        }
        run.Finish(3);
    }

    private static void RunWriter(string group, string file, int count, Action<IBufferWriter<byte>, MetricFamily, JsonElement> write)
    {
        var run = new ConformanceRun("openmetrics", group);
        var json = ConformanceData.Json("openmetrics", "expfmt", file);
        foreach (var item in json.GetProperty("good").EnumerateArray())
        {
            run.Case(item.ToString(), () =>
            {
                var output = new ArrayBufferWriter<byte>();
                write(output, FamilyJson.Read(item.GetProperty("in")), item);
                Assert.Equal(item.GetProperty("out").GetString(), Encoding.UTF8.GetString(output.WrittenSpan));
            });
        }
        foreach (var item in json.GetProperty("bad").EnumerateArray())
        {
            run.Case(item.ToString(), () =>
            {
                var thrown = Assert.Throws<FamilyWriteException>(() => write(new ArrayBufferWriter<byte>(), FamilyJson.Read(item.GetProperty("in")), item));
                if (item.TryGetProperty("expectedErr", out var part))
                    Assert.Contains(part.GetString()!, thrown.Message, StringComparison.Ordinal);
                else
                    Assert.StartsWith(item.GetProperty("err").GetString()!, thrown.Message, StringComparison.Ordinal);
            });
        }
        run.Finish(count);
    }

    private static string Error(JsonElement item, NameValidation validation)
    {
        try
        {
            TextFamilyParser.Parse(ParserEntries.Input(item.GetProperty("in")), validation);
            return "";
        }
        catch (ExpositionException e)
        {
            return e.Message;
        }
    }

    private static byte[] Protobuf(MetricFamily family)
    {
        var output = new ArrayBufferWriter<byte>();
        new ProtobufWriter().Write(output, family);
        return output.WrittenSpan.ToArray();
    }
}

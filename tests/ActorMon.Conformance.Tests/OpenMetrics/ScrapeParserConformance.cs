using System.Text;
using ActorMon.Exposition.Parsing;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.OpenMetrics;

public class ScrapeParserConformance
{
    [ConformanceFact]
    public void Parses_the_peers_documents_into_the_peers_entries()
    {
        var run = new ConformanceRun("openmetrics", "scrapeParserEntries");
        foreach (var document in ConformanceData.Json("openmetrics", "textparse", "parse-entries.json").GetProperty("cases").EnumerateArray())
        {
            var onlyCheck = document.TryGetProperty("onlyCheck", out var only) ? only.ToString() : null;
            var input = ParserEntries.Input(document.GetProperty("input"));
            var plain = Create(document.GetProperty("format").GetString()!, input, typeAndUnit: false);
            var typed = Create(document.GetProperty("format").GetString()!, input, typeAndUnit: true);
            var number = 0;
            foreach (var entry in document.GetProperty("entries").EnumerateArray())
            {
                run.Case($"{document.GetProperty("name")} #{number++} {entry}", () =>
                {
                    ParserEntries.Compare(plain, entry, typeAndUnit: false, onlyCheck);
                    ParserEntries.Compare(typed, entry, typeAndUnit: true, onlyCheck);
                });
            }
            Assert.Equal(ExpositionEntry.End, plain.Next());
        }
        run.Finish(171);
    }

    [ConformanceFact]
    public void Refuses_what_the_peer_refuses_with_its_error_texts()
    {
        var run = new ConformanceRun("openmetrics", "scrapeParserErrors");
        foreach (var item in ConformanceData.Json("openmetrics", "textparse", "parse-errors.json").GetProperty("cases").EnumerateArray())
        {
            run.Case(item.ToString(), () =>
            {
                var parser = Create(item.GetProperty("format").GetString()!, ParserEntries.Input(item.GetProperty("input")), typeAndUnit: false);
                string? error = null;
                try
                {
                    while (parser.Next() != ExpositionEntry.End)
                    {
                    }
                }
                catch (ExpositionException e)
                {
                    error = e.Message;
                }
                Assert.Equal(item.TryGetProperty("error", out var expected) ? expected.GetString() : null, error);
            });
        }
        run.Finish(109);
    }

    [ConformanceFact]
    public void Converts_classic_histograms_as_the_peer_does()
    {
        var run = new ConformanceRun("openmetrics", "nhcb");
        foreach (var document in ConformanceData.Json("openmetrics", "textparse", "parse-nhcb.json").GetProperty("cases").EnumerateArray())
        {
            var input = ParserEntries.Input(document.GetProperty("input"));
            var parser = new NhcbParser(Create(document.GetProperty("format").GetString()!, input, typeAndUnit: false), keepClassic: false, startTimestamps: true);
            var number = 0;
            foreach (var entry in document.GetProperty("entries").EnumerateArray())
                run.Case($"{document.GetProperty("name")} #{number++} {entry}", () => ParserEntries.Compare(parser, entry, typeAndUnit: false, onlyCheck: null));
            Assert.Equal(ExpositionEntry.End, parser.Next());
        }
        run.Finish();
    }

    [ConformanceFact]
    public void Parses_the_peers_benchmark_documents_twice_alike_by_key_and_by_line()
    {
        var run = new ConformanceRun("openmetrics", "textparseFiles");
        foreach (var file in Directory.GetFiles(ConformanceData.PathOf("openmetrics", "textparse")).Where(f => f.EndsWith(".txt", StringComparison.Ordinal) || f.EndsWith(".prom", StringComparison.Ordinal)))
        {
            run.Case(Path.GetFileName(file), () =>
            {
                var body = File.ReadAllBytes(file);
                var openMetrics = file.EndsWith(".om.txt", StringComparison.Ordinal);
                // The OpenMetrics files are cut for benchmarks and lack their last line.
                if (openMetrics && !body.AsSpan().TrimEnd((byte)'\n').EndsWith("# EOF"u8))
                    body = [.. body, .. "# EOF\n"u8];
                var format = openMetrics ? "openmetrics-1.0" : "prometheus-text";
                ExpositionParser first = Create(format, body, false), second = Create(format, body, false);
                var series = 0;
                for (var entry = first.Next(); entry != ExpositionEntry.End; entry = first.Next())
                {
                    if (entry != ExpositionEntry.Series)
                    {
                        Assert.Equal(entry, second.Next());
                        continue;
                    }
                    series++;
                    Assert.True(second.TryNextKnown(first.SeriesKey), Encoding.UTF8.GetString(first.SeriesKey));
                    Assert.Equal(first.Value, second.Value);
                    Assert.Equal(first.TimestampMs, second.TimestampMs);
                }
                Assert.Equal(ExpositionEntry.End, second.Next());
                Assert.True(series > 0);
            });
        }
        run.Finish(5);
    }

    internal static ExpositionParser Create(string format, byte[] input, bool typeAndUnit) => format switch
    {
        "prometheus-text" => new TextParser(input, typeAndUnit),
        "openmetrics-1.0" => new OpenMetricsParser(input, new OpenMetricsOptions(StartTimestamps: true, TypeAndUnitLabels: typeAndUnit)),
        _ => throw new ArgumentException(format),
    };
}

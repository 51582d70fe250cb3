using System.Text.Json;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Parsing.SeriesDescription;
using ActorMon.PromQL.Printing;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Parser;

public class SeriesDescriptionCases
{
    [ConformanceFact]
    public void Series_unfold_to_the_peers_values()
    {
        var run = new ConformanceRun("parser", "series-description-cases");
        var kit = ConformanceData.Json("parser", "series-description-cases.json");
        foreach (var item in kit.GetProperty("float").EnumerateArray())
            run.Case(Input(item), () => CheckFloats(item));
        foreach (var item in kit.GetProperty("histogram").EnumerateArray())
            run.Case(Input(item), () => CheckHistograms(item));
        foreach (var item in kit.GetProperty("histogramCanonicalText").EnumerateArray())
            run.Case(item.GetProperty("name").GetString()!, () =>
                Assert.Equal(item.GetProperty("text").GetString(), HistogramNotation.Print(Histogram(item.GetProperty("histogram")))));
        run.Finish(57);
    }

    private static string Input(JsonElement item) => ConformanceData.Text(item.GetProperty("input"));

    private static DescribedSeries Parsed(JsonElement item)
    {
        var result = PromQLParser.ParseSeries(Input(item));
        Assert.True(result.Success, result.ErrorText);
        return result.Series;
    }

    private static void CheckFloats(JsonElement item)
    {
        if (item.TryGetProperty("fail", out _))
        {
            var result = PromQLParser.ParseSeries(Input(item));
            Assert.False(result.Success, "parsed");
            if (item.TryGetProperty("errorContains", out var part))
                Assert.Contains(part.GetString()!, result.ErrorText, StringComparison.Ordinal);
            return;
        }
        var series = Parsed(item);
        Assert.Equal(LabelSet.From(item.GetProperty("labels").EnumerateObject().Select(l => KeyValuePair.Create(l.Name, l.Value.GetString()!))), series.Labels);
        Assert.Equal(
            item.GetProperty("values").EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? "_" : ConformanceData.Float(v).ToString("R")),
            series.Values.Select(v => v.Omitted ? "_" : v.Value.ToString("R")));
    }

    private static void CheckHistograms(JsonElement item)
    {
        if (item.TryGetProperty("error", out var error))
        {
            Assert.Equal(error.GetString(), PromQLParser.ParseSeries(Input(item)).ErrorText);
            return;
        }
        Assert.Equal(item.GetProperty("histograms").EnumerateArray().Select(Histogram), Parsed(item).Values.Select(v => v.Histogram!));
    }

    private static NativeHistogram Histogram(JsonElement item) => new()
    {
        Schema = item.TryGetProperty("schema", out var schema) ? schema.GetInt32() : 0,
        Count = Float(item, "count"),
        Sum = Float(item, "sum"),
        ZeroCount = Float(item, "zeroCount"),
        ZeroThreshold = Float(item, "zeroThreshold"),
        CounterResetHint = (item.TryGetProperty("counterResetHint", out var hint) ? hint.GetString() : "unknown") switch
        {
            "reset" => CounterResetHint.Reset,
            "not_reset" => CounterResetHint.NotReset,
            "gauge" => CounterResetHint.Gauge,
            _ => CounterResetHint.Unknown,
        },
        PositiveBuckets = Floats(item, "positiveBuckets"),
        NegativeBuckets = Floats(item, "negativeBuckets"),
        PositiveSpans = Spans(item, "positiveSpans"),
        NegativeSpans = Spans(item, "negativeSpans"),
    };

    private static double Float(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? ConformanceData.Float(value) : 0;

    private static double[] Floats(JsonElement item, string name) =>
        item.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(ConformanceData.Float)] : [];

    private static BucketSpan[] Spans(JsonElement item, string name) => item.TryGetProperty(name, out var list)
        ? [.. list.EnumerateArray().Select(s => new BucketSpan(s.GetProperty("offset").GetInt32(), s.GetProperty("length").GetUInt32()))]
        : [];
}

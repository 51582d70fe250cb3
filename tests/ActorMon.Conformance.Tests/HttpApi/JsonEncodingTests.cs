using System.Text.Json;
using ActorMon.Api.Tests.Support;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Results;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.HttpApi;

/// <summary>The exact JSON text of results, through the endpoints.</summary>
public sealed class JsonEncodingTests
{
    [ConformanceFact]
    public async Task Results_have_the_exact_text()
    {
        var run = new ConformanceRun("http-api", "json-encoding");
        var number = 0;
        foreach (var @case in ConformanceData.Json("http-api", "json-encoding.json").GetProperty("cases").EnumerateArray())
            await run.CaseAsync($"case {number++}", async () =>
            {
                var (expected, response) = (@case.GetProperty("expected").GetString()!, @case.GetProperty("response"));
                Assert.Equal(expected, response.ValueKind == JsonValueKind.Array ? await Exemplars(response) : response.TryGetProperty("ResultType", out _) ? await Series(response) : await Point(response));
            });
        run.Finish(21);
    }

    private static async Task<string> Series(JsonElement response)
    {
        var rows = response.GetProperty("Result").EnumerateArray().ToArray();
        var labels = rows.Select(r => Labels(r.GetProperty("Metric"))).ToArray();
        if (response.GetProperty("ResultType").GetString() == "matrix")
            return await Query(new MatrixValue([.. rows.Select((r, i) => Matrix(labels[i], r))]));
        // A vector has one time; elements of different times are asked for one by one and put together.
        var parts = new List<string>();
        for (var i = 0; i < rows.Length; i++)
            parts.Add(await Query(new VectorValue(rows[i].GetProperty("T").GetInt64(), [labels[i]], [ConformanceData.Float(rows[i].GetProperty("F"))], null)));
        return parts[0][..^3] + string.Concat(parts.Skip(1).Select(p => "," + p[p.IndexOf("{\"metric\"", StringComparison.Ordinal)..^3])) + "]}}";
    }

    private static MatrixSeries Matrix(LabelSet labels, JsonElement row)
    {
        var times = new List<long>();
        var values = new List<double>();
        var histograms = new List<NativeHistogram?>();
        foreach (var point in Points(row, "Floats").Concat(Points(row, "Histograms")))
        {
            times.Add(point.GetProperty("T").GetInt64());
            values.Add(point.TryGetProperty("F", out var f) ? ConformanceData.Float(f) : 0);
            histograms.Add(point.TryGetProperty("H", out var h) ? Histogram(h) : null);
        }
        return new MatrixSeries(labels, [.. times], [.. values], [.. histograms]);
    }

    private static IEnumerable<JsonElement> Points(JsonElement row, string name) => row.TryGetProperty(name, out var points) ? points.EnumerateArray() : [];

    private static NativeHistogram Histogram(JsonElement h) => new()
    {
        Schema = h.GetProperty("Schema").GetInt32(),
        Count = h.GetProperty("Count").GetDouble(),
        Sum = h.GetProperty("Sum").GetDouble(),
        ZeroCount = h.GetProperty("ZeroCount").GetDouble(),
        ZeroThreshold = h.GetProperty("ZeroThreshold").GetDouble(),
        PositiveSpans = Spans(h.GetProperty("PositiveSpans")),
        NegativeSpans = Spans(h.GetProperty("NegativeSpans")),
        PositiveBuckets = [.. h.GetProperty("PositiveBuckets").EnumerateArray().Select(b => b.GetDouble())],
        NegativeBuckets = [.. h.GetProperty("NegativeBuckets").EnumerateArray().Select(b => b.GetDouble())],
    };

    private static BucketSpan[] Spans(JsonElement spans) =>
        [.. spans.EnumerateArray().Select(s => new BucketSpan(s.GetProperty("Offset").GetInt32(), s.GetProperty("Length").GetUInt32()))];

    /// <summary>A bare point is what a scalar's result is.</summary>
    private static async Task<string> Point(JsonElement response)
    {
        const string head = """{"status":"success","data":{"resultType":"scalar","result":""";
        var text = await Query(new ScalarValue(response.GetProperty("T").GetInt64(), ConformanceData.Float(response.GetProperty("F"))));
        Assert.StartsWith(head, text, StringComparison.Ordinal);
        return """{"status":"success","data":""" + text[head.Length..^1];
    }

    private static async Task<string> Exemplars(JsonElement response)
    {
        var world = new ApiWorld();
        foreach (var row in response.EnumerateArray())
            world.Storage.ExemplarRows.Add(new ExemplarSeries(
                Labels(row.GetProperty("SeriesLabels")),
                [.. row.GetProperty("Exemplars").EnumerateArray().Select(e => new Exemplar(
                    Labels(e.GetProperty("Labels")), ConformanceData.Float(e.GetProperty("Value")), new TimestampMs(e.GetProperty("Ts").GetInt64())))]));
        return (await world.Get("/api/v1/query_exemplars?query=foo")).Text;
    }

    private static async Task<string> Query(QueryValue value) => (await new ApiWorld { Answer = _ => ApiWorld.Value(value) }.Get("/api/v1/query?query=foo")).Text;

    private static LabelSet Labels(JsonElement labels) => LabelSet.From(labels.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString()!)));
}

using System.Text.Json;
using ActorMon.Api.Tests.Support;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Testing;
using ActorMon.Testing.Conformance;
using static ActorMon.Api.Tests.Support.RemoteWriteBody;
using static ActorMon.Conformance.Tests.RemoteWrite.ReceiverKit;

namespace ActorMon.Conformance.Tests.HttpApi;

/// <summary>
/// The receiver suite's cases as 1.0 requests over HTTP: what is answered and what is stored then. By 1.0 a series with invalid labels is left out and the request
/// succeeds (as the original does it); the 400 and the counts of written samples that the suite asks for are 2.0's.
/// </summary>
public sealed class RemoteWriteReceiverTests
{
    private const string VersionTwo = "remote write 2.0 belongs to a later issue: partial writes and X-Prometheus-Remote-Write-*-Written";
    private static readonly double[] TestValues = [1.0, SpecialValues.StaleNaN, SpecialValues.NormalNaN, double.PositiveInfinity, double.NegativeInfinity];

    [ConformanceFact]
    public async Task Samples_are_stored_as_sent()
    {
        var run = new ConformanceRun("remote-write", "http.metrics");
        foreach (var @case in Cases("SingleMetric", "MultipleMetrics"))
            await run.CaseAsync(Name(@case), async () =>
            {
                var metrics = @case.TryGetProperty("metrics", out var several) ? several.EnumerateArray().ToArray() : [@case.GetProperty("metric")];
                foreach (var value in TestValues)
                {
                    var world = new ApiWorld();
                    var reply = await world.Write(Of([.. metrics.Select(m => Series(Labels(m)).With(ApiWorld.Now, value))]));
                    Assert.Equal((204, 0), (reply.Status, reply.Body.Length));
                    var valid = @case.TryGetProperty("validSamples", out var count) ? count.GetInt32() : @case.GetProperty("success").GetBoolean() ? 1 : 0;
                    Assert.Equal(valid, world.Storage.Source.Series.Count());
                    foreach (var series in world.Storage.Source.Series)
                        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(world.Storage.Newest(series)!.Value.Value));
                }
            });
        run.Finish(10);
    }

    [ConformanceFact]
    public async Task Histograms_are_stored_or_refused()
    {
        var run = new ConformanceRun("remote-write", "http.histograms");
        foreach (var @case in Cases("Histograms"))
            await run.CaseAsync(Name(@case), async () =>
            {
                var world = new ApiWorld();
                var reply = await world.Write(Of(Series(Labels(@case, "labels")).Message(4, Histogram(@case, ApiWorld.Now))));
                var success = @case.GetProperty("expectSuccess").GetBoolean();
                Assert.Equal(success ? 204 : 400, reply.Status);
                Assert.Equal(success ? 1 : 0, world.Storage.Source.Series.Count());
            });
        run.Finish(6);
    }

    [ConformanceFact]
    public async Task Exemplars_come_with_their_samples()
    {
        var run = new ConformanceRun("remote-write", "http.exemplars");
        foreach (var @case in Cases("Exemplars", "ExemplarSpecialValues", "ExemplarValidation"))
            await run.CaseAsync(Name(@case), async () =>
            {
                var world = new ApiWorld();
                var labels = @case.TryGetProperty("labels", out _) ? Labels(@case, "labels") : [("__name__", "special")];
                var value = @case.TryGetProperty("value", out var number) ? ConformanceData.Float(number) : 1;
                var exemplar = new WireMessage();
                if (@case.TryGetProperty("exemplarLabels", out var own))
                    foreach (var (name, text) in own.ValueKind == JsonValueKind.String ? [("trace_id", own.GetString()!)] : Labels(@case, "exemplarLabels"))
                        exemplar.Message(1, Label(name, text));
                Assert.Equal(204, (await world.Write(Of(Series(labels).With(ApiWorld.Now, 1).Message(3, exemplar.Double(2, value).Varint(3, (ulong)ApiWorld.Now))))).Status);
                if (@case.TryGetProperty("success", out var success) && !success.GetBoolean())
                    Assert.Empty(world.Storage.WrittenExemplars);
                else
                    Assert.Equal(value, Assert.Single(world.Storage.WrittenExemplars).Exemplar.Value);
            });
        run.Finish(17);
    }

    [ConformanceFact]
    public async Task Metadata_comes_with_its_samples()
    {
        var run = new ConformanceRun("remote-write", "http.metadata");
        foreach (var @case in Cases("Metadata", "MetadataValidation"))
            await run.CaseAsync(Name(@case), async () =>
            {
                var world = new ApiWorld();
                var family = Labels(@case, "labels").FirstOrDefault(l => l.Name == "__name__").Value ?? "";
                var type = @case.GetProperty("metricType").GetString()!;
                var help = @case.TryGetProperty("help", out var text) ? text.GetString()! : "";
                var metadata = new WireMessage().Varint(1, WireNumber(type)).Text(2, family).Text(4, help);
                var body = new WireMessage().Message(1, Series(Labels(@case, "labels")).With(ApiWorld.Now, 1)).Message(3, metadata);
                Assert.Equal(204, (await world.Write(Pack(body))).Status);
                Assert.Equal(@case.GetProperty("success").GetBoolean() ? 1 : 0, world.Storage.Source.Series.Count());
                if (family.Length == 0)
                    return;
                var shown = (await world.Get("/api/v1/metadata")).Data.GetProperty(family)[0];
                Assert.Equal((type == "UNSPECIFIED" ? "unknown" : type.ToLowerInvariant(), help), (shown.GetProperty("type").GetString(), shown.GetProperty("help").GetString()));
            });
        run.Finish(13);
    }

    [ConformanceFact]
    public async Task Requests_are_judged_by_their_headers_and_bodies()
    {
        var run = new ConformanceRun("remote-write", "http.checklist");
        var body = Of(Series([("__name__", "up")]).With(ApiWorld.Now, 1));
        foreach (var type in new[] { "application/json", "image/png" })
            await run.CaseAsync("Content-Type " + type, async () => Assert.Equal(415, (await new ApiWorld().Write(body, type)).Status));
        foreach (var encoding in new[] { "gzip", "deflate" })
            await run.CaseAsync("Content-Encoding " + encoding, async () => Assert.Equal(415, (await new ApiWorld().Write(body, encoding: encoding)).Status));
        await run.CaseAsync("first byte changed", async () =>
        {
            var corrupt = body.ToArray();
            corrupt[0] ^= 0xFF;
            Assert.Equal(400, (await new ApiWorld().Write(corrupt)).Status);
        });
        await run.CaseAsync("several samples of one series", async () =>
        {
            var world = new ApiWorld();
            Assert.Equal(204, (await world.Write(Of(Series([("__name__", "up")]).With(ApiWorld.Now - 2, 1).With(ApiWorld.Now - 1, 2).With(ApiWorld.Now, 3)))).Status);
            Assert.Equal(3, (await world.Get("/api/v1/query?query=up[1m]")).Data.GetProperty("result")[0].GetProperty("values").GetArrayLength());
        });
        await run.CaseAsync("series without samples", async () => Assert.Equal(204, (await new ApiWorld().Write(Of(Series([("__name__", "up")])))).Status));
        await run.CaseAsync("hundreds of series", async () =>
        {
            var world = new ApiWorld();
            Assert.Equal(204, (await world.Write(Of([.. Enumerable.Range(0, 400).Select(i => Series([("__name__", "up"), ("n", $"{i}")]).With(ApiWorld.Now, i))]))).Status);
            Assert.Equal("400", (await world.Get("/api/v1/query?query=count(up)")).Data.GetProperty("result")[0].GetProperty("value")[1].GetString());
        });
        run.Skip(VersionTwo);
        run.Finish(9);
    }

    private static (string Name, string Value)[] Labels(JsonElement metric, string property = "Labels") =>
        [.. metric.GetProperty(property).EnumerateObject().Select(p => (p.Name, p.Value.GetString()!)).Reverse()];
}

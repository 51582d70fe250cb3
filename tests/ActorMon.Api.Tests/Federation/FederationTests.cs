using System.Text;
using ActorMon.Api.Tests.Support;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Api.Tests.Federation;

public sealed class FederationTests
{
    private const string Protobuf = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    private static readonly NativeHistogram Native = new() { Schema = 1, Count = 6, Sum = 9, ZeroThreshold = 0.001, ZeroCount = 1, PositiveSpans = [new(0, 2)], PositiveBuckets = [2, 3] };

    private readonly ApiWorld _world = new(s => s with { ExternalLabels = () => LabelSet.Of("zone", "z", "job", "outside") });

    public FederationTests()
    {
        Add("b_metric", ApiWorld.Now - 10_000, 1, "job", "x");
        Add("b_metric", ApiWorld.Now - 5_000, 2, "job", "x");
        Add("a_metric", ApiWorld.Now - 299_000, 1.5, "instance", "i", "zone", "own");
        Add("a_metric", ApiWorld.Now - 1_000, double.NaN, "foo", "x");
        Add("old", ApiWorld.Now - 300_001, 1);
        Add("ended", ApiWorld.Now - 5_000, 1);
        Add("ended", ApiWorld.Now - 1_000, SpecialValues.StaleNaN);
    }

    [Fact]
    public async Task The_newest_samples_are_shown_with_the_external_labels()
    {
        var reply = await _world.Get("/federate?match[]={__name__=~'.%2B'}");
        Assert.Equal((200, "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"), (reply.Status, reply.ContentType));
        Assert.Equal(
            "# TYPE a_metric untyped\n"
            + "a_metric{foo=\"x\",instance=\"\",job=\"outside\",zone=\"z\"} NaN 1699999999000\n"
            + "a_metric{instance=\"i\",zone=\"own\",job=\"outside\"} 1.5 1699999701000\n"
            + "# TYPE b_metric untyped\n"
            + "b_metric{job=\"x\",instance=\"\",zone=\"z\"} 2 1699999995000\n", reply.Text);
    }

    [Theory]
    [InlineData("/federate", "")]
    [InlineData("/federate?match[]=nothing_like_it", "")]
    [InlineData("/federate?match[]=b_metric&match[]={job='x'}", "# TYPE b_metric untyped\nb_metric{job=\"x\",instance=\"\",zone=\"z\"} 2 1699999995000\n")]
    public async Task Selectors_are_united(string target, string expected) => Assert.Equal((200, expected), Shown(await _world.Get(target)));

    [Theory]
    [InlineData("/federate?match[]={", "1:2: parse error: unexpected end of input inside braces\n")]
    [InlineData("/federate?match[]=%zz", "error parsing form values: invalid URL escape \"%zz\"\n")]
    public async Task A_wrong_selector_is_refused(string target, string expected) => Assert.Equal((400, expected), Shown(await _world.Get(target)));

    [Fact]
    public async Task A_native_histogram_is_sent_in_protobuf_only()
    {
        _world.Storage.Source.Add(LabelSet.Of("__name__", "h"), ApiWorld.Now, Native);
        _world.Storage.Source.Add(LabelSet.Of("__name__", "h", "kind", "gauge"), ApiWorld.Now, Native with { CounterResetHint = CounterResetHint.Gauge });
        Assert.Equal((200, ""), Shown(await _world.Get("/federate?match[]=h")));
        var reply = await _world.Get("/federate?match[]=h", ("Accept", Protobuf));
        Assert.StartsWith("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited", reply.ContentType, StringComparison.Ordinal);
        var text = await _world.Get("/federate?match[]=h", ("Accept", Protobuf.Replace("delimited", "compact-text", StringComparison.Ordinal)));
        var lines = text.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains("type:HISTOGRAM", lines[0].Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("type:GAUGE_HISTOGRAM", lines[1].Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        // Both families carry the name; Prometheus reads them one after the other.
        Assert.Equal(2, Encoding.Latin1.GetString(reply.Body).Split("zone").Length - 1);
    }

    [Fact]
    public async Task Custom_buckets_become_classic_ones()
    {
        _world.Storage.Source.Add(LabelSet.Of("__name__", "h"), ApiWorld.Now, new NativeHistogram
        {
            Schema = NativeHistogram.CustomBucketsSchema,
            Count = 10,
            Sum = 5,
            CustomValues = [1, 2, 5],
            PositiveSpans = [new(0, 1), new(1, 2)],
            PositiveBuckets = [3, 4, 3],
        });
        Assert.Equal(
            (200, """
            # TYPE h histogram
            h_bucket{instance="",job="outside",zone="z",le="1.0"} 3 1700000000000
            h_bucket{instance="",job="outside",zone="z",le="2.0"} 3 1700000000000
            h_bucket{instance="",job="outside",zone="z",le="5.0"} 7 1700000000000
            h_bucket{instance="",job="outside",zone="z",le="+Inf"} 10 1700000000000
            h_sum{instance="",job="outside",zone="z"} 5 1700000000000
            h_count{instance="",job="outside",zone="z"} 10 1700000000000

            """.ReplaceLineEndings("\n").Replace(".0\"", "\"", StringComparison.Ordinal)), Shown(await _world.Get("/federate?match[]=h")));
    }

    [Fact]
    public async Task Names_a_reader_may_not_know_are_escaped()
    {
        Add("dotted.name", ApiWorld.Now, 1, "a.b", "c");
        Assert.Contains("dotted_name{a_b=\"c\"", (await _world.Get("/federate?match[]={\"dotted.name\"}")).Text, StringComparison.Ordinal);
        Assert.Contains("{\"dotted.name\",\"a.b\"=\"c\"", (await _world.Get("/federate?match[]={\"dotted.name\"}", ("Accept", "text/plain;escaping=allow-utf-8"))).Text, StringComparison.Ordinal);
    }

    private void Add(string name, long time, double value, params string[] labels) => _world.Storage.Add(LabelSet.Of(["__name__", name, .. labels]), time, value);

    private static (int Status, string Text) Shown(ApiReply reply) => (reply.Status, reply.Text);
}

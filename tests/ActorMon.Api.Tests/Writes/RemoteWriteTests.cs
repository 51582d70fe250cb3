using ActorMon.Api.Tests.Support;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Testing;
using static ActorMon.Api.Tests.Support.RemoteWriteBody;

namespace ActorMon.Api.Tests.Writes;

public sealed class RemoteWriteTests
{
    private const long Now = ApiWorld.Now;
    private static readonly LabelSet Up = LabelSet.Of("__name__", "up", "job", "a");
    private readonly ApiWorld _world = new();

    [Fact]
    public async Task What_is_written_can_be_queried()
    {
        var reply = await _world.Write(Of(Series(Up).With(Now - 1000, 3).With(Now, 4)));
        Assert.Equal((204, 0), (reply.Status, reply.Body.Length));
        Assert.Equal("""[[1699999999,"3"],[1700000000,"4"]]""", (await _world.Get("/api/v1/query?query=up[1m]")).Data.GetProperty("result")[0].GetProperty("values").GetRawText());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "snappy")]
    [InlineData("application/x-protobuf;proto=prometheus.WriteRequest", "snappy")]
    public async Task Missing_headers_mean_version_one(string? type, string? encoding) =>
        Assert.Equal(204, (await _world.Write(Of(Series(Up).With(Now, 1)), type, encoding)).Status);

    [Theory]
    [InlineData("application/json", "snappy", "expected application/x-protobuf as the first (media) part, got application/json content-type\n")]
    [InlineData("application/x-protobuf;proto=io.prometheus.write.v2.Request", "snappy", "io.prometheus.write.v2.Request protobuf message is not accepted by this server; only accepts prometheus.WriteRequest\n")]
    [InlineData("application/x-protobuf", "gzip", "gzip encoding (compression) is not accepted by this server; only snappy is acceptable\n")]
    public async Task Other_contents_are_refused_with_415(string type, string encoding, string error)
    {
        var reply = await _world.Write(Of(Series(Up).With(Now, 1)), type, encoding);
        Assert.Equal((415, error), (reply.Status, reply.Text));
        Assert.Empty(_world.Storage.Source.Series);
    }

    [Fact]
    public async Task Without_the_flag_the_receiver_is_not_there()
    {
        var reply = await new ApiWorld(s => s with { EnableRemoteWrite = false }).Write(Of(Series(Up).With(Now, 1)));
        Assert.Equal((404, "remote write receiver needs to be enabled with --web.enable-remote-write-receiver\n"), (reply.Status, reply.Text));
    }

    [Fact]
    public async Task A_corrupt_body_is_refused()
    {
        var body = Of(Series(Up).With(Now, 1));
        body[0] ^= 0xFF;
        var reply = await _world.Write(body);
        Assert.Equal((400, "snappy: corrupt input\n"), (reply.Status, reply.Text));
        Assert.Equal(400, (await _world.Write(Snappier.Snappy.CompressToArray([0xFF, 0xFF, 0xFF]))).Status);
        Assert.Empty(_world.Storage.Source.Series);
    }

    [Fact]
    public async Task Bodies_over_32_MiB_are_refused()
    {
        Assert.Equal(413, (await _world.Write(new byte[32 * 1024 * 1024 + 1])).Status);
        // A small body that would unpack to more: the length in front says so.
        var bomb = await _world.Write([0x81, 0x80, 0x80, 0x10, 0, 0]);
        Assert.Equal((400, "decoded size exceeds the 33554432 bytes limit\n"), (bomb.Status, bomb.Text));
    }

    [Theory]
    [InlineData(-1, 5, "out of order sample\n")]
    [InlineData(0, 5, "duplicate sample for timestamp 1700000000000; overrides not allowed: existing 1, new value 5\n")]
    [InlineData(10 * 60_000 + 1, 5, "out of bounds: timestamp is too far in the future\n")]
    public async Task One_sample_that_may_not_be_stored_refuses_the_whole_request(long offset, double value, string error)
    {
        await _world.Write(Of(Series(Up).With(Now, 1)));
        var other = LabelSet.Of("__name__", "other");
        var reply = await _world.Write(Of(Series(other).With(Now, 1), Series(Up).With(Now + offset, value)));
        Assert.Equal((400, error), (reply.Status, reply.Text));
        Assert.DoesNotContain(other, _world.Storage.Source.Series);
    }

    [Fact]
    public async Task Order_counts_within_a_request_too()
    {
        var reply = await _world.Write(Of(Series(Up).With(Now, 1).With(Now - 1, 2)));
        Assert.Equal((400, "out of order sample\n"), (reply.Status, reply.Text));
        Assert.Empty(_world.Storage.Source.Series);
    }

    /// <summary>Who is not answered sends again, and the first attempt may have reached one copy of two.</summary>
    [Fact]
    public async Task The_same_sample_again_is_written_again_and_within_a_request_once()
    {
        for (var i = 0; i < 2; i++)
            Assert.Equal(204, (await _world.Write(Of(Series(Up).With(Now, double.NaN).With(Now, double.NaN)))).Status);
        Assert.Equal(1 + 2, _world.Storage.WrittenSamples);
    }

    [Fact]
    public async Task Ten_minutes_ahead_is_allowed() => Assert.Equal(204, (await _world.Write(Of(Series(Up).With(Now + 10 * 60_000, 1)))).Status);

    [Fact]
    public async Task An_out_of_order_window_admits_what_is_not_too_old()
    {
        var world = new ApiWorld(s => s with { OutOfOrderWindow = () => TimeSpan.FromMinutes(1) });
        await world.Write(Of(Series(Up).With(Now, 1)));
        Assert.Equal(204, (await world.Write(Of(Series(Up).With(Now - 60_000, 1)))).Status);
        var late = await world.Write(Of(Series(Up).With(Now - 60_001, 1)));
        Assert.Equal((400, "too old sample\n"), (late.Status, late.Text));
    }

    [Fact]
    public async Task What_the_retention_would_delete_at_once_is_refused()
    {
        var world = new ApiWorld(s => s with { Retention = () => TimeSpan.FromDays(1) });
        var reply = await world.Write(Of(Series(Up).With(Now - 86_400_001, 1)));
        Assert.Equal((400, "out of bounds\n"), (reply.Status, reply.Text));
        Assert.Equal(204, (await world.Write(Of(Series(Up).With(Now - 86_400_000, 1)))).Status);
        Assert.Equal(204, (await _world.Write(Of(Series(Up).With(0, 1)))).Status);
    }

    [Fact]
    public async Task Series_with_invalid_labels_are_left_out_and_counted()
    {
        var body = Of(
            Series([("job", "nameless")]).With(Now, 1),
            Series([("__name__", "twice"), ("a", "1"), ("a", "2")]).With(Now, 1),
            Series([("__name__", "empty"), ("", "1")]).With(Now, 1),
            Series(Up).With(Now, 1));
        Assert.Equal(204, (await _world.Write(body)).Status);
        Assert.Equal([Up], _world.Storage.Source.Series);
        Assert.Contains("prometheus_api_remote_write_invalid_labels_samples_total 3\n", (await _world.Get("/metrics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_may_be_any_text()
    {
        var odd = LabelSet.Of("__name__", "my metric.name", "label with space", "🌍\n");
        Assert.Equal(204, (await _world.Write(Of(Series(odd).With(Now, 1)))).Status);
        Assert.Equal([odd], _world.Storage.Source.Series);
    }

    [Fact]
    public async Task Exemplars_and_metadata_come_along()
    {
        var exemplar = new WireMessage().Message(1, Label("trace_id", "t")).Double(2, 0.5).Varint(3, (ulong)Now);
        var request = new WireMessage()
            .Message(1, Series(Up).With(Now, 1).Message(3, exemplar))
            .Message(3, new WireMessage().Varint(1, 1).Text(2, "up").Text(4, "Is it up?").Text(5, "bool"));
        Assert.Equal(204, (await _world.Write(Pack(request))).Status);
        Assert.Equal(("t", 0.5), (_world.Storage.WrittenExemplars[0].Exemplar.Labels.First().Value, _world.Storage.WrittenExemplars[0].Exemplar.Value));
        Assert.Equal(new MetricMetadata(MetricType.Counter, "Is it up?", "bool"), _world.Storage.Families["up"][0]);
    }

    [Fact]
    public async Task A_request_of_metadata_alone_is_fine()
    {
        var request = new WireMessage().Message(3, new WireMessage().Varint(1, 2).Text(2, "x"));
        Assert.Equal(204, (await _world.Write(Pack(request))).Status);
        Assert.Equal(204, (await _world.Write(Pack(new WireMessage()))).Status);
    }

    [Fact]
    public async Task A_broken_histogram_refuses_the_request()
    {
        var broken = new WireMessage().Varint(1, 99).Message(11, new WireMessage().Varint(2, 1)).PackedSigned(12, 1).Varint(15, (ulong)Now);
        var reply = await _world.Write(Of(Series(Up).With(Now - 1, 1).Message(4, broken)));
        Assert.Equal(400, reply.Status);
        Assert.Empty(_world.Storage.Source.Series);
    }

    [Fact]
    public async Task What_may_be_tried_again_is_503()
    {
        _world.Storage.Unavailable = "no acknowledgement";
        var reply = await _world.Write(Of(Series(Up).With(Now, 1)));
        Assert.Equal((503, "no acknowledgement\n"), (reply.Status, reply.Text));
    }

    [Fact]
    public async Task What_must_not_be_tried_again_is_400()
    {
        (_world.Storage.Unavailable, _world.Storage.IsRejected) = ("batch 7 was set aside", true);
        var reply = await _world.Write(Of(Series(Up).With(Now, 1)));
        Assert.Equal((400, "batch 7 was set aside\n"), (reply.Status, reply.Text));
    }

    [Fact]
    public async Task While_what_is_stored_cannot_be_asked_for_nothing_is_taken()
    {
        _world.Storage.Missing = ["partition 3 is away"];
        var reply = await _world.Write(Of(Series(Up).With(Now, 1)));
        Assert.Equal((503, "partition 3 is away\n"), (reply.Status, reply.Text));
        Assert.Empty(_world.Storage.Source.Series);
        Assert.Equal([Up], _world.Storage.AskedForNewest);
    }

    [Fact]
    public async Task Over_a_limit_of_series_new_ones_are_left_out_with_400_and_the_rest_is_stored()
    {
        var other = LabelSet.Of("__name__", "other");
        _world.Cardinality.Room = 1;
        Assert.Equal(204, (await _world.Write(Of(Series(Up).With(Now, 1)))).Status);

        var reply = await _world.Write(Of(
            Series(other).With(Now, 1).With(Now + 1, 1), Series(Up).With(Now + 1, 2), Series(LabelSet.Of("__name__", "third")).With(Now, 1)));

        Assert.Equal(
            (400, "2 new series with 3 samples were refused, the rest of the write is stored: the node has 1 active series\n"), (reply.Status, reply.Text));
        Assert.Equal([Up], _world.Storage.Source.Series);
        Assert.Equal((Now + 1, 2), _world.Storage.Newest(Up));
        Assert.Contains("actormon_remote_write_samples_left_out_total 3\n", (await _world.Get("/metrics")).Text, StringComparison.Ordinal);
        Assert.Equal(204, (await _world.Write(Of(Series(Up).With(Now + 2, 2)))).Status);
    }

    [Fact]
    public async Task A_refused_request_gives_back_the_places_of_its_new_series()
    {
        await _world.Write(Of(Series(Up).With(Now, 1)));
        Assert.Equal(400, (await _world.Write(Of(Series(LabelSet.Of("__name__", "new")).With(Now, 1), Series(Up).With(Now - 1, 1)))).Status);
        Assert.Equal(1, _world.Cardinality.Taken);
    }

    [Fact]
    public async Task Requests_do_not_see_what_an_earlier_one_left()
    {
        // Workers are reused: a refused and a larger request come before a small one.
        await _world.Write(Of([.. Enumerable.Range(0, 500).Select(i => Series(LabelSet.Of("__name__", $"m{i}")).With(Now + 10_000_000, 1))]));
        await _world.Write(Of(Series(Up).With(Now, 1)));
        Assert.Equal([Up], _world.Storage.Source.Series);
    }
}

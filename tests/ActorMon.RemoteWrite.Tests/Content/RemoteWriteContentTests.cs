using ActorMon.RemoteWrite.Content;
using CsCheck;
using Snappier;

namespace ActorMon.RemoteWrite.Tests.Content;

public sealed class RemoteWriteContentTests
{
    [Theory]
    [InlineData(null, null, RemoteWriteMessage.V1)]
    [InlineData("", "", RemoteWriteMessage.V1)]
    [InlineData("application/x-protobuf", "snappy", RemoteWriteMessage.V1)]
    [InlineData("application/x-protobuf;proto=prometheus.WriteRequest", "snappy", RemoteWriteMessage.V1)]
    [InlineData("application/x-protobuf;proto=io.prometheus.write.v2.Request", "snappy", RemoteWriteMessage.V2)]
    [InlineData(" application/x-protobuf;charset=x;proto=io.prometheus.write.v2.Request ", "snappy", RemoteWriteMessage.V2)]
    [InlineData("application/x-protobuf; proto=io.prometheus.write.v2.Request", "snappy", RemoteWriteMessage.V1)]
    public void Headers_name_the_message(string? type, string? encoding, RemoteWriteMessage message)
    {
        var content = RemoteWriteContent.Parse(type, encoding, RemoteWriteMessage.V1, RemoteWriteMessage.V2);
        Assert.True(content.IsAccepted, content.Error);
        Assert.Equal(message, content.Message);
    }

    [Theory]
    [InlineData("application/x-protobuf", "gzip", "gzip encoding (compression) is not accepted by this server; only snappy is acceptable")]
    [InlineData("application/json", "snappy", "expected application/x-protobuf as the first (media) part, got application/json content-type")]
    [InlineData(
        "application/x-protobuf;proto=io.prometheus.write.v2.Request", "snappy",
        "io.prometheus.write.v2.Request protobuf message is not accepted by this server; only accepts prometheus.WriteRequest")]
    [InlineData(
        "application/x-protobuf;proto=x", "snappy",
        "got application/x-protobuf;proto=x content type; unknown type for remote write protobuf message x, supported: prometheus.WriteRequest, io.prometheus.write.v2.Request")]
    [InlineData(
        "application/x-protobuf;proto", "snappy",
        "as per https://www.rfc-editor.org/rfc/rfc9110#parameter expected parameters to be key-values, got proto in application/x-protobuf;proto content-type")]
    public void Others_are_refused_with_415(string type, string encoding, string error)
    {
        var content = RemoteWriteContent.Parse(type, encoding, RemoteWriteMessage.V1);
        Assert.False(content.IsAccepted);
        Assert.Equal((415, error), (content.ErrorStatus, content.Error));
    }

    [Fact]
    public void A_body_is_decompressed() => Gen.Byte.Array[0, 500].Sample(bytes =>
    {
        Assert.True(SnappyBody.TryDecode(Snappy.CompressToArray(bytes), SnappyBody.DefaultLimit, out var decoded, out var status, out _));
        using (decoded)
            Assert.True(status == 0 && decoded.Bytes.SequenceEqual(bytes));
    });

    [Fact]
    public void Limits_hold_before_anything_is_allocated()
    {
        var compressed = Snappy.CompressToArray(new byte[1000]);
        AssertRefused(compressed, compressed.Length - 1, 413, $"request body exceeds the {compressed.Length - 1} bytes limit");
        AssertRefused(compressed, 999, 400, "decoded size exceeds the 999 bytes limit");
        AssertRefused([0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x00], SnappyBody.DefaultLimit, 400, $"decoded size exceeds the {SnappyBody.DefaultLimit} bytes limit");
    }

    [Fact]
    public void A_corrupt_body_is_refused()
    {
        AssertRefused([], SnappyBody.DefaultLimit, 400, "snappy: corrupt input");
        AssertRefused([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], SnappyBody.DefaultLimit, 400, "snappy: corrupt input");
        AssertRefused([0x0A, 0x00], SnappyBody.DefaultLimit, 400, "snappy: corrupt input");
    }

    [Fact]
    public void No_bytes_make_it_throw()
    {
        var compressed = Snappy.CompressToArray([.. Enumerable.Range(0, 300).Select(i => (byte)(i % 17))]);
        Gen.Select(Gen.Int[0, compressed.Length - 1], Gen.Byte).Array[1, 6].Sample(changes =>
        {
            var bytes = compressed.ToArray();
            foreach (var (at, value) in changes)
                bytes[at] = value;
            var decoded = SnappyBody.TryDecode(bytes, 1 << 20, out var body, out var status, out _);
            body.Dispose();
            return decoded == (status == 0);
        }, iter: 20_000);
    }

    private static void AssertRefused(byte[] body, int limit, int expectedStatus, string expectedError)
    {
        Assert.False(SnappyBody.TryDecode(body, limit, out _, out var status, out var error));
        Assert.Equal((expectedStatus, expectedError), (status, error));
    }
}

using ActorMon.Model.Labels;
using ActorMon.Testing;
using Snappier;

namespace ActorMon.Api.Tests.Support;

/// <summary>Builds remote-write 1.0 requests.</summary>
internal static class RemoteWriteBody
{
    public static byte[] Of(params WireMessage[] series)
    {
        var request = new WireMessage();
        foreach (var one in series)
            request.Message(1, one);
        return Pack(request);
    }

    public static byte[] Pack(WireMessage request) => Snappy.CompressToArray(request.ToArray());

    /// <summary>Labels in reverse order: receivers must not rely on sorted ones.</summary>
    public static WireMessage Series(LabelSet labels) => Series(labels.Reverse().Select(l => (l.Name, l.Value)));

    public static WireMessage Series(IEnumerable<(string Name, string Value)> labels)
    {
        var series = new WireMessage();
        foreach (var (name, value) in labels)
            series.Message(1, Label(name, value));
        return series;
    }

    public static WireMessage With(this WireMessage series, long time, double value) => series.Message(2, new WireMessage().Double(1, value).Varint(2, (ulong)time));

    public static WireMessage Label(string name, string value) => new WireMessage().Text(1, name).Text(2, value);

    public static Task<ApiReply> Write(this ApiWorld world, byte[] body, string? contentType = "application/x-protobuf", string? encoding = "snappy") =>
        encoding is null ? world.Send("POST", "/api/v1/write", body, contentType) : world.Send("POST", "/api/v1/write", body, contentType, ("Content-Encoding", encoding));
}

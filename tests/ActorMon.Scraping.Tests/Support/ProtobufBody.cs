using System.Text;

namespace ActorMon.Scraping.Tests.Support;

/// <summary>Writes delimited io.prometheus.client.MetricFamily messages, as far as scraping tests need them.</summary>
internal static class ProtobufBody
{
    public const string ContentType = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    private const int GaugeType = 1;
    private const int HistogramType = 4;

    public static byte[] Gauge(string name, double value, params (string Name, string Value)[] labels) =>
        Family(name, GaugeType, [.. Labels(labels), .. Message(2, Double(1, value))]);

    /// <summary>A native histogram of schema 3 whose positive buckets follow each other from index 0, each with the count given.</summary>
    public static byte[] Native(string name, int buckets, ulong each, double sum = 1) => Family(name, HistogramType, Message(7,
    [
        .. Varint(1, (ulong)buckets * each),
        .. Double(2, sum),
        .. Varint(5, ZigZag(3)),
        .. Double(6, 1e-128),
        .. Message(12, [.. Varint(1, ZigZag(0)), .. Varint(2, (ulong)buckets)]),
        .. Message(13, [.. Enumerable.Range(0, buckets).SelectMany(i => Raw(ZigZag(i == 0 ? (long)each : 0)))]),
    ]));

    private static byte[] Family(string name, int type, byte[] metric)
    {
        byte[] family = [.. Message(1, Encoding.UTF8.GetBytes(name)), .. Varint(3, (ulong)type), .. Message(4, metric)];
        return [.. Raw((ulong)family.Length), .. family];
    }

    private static byte[] Labels((string Name, string Value)[] labels) =>
        [.. labels.SelectMany(l => Message(1, [.. Message(1, Encoding.UTF8.GetBytes(l.Name)), .. Message(2, Encoding.UTF8.GetBytes(l.Value))]))];

    private static byte[] Message(int field, byte[] bytes) => [.. Raw((ulong)(field << 3 | 2)), .. Raw((ulong)bytes.Length), .. bytes];

    private static byte[] Varint(int field, ulong value) => [.. Raw((ulong)field << 3), .. Raw(value)];

    private static byte[] Double(int field, double value) => [.. Raw((ulong)(field << 3 | 1)), .. BitConverter.GetBytes(value)];

    private static ulong ZigZag(long value) => (ulong)(value << 1 ^ value >> 63);

    private static byte[] Raw(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}

using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Snappier;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>A remote-write 1.0 sender of a few lines: protobuf by hand, snappy, POST. It shares no code with the receiver.</summary>
public sealed class RemoteWriter(MetricsServer server)
{
    /// <summary>Sends one sample of each of several series in one request.</summary>
    public async Task<HttpStatusCode> SendAsync(
        IEnumerable<(IReadOnlyList<(string Name, string Value)> Labels, long TimeMs, double Value)> samples, CancellationToken cancellation = default) =>
        (await AnswerAsync(samples, cancellation)).Status;

    /// <summary>As above, with what the server says to it.</summary>
    public async Task<(HttpStatusCode Status, string Text)> AnswerAsync(
        IEnumerable<(IReadOnlyList<(string Name, string Value)> Labels, long TimeMs, double Value)> samples, CancellationToken cancellation = default)
    {
        var request = new MemoryStream();
        foreach (var (labels, time, value) in samples)
        {
            var series = new MemoryStream();
            foreach (var (name, text) in labels)
            {
                var label = new MemoryStream();
                Field(label, 1, Encoding.UTF8.GetBytes(name));
                Field(label, 2, Encoding.UTF8.GetBytes(text));
                Field(series, 1, label.ToArray());
            }
            var sample = new MemoryStream();
            sample.WriteByte(1 << 3 | 1);
            var number = new byte[8];
            BinaryPrimitives.WriteDoubleLittleEndian(number, value);
            sample.Write(number);
            sample.WriteByte(2 << 3);
            Varint(sample, (ulong)time);
            Field(series, 2, sample.ToArray());
            Field(request, 1, series.ToArray());
        }
        using var content = new ByteArrayContent(Snappy.CompressToArray(request.ToArray()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        content.Headers.ContentEncoding.Add("snappy");
        content.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        return await server.AnswerToPostAsync("/api/v1/write", content, cancellation);
    }

    private static void Field(MemoryStream to, int number, byte[] bytes)
    {
        to.WriteByte((byte)(number << 3 | 2));
        Varint(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    private static void Varint(MemoryStream to, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            to.WriteByte((byte)(value | 0x80));
        to.WriteByte((byte)value);
    }
}

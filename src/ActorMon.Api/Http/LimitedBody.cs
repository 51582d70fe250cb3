using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Http;

/// <summary>Reads request bodies that have to be in one piece, up to a limit.</summary>
public static class LimitedBody
{
    /// <summary>Appends the body to <paramref name="into"/>. False: it is longer than the limit (bytes), and no more than that was read.</summary>
    public static async Task<bool> TryReadAsync(HttpRequest request, int limit, ArrayBufferWriter<byte> into, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
            return false;
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            foreach (var segment in read.Buffer)
                into.Write(segment.Span);
            reader.AdvanceTo(read.Buffer.End);
            if (into.WrittenCount > limit)
                return false;
            if (read.IsCompleted)
                return true;
        }
    }
}

using System.Runtime.InteropServices;

namespace ActorMon.Exposition.Parsing;

/// <summary>A document as an array with bounds, copied only when the memory is not an array or must end with a line feed and does not.</summary>
internal static class DocumentBytes
{
    public static (byte[] Source, int From, int End) Of(ReadOnlyMemory<byte> body, bool endWithLinebreak)
    {
        var complete = !endWithLinebreak || (!body.IsEmpty && body.Span[^1] == '\n');
        if (complete && MemoryMarshal.TryGetArray(body, out var segment) && segment.Array is not null)
            return (segment.Array, segment.Offset, segment.Offset + segment.Count);
        var copy = new byte[body.Length + (complete ? 0 : 1)];
        body.Span.CopyTo(copy);
        if (!complete)
            copy[^1] = (byte)'\n';
        return (copy, 0, copy.Length);
    }
}

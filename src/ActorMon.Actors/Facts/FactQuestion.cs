using System.Buffers;
using System.Text;
using ActorMon.Model.Bytes;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using Google.Protobuf;

namespace ActorMon.Actors.Facts;

/// <summary>
/// A question as one frame. What a later version adds stands behind it and is not looked at by an older reader.
/// <code>
/// version | topic: length, text | partitions: count, number each (none: about the node) | length of the message | message
/// </code>
/// </summary>
internal static class FactQuestion
{
    private const byte FrameKind = 1;
    private const byte Version = 1;

    public static void Write(IBufferWriter<byte> to, string topic, IReadOnlyList<PartitionId> partitions, ReadOnlySpan<byte> message)
    {
        var content = new ByteWriter();
        content.Byte(Version);
        content.Number((ulong)topic.Length);
        content.Bytes(Encoding.ASCII.GetBytes(topic));
        content.Number((ulong)partitions.Count);
        foreach (var partition in partitions)
            content.Number((ulong)partition.Value);
        content.Number((ulong)message.Length);
        content.Bytes(message);
        LinkFrames.Write(to, FrameKind, content.Written);
        LinkFrames.WriteEnd(to);
    }

    /// <param name="partitions">P.</param>
    /// <returns>Null: it is none.</returns>
    public static (string Topic, List<PartitionId> Partitions, byte[] Message)? Read(LinkFrame frame, int partitions)
    {
        var from = frame.Reader();
        if (frame.Kind != FrameKind || from.Byte() < Version)
            return null;
        var topic = from.Text();
        var wanted = new List<PartitionId>();
        for (var left = from.Count(); left > 0 && !from.Failed; left--)
            wanted.Add(new PartitionId(from.Number(partitions - 1)));
        var length = from.Count();
        if (from.Failed || length > from.Left)
            return null;
        return (topic, wanted, frame.Content.Slice(from.Position, length).ToArray());
    }

    public static T Parse<T>(this MessageParser<T> parser, byte[] message)
        where T : IMessage<T> => parser.ParseFrom(message);
}

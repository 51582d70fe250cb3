using ActorMon.Model.Bytes;
using ActorMon.Model.Text;

namespace ActorMon.Protocol.Links.Batches;

/// <summary>Reply to one batch.</summary>
/// <param name="Stay">The stay of the replica, by the receiver's map, for which the reply counts; 0 when Unanswered.</param>
/// <param name="Error">A sentence for Failed, Refused, SetAside, NotTaken and Unanswered, else null.</param>
public readonly record struct BatchAnswer(BatchReply Reply, long Stay, string? Error = null);

/// <summary>The answer's frame: varint count, each: u8 reply | varint stay | text error (empty: none).</summary>
public static class BatchReplies
{
    private const int MaxErrorBytes = 2048;

    public static ReadOnlySpan<byte> Encode(IReadOnlyList<BatchAnswer> answers, ByteWriter into)
    {
        into.Clear();
        into.Number((ulong)answers.Count);
        foreach (var answer in answers)
        {
            into.Byte((byte)answer.Reply);
            into.Number((ulong)answer.Stay);
            var error = answer.Error is null ? [] : ByteText.Encode(answer.Error).AsSpan();
            error = error[..Math.Min(error.Length, MaxErrorBytes)];
            into.Number((ulong)error.Length);
            into.Bytes(error);
        }
        return into.Written;
    }

    /// <summary>Null when the bytes are not that. A reply of a later version is read as Unanswered: the batch is sent again.</summary>
    public static BatchAnswer[]? Decode(ByteReader from)
    {
        var answers = new BatchAnswer[from.Number(from.Left / 3)];
        for (var i = 0; i < answers.Length; i++)
        {
            var reply = from.Byte();
            var stay = (long)from.Number();
            var error = from.Text();
            answers[i] = new BatchAnswer(reply <= (byte)BatchReply.Unanswered ? (BatchReply)reply : BatchReply.Unanswered, stay, error.Length == 0 ? null : error);
        }
        return from.Failed || from.Left > 0 ? null : answers;
    }
}

using ActorMon.Model.Bytes;
using ActorMon.Model.Text;

namespace ActorMon.Protocol.Links.Reading;

/// <summary>Byte strings of any content as a length and their bytes.</summary>
internal static class TextFields
{
    public static void Text(this ByteWriter to, string text)
    {
        var length = ByteText.ByteCount(text);
        to.Number((ulong)length);
        ByteText.Encode(text, to.Append(length));
    }
}

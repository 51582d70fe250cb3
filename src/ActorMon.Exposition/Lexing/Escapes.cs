using ActorMon.Model.Text;

namespace ActorMon.Exposition.Lexing;

/// <summary>Backslash escapes of the text formats. Unknown escapes stay as they are.</summary>
internal static class Escapes
{
    /// <summary>Decodes a label name or value, with \\, \" and \n.</summary>
    public static string Decode(ReadOnlySpan<byte> escaped)
    {
        if (escaped.IndexOf((byte)'\\') < 0)
            return ByteText.Decode(escaped);
        var plain = escaped.Length <= 512 ? stackalloc byte[512] : new byte[escaped.Length];
        return ByteText.Decode(plain[..Unescape(escaped, plain, quotes: true)]);
    }

    /// <summary>
    /// Unescapes into <paramref name="into"/>, which holds at least as many bytes as the input; \" only with <paramref name="quotes"/>. Returns the bytes written.
    /// </summary>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> into, bool quotes)
    {
        var written = 0;
        for (var i = 0; i < escaped.Length; i++)
        {
            var c = escaped[i];
            if (c == '\\' && i + 1 < escaped.Length)
            {
                var next = escaped[i + 1];
                if (next == '\\' || next == 'n' || (quotes && next == '"'))
                {
                    c = next == 'n' ? (byte)'\n' : next;
                    i++;
                }
            }
            into[written++] = c;
        }
        return written;
    }
}

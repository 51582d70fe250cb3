namespace ActorMon.Exposition.Lexing;

/// <summary>What a quoted string may hold besides plain bytes.</summary>
[Flags]
internal enum QuotedContent : byte
{
    None = 0,
    Newline = 1,
    Nul = 2,
}

/// <summary>Finds the end of a double-quoted string with backslash escapes.</summary>
internal static class QuotedRun
{
    /// <summary>
    /// <paramref name="at"/> stands on the opening quote; afterwards behind the closing one (true) or on the byte that cannot belong to the string, which may
    /// be <paramref name="end"/> (false).
    /// </summary>
    public static bool Skip(byte[] bytes, ref int at, int end, QuotedContent allowed)
    {
        var i = at + 1;
        while (i < end)
        {
            var stop = NextStop(bytes.AsSpan(i, end - i), allowed);
            if (stop < 0)
                break;
            i += stop;
            if (bytes[i] == '"')
            {
                at = i + 1;
                return true;
            }
            if (bytes[i] != '\\')
            {
                at = i;
                return false;
            }
            i++;
            if ((allowed & QuotedContent.Nul) != 0)
                while (i < end && bytes[i] == 0)
                    i++;
            if (i >= end)
                break;
            // A backslash takes any byte with it but a line end or NUL.
            if (bytes[i] is (byte)'\n' or 0)
            {
                at = i;
                return false;
            }
            i++;
        }
        at = end;
        return false;
    }

    private static int NextStop(ReadOnlySpan<byte> rest, QuotedContent allowed) => allowed switch
    {
        QuotedContent.Newline | QuotedContent.Nul => rest.IndexOfAny((byte)'"', (byte)'\\'),
        QuotedContent.Newline => rest.IndexOfAny((byte)'"', (byte)'\\', (byte)0),
        QuotedContent.Nul => rest.IndexOfAny((byte)'"', (byte)'\\', (byte)'\n'),
        _ => rest.IndexOfAny("\"\\\n\0"u8),
    };
}

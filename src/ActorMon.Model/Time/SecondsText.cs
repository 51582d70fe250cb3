using System.Globalization;
using ActorMon.Model.Samples;

namespace ActorMon.Model.Time;

/// <summary>Timestamps as the peers' JSON writes them: seconds with up to three decimals, trailing zeros dropped.</summary>
public static class SecondsText
{
    /// <summary>Bytes that hold every output.</summary>
    public const int MaxLength = 24;

    public static string Of(TimestampMs time)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return System.Text.Encoding.ASCII.GetString(text[..Format(time.Value, text)]);
    }

    /// <summary>Writes milliseconds as seconds; returns the bytes written.</summary>
    /// <param name="milliseconds">Milliseconds since the epoch, of either sign.</param>
    /// <param name="to">At least <see cref="MaxLength"/> bytes.</param>
    public static int Format(long milliseconds, Span<byte> to)
    {
        var at = 0;
        if (milliseconds < 0)
            to[at++] = (byte)'-';
        var magnitude = milliseconds < 0 ? 0UL - (ulong)milliseconds : (ulong)milliseconds;
        (magnitude / 1000).TryFormat(to[at..], out var written, default, CultureInfo.InvariantCulture);
        at += written;
        var rest = (int)(magnitude % 1000);
        if (rest == 0)
            return at;
        to[at++] = (byte)'.';
        for (var unit = 100; rest > 0; unit /= 10)
        {
            to[at++] = (byte)('0' + (rest / unit));
            rest %= unit;
        }
        return at;
    }
}

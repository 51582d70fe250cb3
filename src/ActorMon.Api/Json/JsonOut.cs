using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace ActorMon.Api.Json;

/// <summary>
/// A forward-only JSON writer over a buffer writer, as raw as the answers need: the caller writes structure (braces, commas) itself, strings and numbers are
/// escaped and formatted here. Not thread-safe. Nothing is buffered beyond the buffer writer's own memory.
/// </summary>
public sealed class JsonOut(IBufferWriter<byte> output)
{
    private static readonly SearchValues<char> NeedsEscape = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\u2028\u2029");

    /// <summary>Bytes written so far; callers flush the response by it.</summary>
    public long Written { get; private set; }

    public void Raw(ReadOnlySpan<byte> utf8)
    {
        output.Write(utf8);
        Written += utf8.Length;
    }

    /// <summary>Lets somebody else write a whole JSON value.</summary>
    public void Write(Action<IBufferWriter<byte>> value) => value(output);

    public void Raw(byte ascii)
    {
        output.GetSpan(1)[0] = ascii;
        Advance(1);
    }

    /// <summary>A quoted, escaped string. Text that is not valid Unicode gets U+FFFD, as Go's encoder does.</summary>
    public void String(ReadOnlySpan<char> text)
    {
        Raw((byte)'"');
        while (true)
        {
            var plain = text.IndexOfAny(NeedsEscape);
            Utf8(plain < 0 ? text : text[..plain]);
            if (plain < 0)
                break;
            Escape(text[plain]);
            text = text[(plain + 1)..];
        }
        Raw((byte)'"');
    }

    /// <summary><c>"name":</c></summary>
    public void Name(ReadOnlySpan<char> name)
    {
        String(name);
        Raw((byte)':');
    }

    public void Number(long value)
    {
        var span = output.GetSpan(20);
        Utf8Formatter.TryFormat(value, span, out var written);
        Advance(written);
    }

    /// <summary>A JSON number in the shortest form that reads back the same; NaN and infinities are not JSON and become null.</summary>
    public void Number(double value)
    {
        if (!double.IsFinite(value))
        {
            Raw("null"u8);
            return;
        }
        var span = output.GetSpan(32);
        value.TryFormat(span, out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        Advance(written);
    }

    public void Bool(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>A sample value: a string, so that NaN and the infinities survive.</summary>
    public void SampleValue(double value)
    {
        var span = output.GetSpan(40);
        span[0] = (byte)'"';
        var written = Model.Text.GoFloat.FormatApi(value, span[1..]);
        span[written + 1] = (byte)'"';
        Advance(written + 2);
    }

    /// <summary>[time, "value"] in one piece: the bulk of every large answer is this.</summary>
    /// <param name="comma">Written in front when it is not the first of its list.</param>
    public void Point(long milliseconds, double value, bool comma = false)
    {
        var span = output.GetSpan(72);
        var at = 0;
        if (comma)
            span[at++] = (byte)',';
        span[at++] = (byte)'[';
        at += FormatTime(milliseconds, span[at..]);
        span[at++] = (byte)',';
        span[at++] = (byte)'"';
        at += Model.Text.GoFloat.FormatApi(value, span[at..]);
        span[at++] = (byte)'"';
        span[at++] = (byte)']';
        Advance(at);
    }

    /// <summary>A time in seconds with up to three decimals, none when they are zero.</summary>
    public void Timestamp(long milliseconds) => Advance(FormatTime(milliseconds, output.GetSpan(24)));

    private static int FormatTime(long milliseconds, Span<byte> span)
    {
        var at = 0;
        if (milliseconds < 0)
        {
            span[at++] = (byte)'-';
            milliseconds = -milliseconds;
        }
        var (seconds, millis) = Math.DivRem(milliseconds, 1000);
        Utf8Formatter.TryFormat(seconds, span[at..], out var written);
        at += written;
        if (millis != 0)
        {
            span[at++] = (byte)'.';
            span[at++] = (byte)('0' + millis / 100);
            span[at++] = (byte)('0' + millis / 10 % 10);
            span[at++] = (byte)('0' + millis % 10);
        }
        return at;
    }

    private void Utf8(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            // Pieces keep the span asked of the buffer writer small; a pair is never cut.
            var piece = text.Length <= 1024 ? text : text[..(char.IsHighSurrogate(text[1023]) ? 1023 : 1024)];
            var span = output.GetSpan(piece.Length * 3);
            Advance(Encoding.UTF8.GetBytes(piece, span));
            text = text[piece.Length..];
        }
    }

    private void Escape(char c)
    {
        switch (c)
        {
            case '"': Raw("\\\""u8); break;
            case '\\': Raw("\\\\"u8); break;
            case '\n': Raw("\\n"u8); break;
            case '\r': Raw("\\r"u8); break;
            case '\t': Raw("\\t"u8); break;
            default:
                var span = output.GetSpan(6);
                "\\u"u8.CopyTo(span);
                for (var i = 0; i < 4; i++)
                    span[2 + i] = "0123456789abcdef"u8[(c >> (12 - 4 * i)) & 15];
                Advance(6);
                break;
        }
    }

    private void Advance(int count)
    {
        output.Advance(count);
        Written += count;
    }
}

using System.Buffers;

namespace ActorMon.Exposition.Lexing;

/// <summary>Byte classes of the text formats, and vectorised runs over them.</summary>
internal static class Bytes
{
    private static readonly SearchValues<byte> MetricNameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:"u8);
    private static readonly SearchValues<byte> LabelNameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8);

    public static bool IsLabelStart(byte c) => char.IsAsciiLetter((char)c) || c == '_';

    public static bool IsMetricStart(byte c) => IsLabelStart(c) || c == ':';

    public static bool IsBlank(byte c) => c is (byte)' ' or (byte)'\t';

    /// <summary>The length of the metric name that starts the text.</summary>
    public static int MetricNameRun(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExcept(MetricNameBytes);
        return end < 0 ? text.Length : end;
    }

    /// <summary>The length of the label name that starts the text.</summary>
    public static int LabelNameRun(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExcept(LabelNameBytes);
        return end < 0 ? text.Length : end;
    }

    /// <summary>True when the text is <paramref name="suffix"/> after an underscore and at least nothing before it.</summary>
    public static bool HasUnitSuffix(ReadOnlySpan<byte> text, ReadOnlySpan<byte> suffix) =>
        text.Length > suffix.Length && text.EndsWith(suffix) && text[^(suffix.Length + 1)] == '_';
}

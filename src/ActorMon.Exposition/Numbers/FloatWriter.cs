using ActorMon.Model.Text;

namespace ActorMon.Exposition.Numbers;

/// <summary>Floats as the peers' exposition writers put them: Go's shortest 'g', but a negative zero without its sign.</summary>
internal static class FloatWriter
{
    /// <summary>No float takes more bytes than this.</summary>
    public const int MaxLength = GoFloat.MaxLength;

    /// <summary>The text format's form. Returns the bytes written.</summary>
    public static int Write(double value, Span<byte> into) => GoFloat.FormatG(value == 0 ? 0 : value, into);

    /// <summary>The OpenMetrics form: whole numbers end in ".0". Returns the bytes written.</summary>
    public static int WriteOpenMetrics(double value, Span<byte> into) => GoFloat.FormatOpenMetrics(value == 0 ? 0 : value, into);

    public static string ToText(double value) => GoFloat.FormatG(value == 0 ? 0 : value);

    public static string ToOpenMetrics(double value) => GoFloat.FormatOpenMetrics(value == 0 ? 0 : value);
}

using ActorMon.Model.Labels;
using ActorMon.Model.Text;

namespace ActorMon.Alerting.Alerts;

/// <summary>The identity of a label set as the Alertmanager's API and notifications show it: 64-bit FNV-1a over names and values, each followed by 255.</summary>
public static class Fingerprint
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static ulong Of(LabelSet labels)
    {
        var hash = Offset;
        foreach (var label in labels.AsSpan())
        {
            hash = Add(hash, label.Name);
            hash = Add(hash, label.Value);
        }
        return hash;
    }

    /// <summary>16 hexadecimal digits.</summary>
    public static string TextOf(LabelSet labels) => Of(labels).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    private static ulong Add(ulong hash, string text)
    {
        Span<byte> small = stackalloc byte[256];
        var size = ByteText.ByteCount(text);
        var bytes = size <= small.Length ? small[..ByteText.Encode(text, small)] : ByteText.Encode(text);
        foreach (var value in bytes)
            hash = (hash ^ value) * Prime;
        return (hash ^ 255) * Prime;
    }
}

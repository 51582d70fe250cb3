using System.Text.Json;

namespace ActorMon.Testing.Conformance;

public static partial class ConformanceData
{
    /// <summary>A float as the kit writes it: a number, or "NaN", "+Inf", "-Inf".</summary>
    public static double Float(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? element.GetString() switch
        {
            "NaN" => double.NaN,
            "+Inf" or "Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            var text => double.Parse(text!, System.Globalization.CultureInfo.InvariantCulture),
        }
        : element.GetDouble();

    /// <summary>A string as the kit writes it: text, or {"bytes":[..]} when it is not valid UTF-8.</summary>
    public static string Text(JsonElement element) => element.ValueKind == JsonValueKind.Object
        ? Model.Text.ByteText.Decode(element.GetProperty("bytes").EnumerateArray().Select(b => b.GetByte()).ToArray())
        : element.GetString()!;
}

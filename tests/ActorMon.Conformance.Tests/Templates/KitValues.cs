using System.Globalization;
using System.Text.Json;
using ActorMon.Model.Labels;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Functions;
using ActorMon.Templates.Notifications;
using ActorMon.Templates.Time;
using ActorMon.Templates.Values;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Templates;

/// <summary>The kit's inputs as values of the language.</summary>
internal static class KitValues
{
    public static TemplateValue Of(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                return Items(element);
            case JsonValueKind.String:
                return Text(element.GetString()!);
            case JsonValueKind.Number:
                return element.TryGetInt64(out var integer) ? new IntValue(integer) : new FloatValue(element.GetDouble());
            case JsonValueKind.Object when element.TryGetProperty("bigInt", out var big):
                return BigInt(big.GetString()!);
            case JsonValueKind.Object when element.TryGetProperty("value", out var value):
                return Of(value);
            case JsonValueKind.Object when element.TryGetProperty("sample", out var sample):
                return PrometheusFunctions.SampleOf(new QuerySample(LabelSet.Empty, 0, PrometheusTemplateTests.Histogram(sample.GetProperty("value").GetProperty("histogram"))));
            case JsonValueKind.Object when IsNotification(element):
                return Notification(element).ToValue();
            case JsonValueKind.Object:
                return new MapValue(element.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Of(p.Value))));
            default:
                return NilValue.Instance;
        }
    }

    public static Dictionary<string, string> Texts(JsonElement element) => element.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);

    private static ListValue Items(JsonElement element)
    {
        var items = element.EnumerateArray().Select(Of).ToArray();
        return new ListValue(items, Array.TrueForAll(items, i => i is StringValue) ? TemplateType.Strings : TemplateType.List);
    }

    private static TemplateValue Text(string text) => text switch
    {
        "NaN" or "+Inf" or "-Inf" => new FloatValue(ConformanceData.Float(JsonSerializer.SerializeToElement(text))),
        _ when DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => TimeValues.Of(GoTime.From(time)),
        _ => new StringValue(text),
    };

    private static TemplateValue BigInt(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var signed) ? new IntValue(signed) : new UintValue(ulong.Parse(text, CultureInfo.InvariantCulture));

    private static bool IsNotification(JsonElement element) =>
        element.TryGetProperty("Alerts", out _) || element.TryGetProperty("GroupLabels", out _) || element.TryGetProperty("RouteLabels", out _) || element.TryGetProperty("CommonLabels", out _);

    private static NotificationData Notification(JsonElement element) => new()
    {
        GroupLabels = element.TryGetProperty("GroupLabels", out var group) ? Texts(group) : [],
        CommonLabels = element.TryGetProperty("CommonLabels", out var common) ? Texts(common) : [],
        RouteLabels = element.TryGetProperty("RouteLabels", out var route) ? Texts(route) : [],
        Alerts = element.TryGetProperty("Alerts", out var alerts) ? [.. alerts.EnumerateArray().Select(Alert)] : [],
    };

    private static NotifiedAlert Alert(JsonElement element) => new()
    {
        Status = element.GetProperty("Status").GetString()!,
        Labels = element.TryGetProperty("Labels", out var labels) ? Texts(labels) : null,
    };
}

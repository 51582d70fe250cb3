using System.Globalization;
using System.Text.Json;
using ActorMon.Alerting.Alerts;

namespace ActorMon.Api.AlertmanagerV2;

/// <summary>Reads the body of POST /alerts.</summary>
internal static class AlertsBody
{
    private static readonly IReadOnlyList<KeyValuePair<string, string>> None = [];
    private static readonly string[] Fields = ["labels", "annotations", "startsAt", "endsAt", "generatorURL"];

    /// <returns>The alerts as they were posted, or why the body is refused as a whole.</returns>
    public static (List<PostedAlert>? Alerts, V2Fault? Fault) Parse(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        try
        {
            return body.IsEmpty ? (null, V2Fault.Required("alerts")) : List(ref json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, V2Fault.Unread("alerts", e.Message));
        }
    }

    private static (List<PostedAlert>?, V2Fault?) List(ref Utf8JsonReader json)
    {
        BodyReading.Next(ref json);
        if (json.TokenType == JsonTokenType.Null)
            return (null, V2Fault.Required("alerts"));
        BodyReading.Expect(ref json, JsonTokenType.StartArray, "", "models.PostableAlerts");
        var alerts = new List<PostedAlert>();
        V2Fault? fault = null;
        for (BodyReading.Next(ref json); json.TokenType != JsonTokenType.EndArray; BodyReading.Next(ref json))
        {
            var place = alerts.Count;
            var (alert, hasLabels) = One(ref json);
            alerts.Add(alert);
            // The body is read to its end first: what cannot be read at all comes before what is missing.
            if (fault is null && !hasLabels)
                fault = V2Fault.Required(string.Create(CultureInfo.InvariantCulture, $"{place}.labels"));
            else if (fault is null && !IsUri(alert.GeneratorUrl))
                fault = V2Fault.BadType(string.Create(CultureInfo.InvariantCulture, $"{place}.generatorURL"), "body", "uri", alert.GeneratorUrl);
        }
        BodyReading.End(ref json);
        return fault is null ? (alerts, null) : (null, fault);
    }

    private static (PostedAlert Alert, bool HasLabels) One(ref Utf8JsonReader json)
    {
        IReadOnlyList<KeyValuePair<string, string>>? labels = null, annotations = null;
        DateTimeOffset? starts = null, ends = null;
        var generator = "";
        if (json.TokenType == JsonTokenType.Null)
            return (new PostedAlert(None, None, null, null, ""), false);
        BodyReading.Expect(ref json, JsonTokenType.StartObject, "", "models.PostableAlert");
        for (BodyReading.Next(ref json); json.TokenType != JsonTokenType.EndObject; BodyReading.Next(ref json))
            switch (BodyReading.Field(ref json, Fields))
            {
                case "labels": labels = BodyReading.Pairs(ref json, "Alert.labels"); break;
                case "annotations": annotations = BodyReading.Pairs(ref json, "PostableAlert.annotations"); break;
                case "startsAt": starts = BodyReading.Time(ref json, "PostableAlert.startsAt"); break;
                case "endsAt": ends = BodyReading.Time(ref json, "PostableAlert.endsAt"); break;
                case "generatorURL": generator = BodyReading.SharedText(ref json, "Alert.generatorURL"); break;
                default: json.Skip(); break;
            }
        return (new PostedAlert(labels ?? None, annotations ?? None, starts, ends, generator), labels is not null);
    }

    /// <summary>An absolute URI or a path from the root, as request lines have them; "" is not given.</summary>
    private static bool IsUri(string text)
    {
        if (text.Length == 0 || text[0] == '/')
            return true;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && char.IsAsciiLetter(text[0]) && !text.AsSpan(0, colon).ContainsAnyExcept(SchemeCharacters) && !text.AsSpan().ContainsAny(ControlCharacters);
    }

    private static readonly System.Buffers.SearchValues<char> SchemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private static readonly System.Buffers.SearchValues<char> ControlCharacters =
        System.Buffers.SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (char)i), '\u007f']);
}

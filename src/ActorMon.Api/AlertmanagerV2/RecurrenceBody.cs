using System.Globalization;
using System.Text.Json;
using ActorMon.Alerting.Silences;
using ActorMon.Model.Text;

namespace ActorMon.Api.AlertmanagerV2;

/// <summary>Reads the recurrence of a posted silence: <c>{"rule": "FREQ=WEEKLY;BYDAY=SA", "timeZone": "Europe/Berlin", "except": ["2026-12-26"]}</c>. Beyond the original.</summary>
internal static class RecurrenceBody
{
    private static readonly string[] Fields = ["rule", "timeZone", "except"];

    /// <summary>The recurrence at the reader; null for null.</summary>
    public static ProposedRecurrence? Read(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
            return null;
        string? rule = null, zone = null;
        List<DateOnly> except = [];
        BodyReading.Expect(ref json, JsonTokenType.StartObject, "Silence.recurrence", "models.Recurrence");
        for (BodyReading.Next(ref json); json.TokenType != JsonTokenType.EndObject; BodyReading.Next(ref json))
            switch (BodyReading.Field(ref json, Fields))
            {
                case "rule": rule = BodyReading.Text(ref json, "Recurrence.rule"); break;
                case "timeZone": zone = BodyReading.Text(ref json, "Recurrence.timeZone"); break;
                case "except": except = Days(ref json); break;
                default: json.Skip(); break;
            }
        return new ProposedRecurrence(rule ?? "", zone ?? "", except);
    }

    private static List<DateOnly> Days(ref Utf8JsonReader json)
    {
        var days = new List<DateOnly>();
        if (json.TokenType == JsonTokenType.Null)
            return days;
        BodyReading.Expect(ref json, JsonTokenType.StartArray, "Recurrence.except", "[]string");
        for (BodyReading.Next(ref json); json.TokenType != JsonTokenType.EndArray; BodyReading.Next(ref json))
        {
            var text = BodyReading.Text(ref json, "Recurrence.except") ?? "";
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                throw new JsonException($"parsing day {GoQuote.Quote(text)} as \"2006-01-02\": cannot parse it");
            days.Add(day);
        }
        return days;
    }
}

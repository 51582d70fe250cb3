using System.Globalization;
using System.Text.Json;
using ActorMon.Alerting.Silences;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;

namespace ActorMon.Api.AlertmanagerV2;

/// <summary>Reads the body of POST /silences.</summary>
internal static class SilenceBody
{
    private static readonly string[] Fields = ["id", "matchers", "startsAt", "endsAt", "createdBy", "comment", "annotations", "untilResolved", "recurrence"];
    private static readonly string[] MatcherFields = ["name", "value", "isRegex", "isEqual"];

    /// <returns>The silence as it was posted, start and end known, or why it is refused.</returns>
    public static (SilenceProposal? Proposal, V2Fault? Fault) Parse(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        try
        {
            if (body.IsEmpty)
                return (null, V2Fault.Required("silence"));
            BodyReading.Next(ref json);
            if (json.TokenType == JsonTokenType.Null)
                return (null, V2Fault.Required("silence"));
            var parts = Read(ref json);
            BodyReading.End(ref json);
            return parts.Check() is { } fault ? (null, fault) : (parts.Proposal(), null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, V2Fault.Unread("silence", e.Message));
        }
    }

    private static Parts Read(ref Utf8JsonReader json)
    {
        var parts = new Parts();
        BodyReading.Expect(ref json, JsonTokenType.StartObject, "", "models.PostableSilence");
        for (BodyReading.Next(ref json); json.TokenType != JsonTokenType.EndObject; BodyReading.Next(ref json))
            switch (BodyReading.Field(ref json, Fields))
            {
                case "id": parts.Id = BodyReading.Text(ref json, "PostableSilence.id") ?? ""; break;
                case "matchers": parts.Matchers = Matchers(ref json); break;
                case "startsAt": parts.StartsAt = BodyReading.Time(ref json, "Silence.startsAt"); break;
                case "endsAt": parts.EndsAt = BodyReading.Time(ref json, "Silence.endsAt"); break;
                case "createdBy": parts.CreatedBy = BodyReading.Text(ref json, "Silence.createdBy"); break;
                case "comment": parts.Comment = BodyReading.Text(ref json, "Silence.comment"); break;
                case "annotations": parts.Annotations = LabelSet.From(BodyReading.Pairs(ref json, "Silence.annotations") ?? []); break;
                case "untilResolved": parts.UntilResolved = BodyReading.Bool(ref json, "Silence.untilResolved") ?? false; break;
                case "recurrence": parts.Recurrence = RecurrenceBody.Read(ref json); break;
                default: json.Skip(); break;
            }
        return parts;
    }

    private static List<PartsOfMatcher>? Matchers(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
            return null;
        BodyReading.Expect(ref json, JsonTokenType.StartArray, "Silence.matchers", "models.Matchers");
        var matchers = new List<PartsOfMatcher>();
        for (BodyReading.Next(ref json); json.TokenType != JsonTokenType.EndArray; BodyReading.Next(ref json))
            matchers.Add(Matcher(ref json));
        return matchers;
    }

    private static PartsOfMatcher Matcher(ref Utf8JsonReader json)
    {
        string? name = null, value = null;
        bool? regex = null, equal = null;
        BodyReading.Expect(ref json, JsonTokenType.StartObject, "Silence.matchers", "models.Matcher");
        for (BodyReading.Next(ref json); json.TokenType != JsonTokenType.EndObject; BodyReading.Next(ref json))
            switch (BodyReading.Field(ref json, MatcherFields))
            {
                case "name": name = BodyReading.Text(ref json, "Matcher.name"); break;
                case "value": value = BodyReading.Text(ref json, "Matcher.value"); break;
                case "isRegex": regex = BodyReading.Bool(ref json, "Matcher.isRegex"); break;
                case "isEqual": equal = BodyReading.Bool(ref json, "Matcher.isEqual"); break;
                default: json.Skip(); break;
            }
        return new PartsOfMatcher(name, value, regex, equal ?? true);
    }

    private sealed record PartsOfMatcher(string? Name, string? Value, bool? IsRegex, bool IsEqual)
    {
        public V2Fault? Check(int place)
        {
            var missing = IsRegex is null ? "isRegex" : Name is null ? "name" : Value is null ? "value" : null;
            return missing is null ? null : V2Fault.Required(string.Create(CultureInfo.InvariantCulture, $"matchers.{place}.{missing}"));
        }

        public ProposedMatcher Proposed() => new(Name!, (IsRegex!.Value, IsEqual) switch
        {
            (false, true) => MatchOperator.Equal,
            (false, false) => MatchOperator.NotEqual,
            (true, true) => MatchOperator.Regex,
            _ => MatchOperator.NotRegex,
        }, Value!);
    }

    /// <summary>What the body gave; null: not given.</summary>
    private sealed class Parts
    {
        public string Id { get; set; } = "";
        public List<PartsOfMatcher>? Matchers { get; set; }
        public DateTimeOffset? StartsAt { get; set; }
        public DateTimeOffset? EndsAt { get; set; }
        public string? CreatedBy { get; set; }
        public string? Comment { get; set; }
        public LabelSet Annotations { get; set; } = LabelSet.Empty;
        public bool UntilResolved { get; set; }
        public ProposedRecurrence? Recurrence { get; set; }

        /// <summary>What is missing, in the original's order: by name.</summary>
        public V2Fault? Check()
        {
            var missing = Comment is null ? "comment" : CreatedBy is null ? "createdBy" : EndsAt is null ? "endsAt" : Matchers is null ? "matchers" : null;
            if (missing is not null)
                return V2Fault.Required(missing);
            if (Matchers!.Count == 0)
                return new V2Fault(422, 612, "matchers in body should have at least 1 items");
            for (var i = 0; i < Matchers.Count; i++)
                if (Matchers[i].Check(i) is { } fault)
                    return fault;
            return StartsAt is null ? V2Fault.Required("startsAt") : null;
        }

        public SilenceProposal Proposal() => new()
        {
            Id = Id,
            MatcherSets = [[.. Matchers!.Select(m => m.Proposed())]],
            StartsAt = StartsAt,
            EndsAt = EndsAt,
            CreatedBy = CreatedBy!,
            Comment = Comment!,
            Annotations = Annotations,
            UntilResolved = UntilResolved,
            Recurrence = Recurrence,
        };
    }
}

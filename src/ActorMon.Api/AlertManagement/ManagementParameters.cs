using System.Globalization;
using ActorMon.Alerting.History;
using ActorMon.Alerting.Matchers;
using ActorMon.Api.Http;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;

namespace ActorMon.Api.AlertManagement;

/// <summary>Parameters that questions about alerts have in common.</summary>
internal static class ManagementParameters
{
    private const int MostEvents = 10_000;

    /// <summary>filter (the Alertmanager's matchers, repeated or several in one).</summary>
    /// <param name="required">Matching everything is an error.</param>
    public static MatcherSet Filter(ParameterReader reader, MatcherSyntax syntax, bool required)
    {
        var matchers = new List<AlertMatcher>();
        foreach (var text in reader.All("filter"))
        {
            var parsed = MatcherParser.ParseList(text, syntax);
            if (parsed.Error is { } error)
                reader.Fail("filter", error);
            matchers.AddRange(parsed.Matchers);
        }
        if (required && matchers.TrueForAll(matcher => matcher.MatchesEmpty))
            reader.Fail("filter", "at least one matcher must not match the empty string");
        return new MatcherSet(matchers);
    }

    /// <summary>filter, start and end (RFC 3339 or Unix seconds), event (repeated), limit: the newest ones.</summary>
    public static HistoryQuery History(ParameterReader reader, MatcherSyntax syntax, DateTimeOffset now)
    {
        var filter = Filter(reader, syntax, required: false);
        var from = Moment(reader.Time("start", TimestampMs.From(now - TimeSpan.FromDays(1))));
        var to = Moment(reader.Time("end", TimestampMs.From(now)));
        var kinds = new List<AlertEventKind>();
        foreach (var text in reader.All("event"))
            if (Enum.TryParse<AlertEventKind>(text, ignoreCase: true, out var kind) && !char.IsAsciiDigit(text[0]))
                kinds.Add(kind);
            else
                reader.Fail("event", $"{GoQuote.Quote(text)} is none of {string.Join(", ", Enum.GetNames<AlertEventKind>().Select(ManagementJson.Camel))}");
        var limit = reader.Limit() is > 0 and var asked && asked < MostEvents ? asked : MostEvents;
        if (to < from)
            reader.FailPlain("end timestamp must not be before start time");
        return new HistoryQuery(filter, from, to, kinds, limit);
    }

    /// <summary>The start and end of an open range are beyond what the calendar holds.</summary>
    private static DateTimeOffset Moment(TimestampMs time) => DateTimeOffset.FromUnixTimeMilliseconds(
        Math.Clamp(time.Value, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
}

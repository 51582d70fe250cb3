using System.Text.Json;
using ActorMon.Alerting.Matchers;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Alertmanager;

/// <summary>Reads what the tables of the Alertmanager have in common.</summary>
internal static class Kit
{
    public static readonly DateTimeOffset Now = new(2024, 5, 6, 7, 8, 9, TimeSpan.Zero);

    public static JsonElement File(string name) => ConformanceData.Json("alertmanager", name);

    public static LabelSet Labels(JsonElement labels) =>
        LabelSet.From(labels.EnumerateObject().Select(l => KeyValuePair.Create(l.Name, l.Value.GetString()!)));

    public static MatchOperator Operator(string symbol) => symbol switch
    {
        "=" => MatchOperator.Equal,
        "!=" => MatchOperator.NotEqual,
        "=~" => MatchOperator.Regex,
        "!~" => MatchOperator.NotRegex,
        _ => throw new FormatException(symbol),
    };

    public static string Text(JsonElement element, string name, string fallback = "") =>
        element.TryGetProperty(name, out var value) ? ConformanceData.Text(value) : fallback;

    public static MatcherSet Matchers(JsonElement rule, string side)
    {
        var matchers = new List<AlertMatcher>();
        if (rule.TryGetProperty(side + "_match", out var equal))
            matchers.AddRange(equal.EnumerateObject().Select(m => new AlertMatcher(MatchOperator.Equal, m.Name, m.Value.GetString()!)));
        if (rule.TryGetProperty(side + "_matchers", out var list))
            matchers.AddRange(list.EnumerateArray().SelectMany(m => MatcherParser.ParseList(m.GetString()!).Matchers));
        return new MatcherSet(matchers);
    }

    /// <summary>A moment as the tables write it: "(now)", an offset from now, or {"op":"-"} before an offset.</summary>
    public static DateTimeOffset? Moment(JsonElement holder, string name)
    {
        if (!holder.TryGetProperty(name, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString() switch
            {
                "(now)" => Now,
                "(a valid time)" => Now.AddHours(1),
                "(unset)" => null,
                var other => throw new FormatException(other),
            };
        return value.TryGetProperty("op", out _) ? Now - Duration(value.GetProperty("x")) : Now + Duration(value);
    }

    public static TimeSpan Duration(JsonElement element) => new(element.GetProperty("durationNs").GetInt64() / 100);
}

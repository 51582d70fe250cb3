using ActorMon.Model.Labels;
using ActorMon.PromQL.Parsing;

namespace ActorMon.Conformance.Tests.PromQLEngine;

/// <summary>Series lines as scripts write them.</summary>
internal static class SeriesNotation
{
    public static ScriptSeries Parse(string line)
    {
        var parsed = PromQLParser.ParseSeries(line);
        if (!parsed.Success)
            throw new ScriptException(parsed.ErrorText);
        return new ScriptSeries(
            parsed.Series.Labels, [.. parsed.Series.Values.Select(value => value.Omitted ? null : new ScriptValue(value.Value, value.Histogram, value.ResetHintGiven))]);
    }

    public static LabelSet ParseMetric(string text)
    {
        var parsed = PromQLParser.ParseMetric(text);
        return parsed.Success ? parsed.Labels : throw new ScriptException(parsed.ErrorText);
    }
}

using ActorMon.Alerting.Times;
using ActorMon.Configuration.Schema;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Alertmanager;

/// <summary>Time intervals out of their sections.</summary>
internal static class TimeIntervalSection
{
    /// <param name="key">time_intervals, or the deprecated mute_time_intervals; both share one set of names.</param>
    public static void Build(ConfigSection top, string key, Dictionary<string, NamedTimeInterval> intervals, ReadContext context)
    {
        var kind = key == "time_intervals" ? "time interval" : "mute time interval";
        foreach (var s in top.Sections(key))
        {
            var name = s.Text("name");
            if (name.Length == 0)
                context.Error(s, "name", "missing name in " + kind);
            var parts = s.Sections("time_intervals").Select(part => Build(part, context)).ToArray();
            if (!intervals.TryAdd(name, new NamedTimeInterval(name, parts)))
                context.Error(s, "name", $"{kind} {GoQuote.Quote(name)} is not unique");
        }
    }

    private static TimeInterval Build(ConfigSection s, ReadContext context)
    {
        var times = new List<MinuteRange>();
        foreach (var range in s.Sections("times"))
        {
            var (minutes, error) = TimeIntervalParser.Times(range.Text("start_time"), range.Text("end_time"));
            if (error is not null)
                context.Error(range, "start_time", error);
            times.Add(minutes);
        }
        var (zone, problem) = s.IsWritten("location") ? TimeIntervalParser.Location(s.Text("location")) : (null, null);
        if (problem is not null)
            context.Error(s, "location", problem);
        return new TimeInterval
        {
            Times = s["times"] is null ? null : times,
            Weekdays = Ranges(s, "weekdays", TimeIntervalParser.Weekdays, context),
            DaysOfMonth = Ranges(s, "days_of_month", TimeIntervalParser.DaysOfMonth, context),
            Months = Ranges(s, "months", TimeIntervalParser.Months, context),
            Years = Ranges(s, "years", TimeIntervalParser.Years, context),
            Location = zone,
        };
    }

    private static NumberRange[]? Ranges(ConfigSection s, string key, Func<string, (NumberRange Range, string? Error)> parse, ReadContext context)
    {
        if (s[key] is null)
            return null;
        var ranges = new List<NumberRange>();
        foreach (var text in s.List(key))
        {
            var (range, error) = parse(text);
            if (error is not null)
                context.Error(s, key, error);
            ranges.Add(range);
        }
        return [.. ranges];
    }
}

using System.Globalization;
using System.Text.Json;
using ActorMon.Alerting.Times;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Alertmanager;

public sealed class TimeIntervalTests
{
    private static JsonElement Data => Kit.File("timeinterval.json");

    [ConformanceFact]
    public void Intervals_hold_their_moments()
    {
        var run = new ConformanceRun("alertmanager/timeinterval", "contains");
        foreach (var @case in Data.GetProperty("contains").EnumerateArray())
            run.Case(@case.ToString(), () => ExpectMoments(@case, Interval(@case.GetProperty("interval")).Contains));
        run.Finish(8);
    }

    [ConformanceFact]
    public void Routes_are_muted_by_the_intervals_that_hold()
    {
        var run = new ConformanceRun("alertmanager/timeinterval", "mutes");
        var sydney = TimeIntervalParser.Location("Australia/Sydney").Zone!;
        var mutes = Data.GetProperty("mutes");
        var named = mutes.GetProperty("intervals").EnumerateObject().Select(interval => new NamedTimeInterval(interval.Name, [new TimeInterval
        {
            Times = interval.Value.TryGetProperty("times", out var times)
                ? [.. times.EnumerateArray().Select(t => TimeIntervalParser.Times(t[0].GetString()!, t[1].GetString()!).Range)] : null,
            Weekdays = interval.Value.TryGetProperty("weekdays", out var days) ? [.. days.EnumerateArray().Select(d => TimeIntervalParser.Weekdays(d.GetString()!).Range)] : null,
            Location = sydney,
        }])).ToArray();
        var intervals = new TimeIntervals(named);
        foreach (var @case in mutes.GetProperty("cases").EnumerateArray())
            run.Case(Kit.Text(@case, "name"), () =>
            {
                var zone = TimeIntervalParser.Location(Kit.Text(@case, "zone")).Zone!;
                var local = DateTime.Parse(Kit.Text(@case, "now"), CultureInfo.InvariantCulture);
                var muted = intervals.Holding([.. named.Select(n => n.Name).Order(StringComparer.Ordinal)], new DateTimeOffset(local, zone.GetUtcOffset(local)));
                Assert.Equal(@case.GetProperty("mutedBy").EnumerateArray().Select(name => name.GetString()!), muted);
            });
        run.Finish(6);
    }

    internal static void ExpectMoments(JsonElement @case, Func<DateTimeOffset, bool> contains)
    {
        foreach (var moment in @case.GetProperty("contains").EnumerateArray())
            Assert.True(contains(Moment(moment.GetString()!)), $"{moment} is not in it");
        foreach (var moment in @case.GetProperty("excludes").EnumerateArray())
            Assert.False(contains(Moment(moment.GetString()!)), $"{moment} is in it");
    }

    private static DateTimeOffset Moment(string text)
    {
        // .NET wants a colon in the offset.
        var withColon = text.Insert(text.Length - 2, ":");
        return DateTimeOffset.ParseExact(withColon, "d MMM yy HH:mm zzz", CultureInfo.InvariantCulture);
    }

    private static TimeInterval Interval(JsonElement interval) => new()
    {
        Times = interval.TryGetProperty("Times", out var times)
            ? [.. times.EnumerateArray().Select(t => new MinuteRange(t.GetProperty("StartMinute").GetInt32(), t.GetProperty("EndMinute").GetInt32()))] : null,
        Weekdays = Ranges(interval, "Weekdays"),
        DaysOfMonth = Ranges(interval, "DaysOfMonth"),
        Months = Ranges(interval, "Months"),
        Years = Ranges(interval, "Years"),
        Location = interval.TryGetProperty("Location", out var location) ? TimeIntervalParser.Location(location[0].GetString()!).Zone : null,
    };

    private static NumberRange[]? Ranges(JsonElement interval, string name) => interval.TryGetProperty(name, out var ranges)
        ? [.. ranges.EnumerateArray().Select(r => new NumberRange(r[0].GetProperty("Begin").GetInt32(), r[0].GetProperty("End").GetInt32()))]
        : null;
}

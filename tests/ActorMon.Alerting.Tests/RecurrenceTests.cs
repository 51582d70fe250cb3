using System.Globalization;
using ActorMon.Alerting.Silences;

namespace ActorMon.Alerting.Tests;

public sealed class RecurrenceTests
{
    [Theory]
    [InlineData("FREQ=DAILY", "", "2024-01-01 02:00", "01-01 02:00, 01-02 02:00, 01-03 02:00")]
    [InlineData("FREQ=DAILY;INTERVAL=10;BYMONTH=1", "", "2024-01-01 02:00", "01-01 02:00, 01-11 02:00, 01-21 02:00, 01-31 02:00, 01-05 02:00")]
    [InlineData("FREQ=WEEKLY;BYDAY=SA,SU", "", "2024-01-03 02:00", "01-03 02:00, 01-06 02:00, 01-07 02:00, 01-13 02:00")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2", "", "2024-01-03 02:00", "01-03 02:00, 01-17 02:00, 01-31 02:00")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", "", "2024-01-01 02:00", "01-01 02:00, 01-07 02:00, 01-15 02:00, 01-21 02:00")]
    [InlineData("FREQ=MONTHLY", "", "2024-01-31 02:00", "01-31 02:00, 03-31 02:00, 05-31 02:00")]
    [InlineData("FREQ=MONTHLY;BYDAY=2TU", "", "2024-01-09 02:00", "01-09 02:00, 02-13 02:00, 03-12 02:00")]
    [InlineData("FREQ=MONTHLY;BYDAY=-1FR", "", "2024-01-26 02:00", "01-26 02:00, 02-23 02:00, 03-29 02:00")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=1,-1", "", "2024-01-31 02:00", "01-31 02:00, 02-01 02:00, 02-29 02:00, 03-01 02:00")]
    [InlineData("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "", "2024-09-13 02:00", "09-13 02:00, 12-13 02:00, 06-13 02:00")]
    [InlineData("FREQ=YEARLY", "", "2024-02-29 02:00", "02-29 02:00, 02-29 02:00")]
    [InlineData("FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU", "", "2024-03-31 02:00", "03-31 02:00, 10-27 02:00, 03-30 02:00")]
    [InlineData("FREQ=DAILY;COUNT=2", "", "2024-01-01 02:00", "01-01 02:00, 01-02 02:00, never")]
    [InlineData("FREQ=DAILY;UNTIL=20240102", "", "2024-01-01 02:00", "01-01 02:00, 01-02 02:00, never")]
    [InlineData("FREQ=DAILY;UNTIL=20240102T015959Z", "", "2024-01-01 02:00", "01-01 02:00, never")]
    // Berlin is an hour ahead in winter and two in summer; 02:30 is left out on 31 March and comes twice on 27 October.
    [InlineData("FREQ=DAILY", "Europe/Berlin", "2024-03-30 01:30", "03-30 01:30, 03-31 01:30, 04-01 00:30")]
    [InlineData("FREQ=DAILY", "Europe/Berlin", "2024-10-26 00:30", "10-26 00:30, 10-27 00:30, 10-28 01:30")]
    public void A_rule_comes_back_by_the_wall_clock_of_its_zone(string rule, string zone, string first, string expected)
    {
        var (recurrence, error) = RecurrenceParser.Parse(rule, zone);
        Assert.Null(error);
        var start = DateTimeOffset.Parse(first, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var after = start;
        var shown = new List<string>();
        foreach (var _ in expected.Split(", "))
        {
            var next = recurrence!.Next(start, TimeSpan.FromHours(1), after);
            shown.Add(next is null ? "never" : next.Value.Start.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture));
            if (next is { } found)
            {
                Assert.Equal(TimeSpan.FromHours(1), found.End - found.Start);
                after = found.End;
            }
        }
        Assert.Equal(expected, string.Join(", ", shown));
    }

    [Fact]
    public void The_occurrence_that_is_under_way_is_the_next()
    {
        var recurrence = RecurrenceParser.Parse("FREQ=DAILY", "").Recurrence!;
        Assert.Equal(Some.Now.AddDays(3), recurrence.Next(Some.Now, TimeSpan.FromHours(2), Some.Now.AddDays(3).AddHours(1))!.Value.Start);
        Assert.Equal(Some.Now.AddDays(4), recurrence.Next(Some.Now, TimeSpan.FromHours(2), Some.Now.AddDays(3).AddHours(2))!.Value.Start);
    }

    [Fact]
    public void A_rule_that_never_holds_again_ends() =>
        Assert.Null(RecurrenceParser.Parse("FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2", "").Recurrence!.Next(Some.Now, TimeSpan.FromHours(1), Some.Now.AddDays(1)));

    [Theory]
    [InlineData("", "", "\"\" is not NAME=VALUE")]
    [InlineData("BYDAY=MO", "", "FREQ is missing")]
    [InlineData("FREQ=HOURLY", "", "FREQ=HOURLY is none of DAILY, WEEKLY, MONTHLY, YEARLY")]
    [InlineData("FREQ=1", "", "FREQ=1 is none of DAILY, WEEKLY, MONTHLY, YEARLY")]
    [InlineData("FREQ=DAILY;FREQ=DAILY", "", "FREQ is written twice")]
    [InlineData("FREQ=DAILY;INTERVAL=0", "", "INTERVAL=0 is not a valid part of a recurrence rule")]
    [InlineData("FREQ=DAILY;BYHOUR=3", "", "BYHOUR is not supported")]
    [InlineData("FREQ=DAILY;BYDAY=XX", "", "BYDAY=XX is not a valid part of a recurrence rule")]
    [InlineData("FREQ=MONTHLY;BYDAY=6MO", "", "BYDAY=6MO is not a valid part of a recurrence rule")]
    [InlineData("FREQ=WEEKLY;BYDAY=1MO", "", "a number in BYDAY goes with FREQ=MONTHLY and FREQ=YEARLY only")]
    [InlineData("FREQ=WEEKLY;BYMONTHDAY=1", "", "BYMONTHDAY does not go with FREQ=WEEKLY")]
    [InlineData("FREQ=DAILY;COUNT=1;UNTIL=20240101", "", "COUNT and UNTIL exclude each other")]
    [InlineData("FREQ=DAILY", "Mars/North", "unknown time zone \"Mars/North\"")]
    public void A_rule_that_cannot_be_read_is_named(string rule, string zone, string expected) => Assert.Equal(expected, RecurrenceParser.Parse(rule, zone).Error);
}

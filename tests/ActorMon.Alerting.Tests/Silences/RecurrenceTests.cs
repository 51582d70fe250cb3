using System.Globalization;
using ActorMon.Alerting.Silences.Recurring;

namespace ActorMon.Alerting.Tests.Silences;

public class RecurrenceTests
{
    [Theory]
    [InlineData("FREQ=DAILY", "2024-05-06", "05-06 05-07 05-08 05-09")]
    [InlineData("FREQ=DAILY;INTERVAL=10", "2024-05-06", "05-06 05-16 05-26 06-05")]
    [InlineData("FREQ=DAILY;COUNT=2", "2024-05-06", "05-06 05-07")]
    [InlineData("FREQ=DAILY;UNTIL=20240508", "2024-05-06", "05-06 05-07 05-08")]
    [InlineData("FREQ=DAILY;UNTIL=20240508T000000Z", "2024-05-06", "05-06 05-07 05-08")]
    [InlineData("FREQ=DAILY;UNTIL=20240507T235959", "2024-05-06", "05-06 05-07")]
    [InlineData("FREQ=DAILY;BYDAY=SA,SU", "2024-05-06", "05-11 05-12 05-18 05-19")]
    [InlineData("FREQ=DAILY;BYMONTH=6;BYMONTHDAY=-1", "2024-05-06", "06-30 06-30 06-30 06-30")]
    [InlineData("FREQ=WEEKLY", "2024-05-08", "05-08 05-15 05-22 05-29")]
    [InlineData("RRULE:FREQ=WEEKLY;BYDAY=MO,WE;INTERVAL=2", "2024-05-08", "05-08 05-20 05-22 06-03")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", "2024-05-07", "05-07 05-12 05-21 05-26")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "2024-05-07", "05-07 05-19 05-21 06-02")]
    [InlineData("FREQ=MONTHLY", "2024-01-31", "01-31 03-31 05-31 07-31")]
    [InlineData("FREQ=MONTHLY;BYDAY=2TU", "2024-05-01", "05-14 06-11 07-09 08-13")]
    [InlineData("FREQ=MONTHLY;BYDAY=-1FR", "2024-05-01", "05-31 06-28 07-26 08-30")]
    [InlineData("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "2024-05-01", "09-13 12-13 06-13 02-13")]
    [InlineData("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2024-05-01", "05-31 06-28 07-31 08-30")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=1,-1;COUNT=3", "2024-05-01", "05-01 05-31 06-01")]
    [InlineData("FREQ=YEARLY", "2024-02-29", "02-29 02-29 02-29 02-29")]
    [InlineData("FREQ=YEARLY;INTERVAL=7", "2024-02-29", "02-29 02-29 02-29 02-29")]
    [InlineData("FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU", "2024-01-01", "03-31 10-27 03-30 10-26")]
    public void A_rule_gives_these_days(string rule, string start, string days)
    {
        var first = DateOnly.Parse(start, CultureInfo.InvariantCulture);
        var found = Schedule(rule, first.ToDateTime(new TimeOnly(0, 0))).After(DateTimeOffset.MinValue.AddYears(1900)).Take(4);
        Assert.Equal(days, string.Join(' ', found.Select(o => o.StartsAt.ToString("MM-dd", CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("", "FREQ is missing")]
    [InlineData("FREQ=HOURLY", "FREQ=HOURLY is none of DAILY, WEEKLY, MONTHLY, YEARLY")]
    [InlineData("FREQ=DAILY;FREQ=DAILY", "FREQ is given twice")]
    [InlineData("FREQ=DAILY;BYHOUR=3", "BYHOUR is not supported")]
    [InlineData("FREQ=DAILY;often", "\"OFTEN\" is not NAME=VALUE")]
    [InlineData("FREQ=DAILY;INTERVAL=0", "INTERVAL=0 is out of range: 1 to 1000")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY=0 is out of range: -31 to 31 without 0")]
    [InlineData("FREQ=MONTHLY;BYDAY=6MO", "BYDAY=6MO is no list of days such as MO or -1FR")]
    [InlineData("FREQ=WEEKLY;BYDAY=1MO", "numbers before the days of BYDAY need FREQ=MONTHLY or FREQ=YEARLY")]
    [InlineData("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY cannot be used with FREQ=WEEKLY")]
    [InlineData("FREQ=YEARLY;BYDAY=MO", "BYDAY with FREQ=YEARLY needs BYMONTH")]
    [InlineData("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS needs BYDAY, BYMONTHDAY or BYMONTH")]
    [InlineData("FREQ=DAILY;COUNT=2;UNTIL=20250101", "COUNT and UNTIL exclude each other")]
    [InlineData("FREQ=DAILY;UNTIL=tomorrow", "UNTIL=TOMORROW is neither YYYYMMDD nor YYYYMMDDTHHMMSS nor that with a Z")]
    public void A_wrong_rule_says_what_is_wrong(string rule, string error) => Assert.Equal(error, RecurrenceRuleParser.Parse(rule).Error);

    [Fact]
    public void Asking_from_any_moment_gives_the_tail_of_what_asking_from_the_start_gives()
    {
        var random = new Random(7);
        string[] rules =
        [
            "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,SU", "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR,1MO", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
            "FREQ=MONTHLY;BYMONTHDAY=-1,15;COUNT=20", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20270101",
        ];
        foreach (var rule in rules)
        {
            var schedule = Schedule(rule, new DateTime(2024, 1, 3, 22, 30, 0), "Europe/Berlin");
            var all = schedule.After(DateTimeOffset.UnixEpoch).TakeWhile(o => o.StartsAt.Year < 2040).ToList();
            Assert.NotEmpty(all);
            for (var i = 0; i < 50; i++)
            {
                var moment = all[0].StartsAt.AddMinutes(random.Next(60 * 24 * 365 * 10));
                Assert.Equal(all.Where(o => o.EndsAt > moment).Take(5), schedule.After(moment).TakeWhile(o => o.StartsAt.Year < 2040).Take(5));
            }
        }
    }

    [Fact]
    public void The_clock_of_the_zone_counts_and_its_changes_neither_lose_nor_double_one()
    {
        var daily = Schedule("FREQ=DAILY", new DateTime(2024, 3, 30, 2, 30, 0), "Europe/Berlin");
        Assert.Equal(
            ["30T01:30", "31T01:30", "01T00:30"],
            daily.After(Some.Now.AddYears(-1)).Take(3).Select(o => o.StartsAt.ToString("dd'T'HH:mm", CultureInfo.InvariantCulture)));
        var autumn = Schedule("FREQ=DAILY", new DateTime(2024, 10, 26, 2, 30, 0), "Europe/Berlin");
        Assert.Equal(
            ["26T00:30", "27T00:30", "28T01:30"],
            autumn.After(Some.Now.AddYears(-1)).Take(3).Select(o => o.StartsAt.ToString("dd'T'HH:mm", CultureInfo.InvariantCulture)));
        Assert.All(autumn.After(Some.Now).Take(3), o => Assert.Equal(TimeSpan.FromHours(2), o.EndsAt - o.StartsAt));
    }

    [Fact]
    public void The_end_of_the_calendar_ends_every_rule()
    {
        foreach (var rule in (string[])["FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=900", "FREQ=MONTHLY;INTERVAL=1000", "FREQ=YEARLY;INTERVAL=1000"])
            Assert.InRange(Schedule(rule, new DateTime(9990, 1, 1)).After(new DateTimeOffset(9999, 11, 1, 0, 0, 0, TimeSpan.Zero)).Count(), 0, 62);
    }

    private static RecurringSchedule Schedule(string rule, DateTime start, string zone = "UTC") =>
        new(start, TimeSpan.FromHours(2), TimeZoneInfo.FindSystemTimeZoneById(zone), RecurrenceRuleParser.Parse(rule).Rule!, new HashSet<DateOnly>());
}

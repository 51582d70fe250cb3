using ActorMon.Templates.Time;
using CsCheck;
using static ActorMon.Templates.Tests.Expanding;

namespace ActorMon.Templates.Tests;

/// <summary>Go's time layouts, both ways, and zones.</summary>
public class TimeTests
{
    private static readonly GoTime Sample = GoTime.FromCivil(2009, 2, 4, 21, 0, 57, 12_345_600, GoZone.Fixed("PST", -8 * 3600));

    [Theory]
    [InlineData("Mon Jan _2 15:04:05 2006", "Wed Feb  4 21:00:57 2009")]
    [InlineData("Mon Jan _2 15:04:05 MST 2006", "Wed Feb  4 21:00:57 PST 2009")]
    [InlineData("02 Jan 06 15:04 -0700", "04 Feb 09 21:00 -0800")]
    [InlineData("Monday, 02-Jan-06 15:04:05 MST", "Wednesday, 04-Feb-09 21:00:57 PST")]
    [InlineData("2006-01-02T15:04:05Z07:00", "2009-02-04T21:00:57-08:00")]
    [InlineData("3:04PM 03:04pm", "9:00PM 09:00pm")]
    [InlineData("Jan _2 15:04:05.000000", "Feb  4 21:00:57.012345")]
    [InlineData("15:04:05.999999999 .00 ,000", "21:00:57.0123456 .01 ,012")]
    [InlineData("002 __2 1/2/06 4:5", "035  35 2/4/09 0:57")]
    [InlineData("January Month Janet", "February Month Janet")]
    public void A_time_is_written_by_a_layout(string layout, string text) => Assert.Equal(text, GoTimeLayout.Format(Sample, layout));

    [Theory]
    [InlineData("2006-01-02 15:04:05.999999999 -0700 MST", "2009-02-04 21:00:57.0123456 -0800 PST")]
    [InlineData("Mon, 02 Jan 2006 15:04:05.0000000 -0700", "Wed, 04 Feb 2009 21:00:57.0123456 -0800")]
    [InlineData("2006-01-02T15:04:05Z07:00", "2009-02-04T21:00:57.0123456-08:00")]
    public void A_time_is_read_by_a_layout(string layout, string text)
    {
        Assert.True(GoTimeParser.TryParse(layout, text, out var time, out var error), error);
        Assert.Equal(0, time.CompareTo(Sample));
    }

    [Theory]
    [InlineData("2006-01-02", "2024-13-01", "parsing time \"2024-13-01\": month out of range")]
    [InlineData("2006-01-02", "2023-02-29", "parsing time \"2023-02-29\": day out of range")]
    [InlineData("2006-01-02", "2023-02-28x", "parsing time \"2023-02-28x\": extra text: \"x\"")]
    [InlineData("15:04", "24:00", "parsing time \"24:00\": hour out of range")]
    [InlineData("2006-01-02", "2023/02/28", "parsing time \"2023/02/28\" as \"2006-01-02\": cannot parse \"/02/28\" as \"-\"")]
    public void A_text_that_is_no_time_is_refused_in_gos_words(string layout, string text, string error)
    {
        Assert.False(GoTimeParser.TryParse(layout, text, out _, out var message));
        Assert.Equal(error, message);
    }

    [Theory]
    [InlineData("{{ (now | tz \"Europe/Paris\").Format \"2006-01-02 15:04:05 MST\" }}", "2023-11-14 23:13:20 CET")]
    [InlineData("{{ ((now.AddDate 0 -4 0) | tz \"America/New_York\").Format \"15:04 MST -07\" }}", "18:13 EDT -04")]
    [InlineData("{{ now.Year }} {{ now.Month }} {{ now.Day }} {{ now.Weekday }} {{ now.YearDay }}", "2023 November 14 Tuesday 318")]
    [InlineData("{{ (now.Truncate 3600000000000).Format \"15:04\" }} {{ now.Unix }} {{ now.UTC.Location }}", "22:00 1700000000 UTC")]
    [InlineData("{{ now.Before (now.Add 1) }} {{ (now.AddDate 0 1 17).Format \"2006-01-02\" }}", "true 2023-12-31")]
    public void Times_in_templates_have_gos_methods(string text, string output) => Assert.Equal(output, Expand(text));

    [Fact]
    public void Civil_dates_agree_with_the_platforms_calendar() => Gen.Long[-62_135_596_800, 253_402_300_799].Sample(seconds =>
    {
        var time = GoTime.FromUnix(seconds, 0);
        var platform = DateTimeOffset.FromUnixTimeSeconds(seconds);
        Assert.Equal((platform.Year, platform.Month, platform.Day), ((int)time.Date.Year, time.Date.Month, time.Date.Day));
        Assert.Equal((int)platform.DayOfWeek, time.Weekday);
        Assert.Equal(platform.DayOfYear, time.DayOfYear);
    });
}

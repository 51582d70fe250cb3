using System.Globalization;
using ActorMon.Model.Time;

namespace ActorMon.Api.Http;

/// <summary>Times and durations in the API's text forms.</summary>
public static class TimeText
{
    /// <summary>RFC 3339 with up to nine decimals; the year 1 stands for never, as Go's zero time does.</summary>
    public static string Rfc3339(DateTimeOffset? time) => time is not { } t
        ? "0001-01-01T00:00:00Z"
        : t.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    public static string Duration(TimeSpan duration) => PrometheusDuration.Format(duration);
}

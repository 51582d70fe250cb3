using System.Globalization;
using System.Text;
using ActorMon.Model.Samples;
using ActorMon.Model.Time;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Http;

/// <summary>
/// The parameters of one API request: those of the query string and, for POST, of the form body, which count first. Times are float seconds or RFC 3339,
/// durations float seconds or Prometheus durations.
/// </summary>
public sealed class ApiParameters
{
    /// <summary>Sent by clients as the open start and end of a range.</summary>
    private const string SmallestTime = "-292273086-05-16T16:47:06Z";
    private const string GreatestTime = "+292277025-08-18T07:12:54.999999999Z";

    /// <summary>Go's time.Duration is nanoseconds in 64 bits; longer durations are refused as there.</summary>
    private const double MaxDurationSeconds = long.MaxValue / 1e9;

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    /// <summary>Largest form body, as in the original (Go's ParseForm).</summary>
    public const int MaxFormBytes = 10 * 1024 * 1024;

    public static async ValueTask<(ApiParameters? Parameters, string? Error)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var parameters = new ApiParameters();
        if (HttpMethods.IsPost(request.Method) && request.ContentType is { } type && type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            using var body = new MemoryStream();
            var buffer = new byte[8192];
            int read;
            while ((read = await request.Body.ReadAsync(buffer, cancellation)) > 0)
            {
                if (body.Length + read > MaxFormBytes)
                    return (null, "error parsing form values: http: POST too large");
                body.Write(buffer, 0, read);
            }
            if (parameters.AddEncoded(Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length)) is { } formError)
                return (null, "error parsing form values: " + formError);
        }
        if (parameters.AddEncoded((request.QueryString.Value ?? "").TrimStart('?')) is { } error)
            return (null, "error parsing form values: " + error);
        return (parameters, null);
    }

    /// <summary>Parameters of an encoded query string; for tests and in-process callers.</summary>
    public static ApiParameters Parse(string encoded)
    {
        var parameters = new ApiParameters();
        parameters.AddEncoded(encoded);
        return parameters;
    }

    /// <summary>The first value, or "".</summary>
    public string Get(string name) => _values.TryGetValue(name, out var values) ? values[0] : "";

    public IReadOnlyList<string> All(string name) => _values.TryGetValue(name, out var values) ? values : [];

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>Parses a time; milliseconds, rounded. Null: not a time.</summary>
    public static TimestampMs? ParseTime(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && !double.IsNaN(seconds) && IsPlainNumber(text))
        {
            // Whole and fractional part apart, so that 1543578564.705 gives exactly 705 ms.
            var whole = Math.Truncate(seconds);
            var millis = Math.Round((seconds - whole) * 1000, MidpointRounding.AwayFromZero);
            if (Math.Abs(whole) > long.MaxValue / 1000)
                return null;
            return new TimestampMs((long)whole * 1000 + (long)millis);
        }
        if (text == SmallestTime)
            return new TimestampMs(long.MinValue / 1000);
        if (text == GreatestTime)
            return new TimestampMs(long.MaxValue / 1000);
        if (text.Length >= 20 && text[10] == 'T'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind | DateTimeStyles.AssumeUniversal, out var time))
            return new TimestampMs(time.ToUnixTimeMilliseconds());
        return null;
    }

    /// <summary>Parses a duration. Null: not a duration, or longer than 292 years.</summary>
    public static TimeSpan? ParseDuration(string text)
    {
        if (IsPlainNumber(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
            return Math.Abs(seconds) > MaxDurationSeconds || double.IsNaN(seconds) ? null : TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
        return PrometheusDuration.TryParse(text, out var duration, out _) ? duration : null;
    }

    private static bool IsPlainNumber(string text) => text.Length > 0 && (char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.') && !text.Contains('T', StringComparison.Ordinal);

    private string? AddEncoded(string encoded)
    {
        foreach (var pair in encoded.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Contains(';', StringComparison.Ordinal))
                return "invalid semicolon separator in query";
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (Decode(equals < 0 ? pair : pair[..equals]) is not { } name || Decode(equals < 0 ? "" : pair[(equals + 1)..]) is not { } value)
                return $"invalid URL escape in \"{pair}\"";
            if (!_values.TryGetValue(name, out var values))
                _values[name] = values = [];
            values.Add(value);
        }
        return null;
    }

    private static string? Decode(string text)
    {
        if (text.AsSpan().IndexOfAny('%', '+') < 0)
            return text;
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 3))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                return null;
        }
        return Uri.UnescapeDataString(text.Replace('+', ' '));
    }
}

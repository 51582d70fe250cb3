using System.Globalization;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.Model.Time;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ActorMon.Api.Http;

/// <summary>
/// The parameters of one API request: those of the query string and, for POST and PUT, of the form body, which count first. Times are float seconds or RFC 3339,
/// durations float seconds or Prometheus durations.
/// </summary>
public sealed class ApiParameters
{
    /// <summary>Sent by clients as the open start and end of a range.</summary>
    private const string SmallestTime = "-292273086-05-16T16:47:06Z";
    private const string GreatestTime = "+292277025-08-18T07:12:54.999999999Z";

    /// <summary>Go's time.Duration is nanoseconds in 64 bits; longer durations are refused as there.</summary>
    private const double MaxDurationSeconds = long.MaxValue / 1e9;

    private const string FormError = "error parsing form values: ";

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    /// <summary>Largest form body, as in the original (Go's ParseForm).</summary>
    public const int MaxFormBytes = 10 * 1024 * 1024;

    /// <summary>
    /// The first part of the query string or the form that could not be decoded, in the original's words; null: none. Such a part is left out. Most endpoints of the
    /// original do not look at this; those that do refuse the request.
    /// </summary>
    public string? Fault { get; private set; }

    /// <returns>Null parameters and an error: the body is too large or no form.</returns>
    public static async ValueTask<(ApiParameters? Parameters, string? Error)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var parameters = new ApiParameters();
        var hasForm = HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method) || HttpMethods.IsPatch(request.Method);
        var type = hasForm ? request.ContentType ?? "" : "";
        if (type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            using var body = new MemoryStream();
            var buffer = new byte[8192];
            int read;
            while ((read = await request.Body.ReadAsync(buffer, cancellation)) > 0)
            {
                if (body.Length + read > MaxFormBytes)
                    return (null, FormError + "http: POST too large");
                body.Write(buffer, 0, read);
            }
            parameters.AddEncoded(ByteText.Decode(body.GetBuffer().AsSpan(0, (int)body.Length)));
        }
        parameters.AddEncoded((request.QueryString.Value ?? "").TrimStart('?'));
        // Parts of a multipart body come behind the query string, unlike those of an encoded form.
        if (type.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) && await parameters.AddMultipartAsync(request, cancellation) is { } error)
            return (null, FormError + error);
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
        if (IsRfc3339(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return new TimestampMs(time.ToUnixTimeMilliseconds());
        return null;
    }

    /// <summary>yyyy-MM-ddTHH:mm:ss[.fraction](Z|±hh:mm); .NET's own parser takes much more than that.</summary>
    private static bool IsRfc3339(string text)
    {
        const string shape = "0000-00-00T00:00:00";
        if (text.Length <= shape.Length)
            return false;
        for (var i = 0; i < shape.Length; i++)
            if (shape[i] == '0' ? !char.IsAsciiDigit(text[i]) : text[i] != shape[i])
                return false;
        var zone = text.AsSpan(shape.Length);
        if (zone[0] is '.' or ',')
        {
            var digits = zone[1..].IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0)
                return false;
            zone = zone[(1 + digits)..];
        }
        return zone is "Z"
            || (zone.Length == 6 && zone[0] is '+' or '-' && zone[3] == ':' && char.IsAsciiDigit(zone[1]) && char.IsAsciiDigit(zone[2]) && char.IsAsciiDigit(zone[4]) && char.IsAsciiDigit(zone[5]));
    }

    /// <summary>Parses float seconds or a Prometheus duration of at most 292 years. False: <paramref name="error"/> is the original's text.</summary>
    public static bool TryParseDuration(string text, out TimeSpan duration, out string error)
    {
        error = "";
        if (IsPlainNumber(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            duration = default;
            if (Math.Abs(seconds) > MaxDurationSeconds)
                error = $"cannot parse {GoQuote.Quote(text)} to a valid duration. It overflows int64";
            else
                duration = TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
            return error.Length == 0;
        }
        if (PrometheusDuration.TryParse(text, out duration, out _))
            return true;
        error = $"cannot parse {GoQuote.Quote(text)} to a valid duration";
        return false;
    }

    private static bool IsPlainNumber(string text) => text.Length > 0 && (char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.') && !text.Contains('T', StringComparison.Ordinal);

    private void AddEncoded(string encoded)
    {
        foreach (var pair in encoded.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (pair.Contains(';', StringComparison.Ordinal))
                Fault ??= FormError + "invalid semicolon separator in query";
            else if (Decode(equals < 0 ? pair : pair[..equals]) is not { } name || Decode(equals < 0 ? "" : pair[(equals + 1)..]) is not { } value)
                Fault ??= FormError + $"invalid URL escape {GoQuote.Quote(FirstBadEscape(pair))}";
            else
                Add(name, value);
        }
    }

    private void Add(string name, string value)
    {
        if (!_values.TryGetValue(name, out var values))
            _values[name] = values = [];
        values.Add(value);
    }

    /// <summary>The values of a multipart body; its files are left out.</summary>
    private async Task<string?> AddMultipartAsync(HttpRequest request, CancellationToken cancellation)
    {
        var options = new FormOptions { ValueLengthLimit = MaxFormBytes, MultipartBodyLengthLimit = MaxFormBytes, ValueCountLimit = 10_000, BufferBody = false };
        try
        {
            var form = await new FormFeature(request, options).ReadFormAsync(cancellation);
            foreach (var (name, values) in form)
                foreach (var value in values)
                    Add(name, value ?? "");
            return null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
        catch (IOException)
        {
            return "multipart: NextPart: EOF";
        }
    }

    /// <summary>Percent-decoded, plus signs as spaces. Bytes that are no UTF-8 are kept as <see cref="ByteText"/> keeps them. Null: a broken escape.</summary>
    private static string? Decode(string text)
    {
        if (text.AsSpan().IndexOfAny('%', '+') < 0)
            return text;
        var bytes = ByteText.Encode(text);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != (byte)'%')
            {
                bytes[length++] = bytes[i] == (byte)'+' ? (byte)' ' : bytes[i];
                continue;
            }
            if (i + 2 >= bytes.Length || !char.IsAsciiHexDigit((char)bytes[i + 1]) || !char.IsAsciiHexDigit((char)bytes[i + 2]))
                return null;
            bytes[length++] = (byte)(HexDigit(bytes[i + 1]) << 4 | HexDigit(bytes[i + 2]));
            i += 2;
        }
        return ByteText.Decode(bytes.AsSpan(0, length));
    }

    private static int HexDigit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static string FirstBadEscape(string pair)
    {
        var at = pair.IndexOf('%', StringComparison.Ordinal);
        while (at + 2 < pair.Length && char.IsAsciiHexDigit(pair[at + 1]) && char.IsAsciiHexDigit(pair[at + 2]))
            at = pair.IndexOf('%', at + 3);
        return pair[at..Math.Min(at + 3, pair.Length)];
    }
}

using System.Globalization;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Parsing;

namespace ActorMon.Api.Http;

/// <summary>
/// Reads typed parameters one after the other and keeps the first error, in the original's words. After an error the values read are meaningless;
/// the handler looks at <see cref="Error"/> once, at the end.
/// </summary>
public sealed class ParameterReader(ApiParameters parameters, ParserOptions parser)
{
    /// <summary>Null: every parameter read so far was fine.</summary>
    public string? Error { get; private set; }

    public string Text(string name) => parameters.Get(name);

    public IReadOnlyList<string> All(string name) => parameters.All(name);

    /// <summary>Fails when a part of the query string or the form could not be decoded.</summary>
    public void RequireSoundForm()
    {
        if (parameters.Fault is { } fault)
            FailPlain(fault);
    }

    /// <summary>A Go boolean with a default.</summary>
    public bool Bool(string name, bool absent)
    {
        if (parameters.Get(name) is not { Length: > 0 } text)
            return absent;
        if (GoBool.Parse(text) is { } value)
            return value;
        FailPlain($"invalid {name} {GoQuote.Quote(text)}: must be boolean");
        return absent;
    }

    /// <summary>partial_response: true when the request would rather have an error than an answer that lacks data.</summary>
    /// <param name="absent">When it does not say.</param>
    public bool DeniesPartial(bool absent)
    {
        var text = parameters.Get("partial_response");
        if (text is not ("" or "deny" or "warn"))
            Fail("partial_response", $"{GoQuote.Quote(text)} is neither \"deny\" nor \"warn\"");
        return text.Length == 0 ? absent : text == "deny";
    }

    /// <param name="named">The error begins with the parameter; the search endpoints leave that out.</param>
    public TimestampMs Time(string name, TimestampMs absent, bool named = true)
    {
        if (parameters.Get(name) is not { Length: > 0 } text)
            return absent;
        if (ApiParameters.ParseTime(text) is { } time)
            return time;
        Fail(named ? name : null, $"invalid time value for '{name}': cannot parse {GoQuote.Quote(text)} to a valid timestamp");
        return absent;
    }

    public TimestampMs RequiredTime(string name)
    {
        if (ApiParameters.ParseTime(parameters.Get(name)) is { } time)
            return time;
        Fail(name, $"cannot parse {GoQuote.Quote(parameters.Get(name))} to a valid timestamp");
        return default;
    }

    /// <summary>Null: absent.</summary>
    public TimeSpan? Duration(string name) => parameters.Get(name).Length == 0 ? null : RequiredDuration(name);

    public TimeSpan RequiredDuration(string name)
    {
        if (ApiParameters.TryParseDuration(parameters.Get(name), out var duration, out var error))
            return duration;
        Fail(name, error);
        return default;
    }

    /// <summary>lookback_delta in ms; the original words its error unlike the others'. Null: absent or not above zero, which asks for the default.</summary>
    public long? LookbackDelta()
    {
        if (parameters.Get("lookback_delta") is not { Length: > 0 } text)
            return null;
        if (ApiParameters.TryParseDuration(text, out var duration, out var error))
            return duration > TimeSpan.Zero ? (long)duration.TotalMilliseconds : null;
        FailPlain("error parsing lookback delta duration: " + error);
        return null;
    }

    /// <summary>A limit: 0 means none.</summary>
    public int Limit(string name = "limit")
    {
        if (parameters.Get(name) is not { Length: > 0 } text)
            return 0;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit))
        {
            var fault = text.AsSpan().TrimStart("+-").ContainsAnyExceptInRange('0', '9') || !char.IsAsciiDigit(text[^1]) ? "invalid syntax" : "value out of range";
            Fail(name, $"strconv.Atoi: parsing {GoQuote.Quote(text)}: {fault}");
        }
        else if (limit < 0)
            Fail(name, "limit must be non-negative");
        return (int)Math.Clamp(limit, 0, int.MaxValue);
    }

    /// <summary>A whole number with a default.</summary>
    public int Integer(string name, int absent, string error)
    {
        if (parameters.Get(name) is not { Length: > 0 } text)
            return absent;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return value;
        FailPlain(error);
        return absent;
    }

    /// <param name="named">The error names the parameter; one endpoint of the original leaves that out.</param>
    public Expr Query(string name, bool named = true)
    {
        var result = PromQLParser.Parse(parameters.Get(name), parser);
        if (result.Expr is { } expression)
            return expression;
        Fail(named ? name : null, result.ErrorText!);
        return new NumberLiteral(0);
    }

    /// <summary>The matcher sets of every match[]; each must have a matcher that does not match the empty string.</summary>
    /// <param name="named">Errors name the parameter.</param>
    public IReadOnlyList<IReadOnlyList<Matcher>> MatcherSets(bool named)
    {
        var name = named ? "match[]" : null;
        var texts = parameters.All("match[]");
        var sets = new List<IReadOnlyList<Matcher>>(texts.Count);
        foreach (var text in texts)
        {
            var parsed = PromQLParser.ParseMatchers(text);
            if (parsed.Matchers is not { } matchers)
            {
                Fail(name, parsed.ErrorText!);
                return [];
            }
            if (matchers.All(m => m.MatchesEmpty))
            {
                Fail(name, "match[] must contain at least one non-empty matcher");
                return [];
            }
            sets.Add(matchers);
        }
        return sets;
    }

    /// <param name="name">Null: the error stands alone.</param>
    public void Fail(string? name, string error) => Error ??= name is null ? error : $"invalid parameter \"{name}\": {error}";

    public void FailPlain(string error) => Error ??= error;
}

using System.Globalization;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
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

    public TimestampMs Time(string name, TimestampMs absent)
    {
        if (parameters.Get(name) is not { Length: > 0 } text)
            return absent;
        if (ApiParameters.ParseTime(text) is { } time)
            return time;
        Fail(name, $"cannot parse {Quote(text)} to a valid timestamp");
        return absent;
    }

    public TimestampMs RequiredTime(string name)
    {
        if (ApiParameters.ParseTime(parameters.Get(name)) is { } time)
            return time;
        Fail(name, $"cannot parse {Quote(parameters.Get(name))} to a valid timestamp");
        return default;
    }

    /// <summary>Null: absent.</summary>
    public TimeSpan? Duration(string name)
    {
        if (parameters.Get(name) is not { Length: > 0 } text)
            return null;
        if (ApiParameters.ParseDuration(text) is { } duration)
            return duration;
        Fail(name, $"cannot parse {Quote(text)} to a valid duration");
        return null;
    }

    public TimeSpan RequiredDuration(string name)
    {
        if (ApiParameters.ParseDuration(parameters.Get(name)) is { } duration)
            return duration;
        Fail(name, $"cannot parse {Quote(parameters.Get(name))} to a valid duration");
        return default;
    }

    /// <summary>A limit: 0 means none.</summary>
    public int Limit(string name = "limit")
    {
        if (parameters.Get(name) is not { Length: > 0 } text)
            return 0;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit))
            Fail(name, $"cannot parse {Quote(text)} to a valid integer");
        else if (limit < 0)
            Fail(name, "limit must be non-negative");
        return limit;
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

    public Expr Query(string name)
    {
        var result = PromQLParser.Parse(parameters.Get(name), parser);
        if (result.Expr is { } expression)
            return expression;
        Fail(name, result.ErrorText!);
        return new NumberLiteral(0);
    }

    /// <summary>The matcher sets of every value of a parameter; each must have a matcher that does not match the empty string.</summary>
    public IReadOnlyList<IReadOnlyList<Matcher>> MatcherSets(string name = "match[]", bool required = false)
    {
        var texts = parameters.All(name);
        if (texts.Count == 0)
        {
            if (required)
                FailPlain("no match[] parameter provided");
            return [];
        }
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

    public void Fail(string name, string error) => Error ??= $"invalid parameter \"{name}\": {error}";

    public void FailPlain(string error) => Error ??= error;

    private static string Quote(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}

using System.Collections.Concurrent;
using ActorMon.Model.Matchers;
using ActorMon.Model.Text;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Values;
using static ActorMon.Templates.Values.Define;

namespace ActorMon.Templates.Functions;

/// <summary>match and reReplaceAll: the same in both peers.</summary>
internal static class Regexes
{
    private const int MaxKept = 256;

    private static readonly ConcurrentDictionary<string, SearchRegex> Kept = new(StringComparer.Ordinal);

    public static readonly TemplateFunction Match = Function("match", [TemplateType.String, TemplateType.String],
        static (_, a) => Find(Text(a[0]), out var error) is { } regex ? regex.IsMatch(Text(a[1])) : FunctionResult.Fail(error));

    public static readonly TemplateFunction ReplaceAll = Function("reReplaceAll", [TemplateType.String, TemplateType.String, TemplateType.String], Replace);

    private static FunctionResult Replace(TemplateRun run, ReadOnlySpan<TemplateValue> arguments)
    {
        var pattern = Text(arguments[0]);
        if (Find(pattern, out var error) is not { } regex)
            return FunctionResult.Fail($"regexp: Compile({(pattern.Contains('`', StringComparison.Ordinal) ? GoQuote.Quote(pattern) : $"`{pattern}`")}): {error}");
        var limit = run.Environment.Limits.MaxOutputBytes;
        if (regex.ReplaceAll(Text(arguments[2]), Text(arguments[1]), limit) is { } replaced)
            return replaced;
        TemplateFailure.Throw(TemplateErrorKind.Limit, $"template output exceeds {limit} bytes");
        return default;
    }

    /// <summary>Patterns are mostly constants of templates that run again and again; those are kept, up to a number.</summary>
    private static SearchRegex? Find(string pattern, out string error)
    {
        error = "";
        if (Kept.TryGetValue(pattern, out var known))
            return known;
        try
        {
            var regex = SearchRegex.Parse(pattern);
            if (Kept.Count >= MaxKept)
                Kept.Clear();
            Kept[pattern] = regex;
            return regex;
        }
        catch (Exception e) when (e is FormatException or NotSupportedException)
        {
            error = e.Message;
            return null;
        }
    }
}

using System.Text.RegularExpressions;

namespace ActorMon.Model.Matchers;

/// <summary>An RE2 regex as matchers and relabelling use it: <c>^(?s:...)$</c>, linear time, immutable, thread-safe.</summary>
public sealed class AnchoredRegex
{
    private readonly Regex _regex;

    private AnchoredRegex(string pattern)
    {
        Pattern = pattern;
        _regex = new Regex($"\\A(?s:{pattern})\\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    /// <summary>The pattern as the user wrote it.</summary>
    public string Pattern { get; }

    /// <exception cref="FormatException">The pattern is not RE2.</exception>
    public static AnchoredRegex Parse(string pattern) => new(pattern);

    public bool IsMatch(string value) => _regex.IsMatch(value);
}

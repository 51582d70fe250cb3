using System.Text;
using System.Text.RegularExpressions;
using ActorMon.Model.Matchers.Re2;

namespace ActorMon.Model.Matchers;

/// <summary>
/// An RE2 regex that matches anywhere in a text, as templates use it (Go's regexp): linear time, immutable, thread-safe. A dot does not match a newline unless
/// the pattern says so.
/// </summary>
public sealed class SearchRegex
{
    private readonly Regex _automaton;
    private readonly string[] _groupNames;

    private SearchRegex(Re2Node root, string[] groupNames)
    {
        _groupNames = groupNames;
        _automaton = new Regex(DotNetPattern.Unanchored(root), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    /// <exception cref="FormatException">The pattern is not RE2; the message is Go's, <c>error parsing regexp: ...</c>.</exception>
    public static SearchRegex Parse(string pattern) => new(Re2Parser.Parse(pattern, dotNewline: false, out var names), names);

    public bool IsMatch(string text) => _automaton.IsMatch(text);

    /// <summary>
    /// Replaces every match by a template of Go's form (Go's ReplaceAllString): an empty match directly behind another is left alone. Null: the result would
    /// be longer than <paramref name="maxLength"/> UTF-16 units.
    /// </summary>
    public string? ReplaceAll(string text, string template, int maxLength)
    {
        var result = new StringBuilder();
        var copied = 0;
        for (var at = 0; at <= text.Length;)
        {
            var match = _automaton.Match(text, at);
            if (!match.Success)
                break;
            var end = match.Index + match.Length;
            result.Append(text, copied, match.Index - copied);
            if (end > copied || match.Index == 0)
                result.Append(GoTemplate.Expand(template, (name, to) => GoTemplate.Append(match, name, _groupNames, to)));
            if (result.Length > maxLength)
                return null;
            copied = end;
            // Always on by a whole character, so that an empty match never lies inside a pair.
            var step = at < text.Length && char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
            at = Math.Max(at + step, end);
        }
        return result.Length + text.Length - copied > maxLength ? null : result.Append(text, copied, text.Length - copied).ToString();
    }
}

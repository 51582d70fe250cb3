using System.Buffers;
using System.Text.RegularExpressions;
using ActorMon.Model.Matchers.Re2;
using ActorMon.Model.Text;

namespace ActorMon.Model.Matchers;

/// <summary>
/// An RE2 regex as matchers and relabelling use it: <c>^(?s:...)$</c>, linear time, immutable, thread-safe. Expressions made of literals, sets of literals and
/// .* or .+ are decided by string search; only the others build an automaton, at their first use.
/// </summary>
public sealed class AnchoredRegex
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static readonly SearchValues<char> Syntax = SearchValues.Create("\\.+*?()[]{}^$");
    private static readonly Re2Node Nothing = new(Re2Kind.Empty);
    private static readonly string[] NoGroups = [""];

    private readonly Re2Node _root;
    private readonly LiteralPlan? _plan;
    private readonly string[] _groupNames;
    private readonly bool _isWholeValueGroup;
    private readonly (string Prefix, string Suffix) _ends;
    private Regex? _automaton;
    private Regex? _capturing;

    private AnchoredRegex(string pattern, Re2Node root, string[] groupNames)
        : this(pattern, root, groupNames, LiteralPlan.Of(root))
    {
    }

    private AnchoredRegex(string pattern, Re2Node root, string[] groupNames, LiteralPlan? plan)
    {
        Pattern = pattern;
        _groupNames = groupNames;
        _plan = plan;
        // The tree is only for building automata; of a long alternation it would be the greater part of the memory.
        _root = plan is not null && groupNames.Length == 1 ? Nothing : root;
        _isWholeValueGroup = groupNames.Length == 2 && _plan is { MatchesEverything: true } && root.Kind == Re2Kind.Capture;
        _ends = _plan is null ? LiteralEnds(root) : (_plan.Prefix, "");
        SetMatches = _plan?.SensitiveSet is { Count: > 0 } set && !set.Contains("") ? set : null;
        FoldedSetMatches = _plan?.FoldedSet is { Count: > 0 } folded && !folded.Contains("") ? folded : null;
    }

    /// <summary>The pattern as the user wrote it.</summary>
    public string Pattern { get; }

    /// <summary>The values that match, when they are a finite set of non-empty texts (at most 256 for each top alternative); null otherwise.</summary>
    public IReadOnlyList<string>? SetMatches { get; }

    /// <summary>Like <see cref="SetMatches"/> for an expression that ignores the case of its ASCII letters; the values match in any case.</summary>
    public IReadOnlyList<string>? FoldedSetMatches { get; }

    /// <summary>A text that every matching value starts with (compared with case); "" when none is known.</summary>
    public string Prefix => _ends.Prefix;

    /// <summary>True when every value matches, the empty one too.</summary>
    public bool MatchesEverything => _plan is { MatchesEverything: true };

    /// <summary>Names of the groups by number, "" for unnamed ones; index 0 is the whole match.</summary>
    public IReadOnlyList<string> GroupNames => _groupNames;

    /// <summary>Parses a matcher's pattern (Prometheus' labels.NewFastRegexMatcher).</summary>
    /// <exception cref="FormatException">The pattern is not RE2; the message is Go's, <c>error parsing regexp: ...</c> with a part of the pattern.</exception>
    public static AnchoredRegex Parse(string pattern)
    {
        // Most matchers are a word or words with bars between them: nothing to parse.
        if (!pattern.AsSpan().ContainsAny(Syntax) && ByteText.IsValid(pattern))
            return new AnchoredRegex(pattern, Nothing, NoGroups, LiteralPlan.Of(pattern.Split('|')));
        return new AnchoredRegex(pattern, Re2Parser.Parse(pattern, dotNewline: true, out var names), names);
    }

    /// <summary>
    /// Parses a pattern as relabelling and the Alertmanager do, anchors written around it before parsing: the same matches, but error texts may show the anchors.
    /// </summary>
    /// <exception cref="FormatException">As <see cref="Parse"/>.</exception>
    public static AnchoredRegex ParseWithAnchors(string pattern)
    {
        try
        {
            return Parse(pattern);
        }
        catch (FormatException)
        {
            return new AnchoredRegex(pattern, Re2Parser.Parse($"^(?s:{pattern})$", dotNewline: false, out var names), names);
        }
    }

    /// <summary>
    /// Parses a pattern as the Alertmanager's matchers do: anchored, but the dot matches no newline; error texts may show the anchors written around it.
    /// </summary>
    /// <exception cref="FormatException">As <see cref="Parse"/>.</exception>
    public static AnchoredRegex ParseForAlerts(string pattern)
    {
        if (!pattern.AsSpan().ContainsAny(Syntax) && ByteText.IsValid(pattern))
            return Parse(pattern);
        // The anchored text first: it is what the original compiles, so its errors are the ones to show.
        Re2Parser.Parse($"^(?:{pattern})$", dotNewline: false, out _);
        return new AnchoredRegex(pattern, Re2Parser.Parse(pattern, dotNewline: false, out var names), names);
    }

    public bool IsMatch(string value)
    {
        if (_plan is not null)
            return _plan.Matches(value);
        return value.StartsWith(_ends.Prefix, StringComparison.Ordinal) && value.EndsWith(_ends.Suffix, StringComparison.Ordinal) && Automaton.IsMatch(value);
    }

    /// <summary>
    /// Matches a value and expands a template of Go's form with the groups ($1, ${1}, $name, ${name}, $$; an unknown group is empty).
    /// False: no match, <paramref name="result"/> is "".
    /// </summary>
    public bool TryExpand(string input, string template, out string result) => TryExpand(input, template, "", out result, out _);

    /// <summary>Expands two templates by one match.</summary>
    public bool TryExpand(string input, string template, string secondTemplate, out string result, out string secondResult)
    {
        result = secondResult = "";
        if (_isWholeValueGroup)
        {
            result = ExpandWhole(template, input, groups: 1);
            secondResult = ExpandWhole(secondTemplate, input, groups: 1);
            return true;
        }
        if (_groupNames.Length == 1 || (!template.Contains('$', StringComparison.Ordinal) && !secondTemplate.Contains('$', StringComparison.Ordinal)))
        {
            if (!IsMatch(input))
                return false;
            result = ExpandWhole(template, input, groups: 0);
            secondResult = ExpandWhole(secondTemplate, input, groups: 0);
            return true;
        }
        if (_plan is not null && !_plan.Matches(input))
            return false;
        var match = Capturing.Match(input);
        if (!match.Success)
            return false;
        result = GoTemplate.Expand(template, (name, to) => GoTemplate.Append(match, name, _groupNames, to));
        secondResult = GoTemplate.Expand(secondTemplate, (name, to) => GoTemplate.Append(match, name, _groupNames, to));
        return true;
    }

    public override string ToString() => Pattern;

    // Two threads may both build one; either serves.
    private Regex Automaton => _automaton ??= new Regex(DotNetPattern.Of(_root, captures: false), Options);

    private Regex Capturing => _capturing ??= new Regex(DotNetPattern.Of(_root, captures: true), Options);

    /// <summary>Expands where the groups up to <paramref name="groups"/> all are the whole value and there are no others.</summary>
    private string ExpandWhole(string template, string value, int groups) => GoTemplate.Expand(template, (name, to) =>
    {
        if (GoTemplate.GroupOf(name, _groupNames, static _ => true) is var group && group >= 0 && group <= groups)
            to.Append(value);
    });

    private static (string Prefix, string Suffix) LiteralEnds(Re2Node root)
    {
        if (root.Kind != Re2Kind.Concat)
            return ("", "");
        return (Text(root.Children[0]), Text(root.Children[^1]));

        static string Text(Re2Node node) => LiteralSet.Of(node) is { Folded: false, Strings: [var only] } ? only : "";
    }
}

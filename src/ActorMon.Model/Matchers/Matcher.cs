using ActorMon.Model.Labels;

namespace ActorMon.Model.Matchers;

public enum MatchOperator : byte
{
    Equal,
    NotEqual,
    Regex,
    NotRegex,
}

/// <summary>
/// One label matcher. A missing label has the value "". Regexes are RE2 syntax, fully anchored, dot matches newline, linear time.
/// Equality is by (operator, name, value).
/// </summary>
public sealed class Matcher : IEquatable<Matcher>
{
    private readonly AnchoredRegex? _regex;

    /// <exception cref="FormatException">The regex does not parse; the message is the peer's, as far as it can be told.</exception>
    public Matcher(MatchOperator op, string name, string value)
    {
        Operator = op;
        Name = name;
        Value = value;
        if (op is MatchOperator.Regex or MatchOperator.NotRegex)
            _regex = AnchoredRegex.Parse(value);
    }

    public MatchOperator Operator { get; }
    public string Name { get; }
    public string Value { get; }

    /// <summary>The compiled regex of =~ and !~, null otherwise.</summary>
    public AnchoredRegex? Regex => _regex;

    public static Matcher Equal(string name, string value) => new(MatchOperator.Equal, name, value);

    public static Matcher MetricNamed(string name) => new(MatchOperator.Equal, LabelNames.MetricName, name);

    public bool Matches(string value) => Operator switch
    {
        MatchOperator.Equal => string.Equals(value, Value, StringComparison.Ordinal),
        MatchOperator.NotEqual => !string.Equals(value, Value, StringComparison.Ordinal),
        MatchOperator.Regex => _regex!.IsMatch(value),
        _ => !_regex!.IsMatch(value),
    };

    public bool Matches(LabelSet labels) => Matches(labels.Get(Name));

    /// <summary>True when a series without the label matches.</summary>
    public bool MatchesEmpty => Matches("");

    public bool Equals(Matcher? other) => other is not null && other.Operator == Operator && other.Name == Name && other.Value == Value;
    public override bool Equals(object? obj) => Equals(obj as Matcher);
    public override int GetHashCode() => HashCode.Combine(Operator, Name, Value);

    public override string ToString() => $"{Name}{Symbol(Operator)}\"{Value}\"";

    public static string Symbol(MatchOperator op) => op switch
    {
        MatchOperator.Equal => "=",
        MatchOperator.NotEqual => "!=",
        MatchOperator.Regex => "=~",
        _ => "!~",
    };
}

using System.Text;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Text;

namespace ActorMon.Alerting.Matchers;

/// <summary>
/// A matcher of the Alertmanager. It differs from a selector's matcher in one thing: the dot of its regexes does not match a newline. A missing label has the
/// value "". Immutable; equality is by (operator, name, value).
/// </summary>
public sealed class AlertMatcher : IEquatable<AlertMatcher>, IComparable<AlertMatcher>
{
    /// <exception cref="FormatException">The regex does not parse; the message is Go's.</exception>
    public AlertMatcher(MatchOperator op, string name, string value)
    {
        Operator = op;
        Name = name;
        Value = value;
        if (op is MatchOperator.Regex or MatchOperator.NotRegex)
            Regex = AnchoredRegex.ParseForAlerts(value);
    }

    public MatchOperator Operator { get; }
    public string Name { get; }
    public string Value { get; }

    /// <summary>The compiled regex of =~ and !~, null otherwise.</summary>
    public AnchoredRegex? Regex { get; }

    public bool Matches(string value) => Operator switch
    {
        MatchOperator.Equal => string.Equals(value, Value, StringComparison.Ordinal),
        MatchOperator.NotEqual => !string.Equals(value, Value, StringComparison.Ordinal),
        MatchOperator.Regex => Regex!.IsMatch(value),
        _ => !Regex!.IsMatch(value),
    };

    public bool Matches(LabelSet labels) => Matches(labels.Get(Name));

    public bool MatchesEmpty => Matches("");

    public bool Equals(AlertMatcher? other) => other is not null && other.Operator == Operator && other.Name == Name && other.Value == Value;

    public override bool Equals(object? obj) => Equals(obj as AlertMatcher);

    public override int GetHashCode() => HashCode.Combine(Operator, Name, Value);

    /// <summary>By name, then value, then operator in the order =, !=, =~, !~.</summary>
    public int CompareTo(AlertMatcher? other)
    {
        if (other is null)
            return 1;
        var order = ByteText.Compare(Name, other.Name);
        if (order == 0)
            order = ByteText.Compare(Value, other.Value);
        return order != 0 ? order : Operator.CompareTo(other.Operator);
    }

    /// <summary>The matcher as both parsers read it back: the name in quotes where it needs them, the value always.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var quoted = false;
        foreach (var c in Name)
            quoted |= MatcherLexer.IsReserved(c);
        text.Append(quoted ? GoQuote.Quote(Name) : Name).Append(Matcher.Symbol(Operator)).Append('"');
        foreach (var c in Value)
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '"' => text.Append("\\\""),
                _ => text.Append(c),
            };
        return text.Append('"').ToString();
    }
}

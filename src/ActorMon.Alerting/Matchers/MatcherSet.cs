using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Matchers;

/// <summary>Matchers that must all hold, in the order that keys and texts show (see <see cref="AlertMatcher.CompareTo"/>). Immutable.</summary>
public sealed class MatcherSet : IEquatable<MatcherSet>
{
    public static readonly MatcherSet Empty = new([]);
    private readonly AlertMatcher[] _matchers;
    private string? _text;

    public MatcherSet(IEnumerable<AlertMatcher> matchers) => _matchers = [.. matchers.Order()];

    public IReadOnlyList<AlertMatcher> Matchers => _matchers;

    public bool IsEmpty => _matchers.Length == 0;

    /// <summary>True when every matcher holds; an empty set matches everything.</summary>
    public bool Matches(LabelSet labels)
    {
        foreach (var matcher in _matchers)
            if (!matcher.Matches(labels))
                return false;
        return true;
    }

    public bool Equals(MatcherSet? other) => other is not null && _matchers.AsSpan().SequenceEqual(other._matchers);

    public override bool Equals(object? obj) => Equals(obj as MatcherSet);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <summary><c>{a="b",c=~"d"}</c></summary>
    public override string ToString() => _text ??= "{" + string.Join(',', (object[])_matchers) + "}";
}

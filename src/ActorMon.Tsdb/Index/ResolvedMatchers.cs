using System.Collections.Concurrent;
using ActorMon.Model.Matchers;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Tsdb.Index;

/// <summary>
/// Matchers against the node's symbols: made once a query, used for every partition of the node, on any thread. A regex meets each value once.
/// </summary>
public sealed class ResolvedMatchers
{
    private readonly NodeSymbols _symbols;
    private ResolvedMatchers? _other;

    private ResolvedMatchers(ResolvedMatcher[] items, IReadOnlyList<Matcher> matchers, NodeSymbols symbols)
    {
        Items = items;
        Matchers = matchers;
        _symbols = symbols;
    }

    /// <summary>As they were given.</summary>
    public IReadOnlyList<Matcher> Matchers { get; }

    internal ResolvedMatcher[] Items { get; }

    /// <summary>The same against another table of symbols: a partition may still hold, or hold already, another generation of them.</summary>
    public ResolvedMatchers For(NodeSymbols symbols)
    {
        if (ReferenceEquals(symbols, _symbols))
            return this;
        // Seldom more than two generations are read at once; the last one asked for is kept.
        var other = Volatile.Read(ref _other);
        if (other is null || !ReferenceEquals(other._symbols, symbols))
            Volatile.Write(ref _other, other = Resolve(Matchers, symbols));
        return other;
    }

    public static ResolvedMatchers Resolve(IReadOnlyList<Matcher> matchers, NodeSymbols symbols)
    {
        var items = new ResolvedMatcher[matchers.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = new ResolvedMatcher(matchers[i], symbols);
        // Cheap ones first where they filter: equality is an integer comparison.
        Array.Sort(items, static (a, b) => a.Rank.CompareTo(b.Rank));
        return new ResolvedMatchers(items, matchers, symbols);
    }
}

internal sealed class ResolvedMatcher
{
    private readonly NodeSymbols _symbols;
    private readonly ConcurrentDictionary<int, bool>? _memo;
    private int _name;
    private int _value = -1;

    public ResolvedMatcher(Matcher matcher, NodeSymbols symbols)
    {
        Matcher = matcher;
        _symbols = symbols;
        MatchesEmpty = matcher.MatchesEmpty;
        _name = symbols.Find(matcher.Name);
        if (matcher.Regex is null)
        {
            _value = symbols.Find(matcher.Value);
            return;
        }
        // An alternation may name a text twice; its series must be found once.
        Literals = matcher.Regex.SetMatches?.Distinct(StringComparer.Ordinal).ToArray();
        _memo = new ConcurrentDictionary<int, bool>();
    }

    public Matcher Matcher { get; }

    public bool MatchesEmpty { get; }

    /// <summary>All texts that the regex can match, distinct; null when they are no finite set, or "" is among them.</summary>
    public string[]? Literals { get; }

    public int Rank => Matcher.Operator switch
    {
        MatchOperator.Equal => 0,
        MatchOperator.NotEqual => 1,
        _ => Literals is null ? 3 : 2,
    };

    /// <summary>The name's symbol, -1 while no series of the node has it. Looked up again: a later partition may bring it.</summary>
    public int Name => _name >= 0 ? _name : _name = _symbols.Find(Matcher.Name);

    public int Value => _value >= 0 ? _value : _value = _symbols.Find(Matcher.Value);

    /// <summary>Whether a series with this value symbol matches.</summary>
    public bool Matches(int value)
    {
        switch (Matcher.Operator)
        {
            case MatchOperator.Equal:
                return value == Value;
            case MatchOperator.NotEqual:
                return value != Value;
            default:
                if (_memo!.TryGetValue(value, out var matches))
                    return matches;
                // Most values fall at the known prefix, which is cheaper to compare than to remember.
                var text = _symbols.Text(value);
                if (!text.StartsWith(Matcher.Regex!.Prefix, StringComparison.Ordinal))
                    return Matcher.Operator == MatchOperator.NotRegex;
                return _memo[value] = Matcher.Matches(text);
        }
    }
}

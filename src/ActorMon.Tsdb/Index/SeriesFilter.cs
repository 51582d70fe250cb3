using ActorMon.Model.Matchers;

namespace ActorMon.Tsdb.Index;

/// <summary>
/// Which series match: the smallest list that must hold them all is expanded, the other matchers are asked for each of its series, integers first.
/// A label that is missing has the value "" (so <c>a!="x"</c> and <c>a=~".*"</c> take series without it), as the peer has it.
/// </summary>
internal static class SeriesFilter
{
    /// <summary>Series numbers below <paramref name="limit"/> that match every matcher, ascending.</summary>
    public static IntBuffer Find(SeriesTable table, int limit, ResolvedMatchers matchers)
    {
        matchers = matchers.For(table.Symbols);
        var found = new IntBuffer();
        var best = -1;
        var bestCost = long.MaxValue;
        for (var i = 0; i < matchers.Items.Length; i++)
        {
            var matcher = matchers.Items[i];
            if (matcher.MatchesEmpty)
                continue;
            var cost = Cost(table, matcher);
            if (cost == 0)
                return found;
            if (cost < bestCost)
                (best, bestCost) = (i, cost);
        }
        if (best < 0)
        {
            for (var series = 0; series < limit; series++)
                found.Add(series);
        }
        else
        {
            Expand(table, limit, matchers.Items[best], ref found);
        }
        for (var i = 0; i < matchers.Items.Length; i++)
            if (i != best)
                Keep(table, matchers.Items[i], ref found);
        return found;
    }

    /// <summary>Whether one series matches every matcher.</summary>
    public static bool Matches(SeriesTable table, int series, ResolvedMatchers matchers)
    {
        ref var row = ref table.Row(series);
        foreach (var matcher in matchers.Items)
        {
            var at = matcher.Name < 0 ? -1 : table.Names(row).IndexOf(matcher.Name);
            if (!(at < 0 ? matcher.MatchesEmpty : matcher.Matches(table.ValuesOf(row)[at])))
                return false;
        }
        return true;
    }

    /// <summary>0: nothing can match. Lists are counted by their integers; what must look at every value costs the most.</summary>
    private static long Cost(SeriesTable table, ResolvedMatcher matcher)
    {
        if (matcher.Name < 0 || !table.TryPostings(matcher.Name, out var postings))
            return 0;
        long list;
        if (matcher.Matcher.Operator == MatchOperator.Equal)
            return matcher.Value >= 0 && postings.TryFind(matcher.Value, out list) ? LabelPostings.Cost(list) : 0;
        if (matcher.Literals is null || matcher.Matcher.Operator != MatchOperator.Regex)
            return 1L << 40;
        long cost = 0;
        foreach (var literal in matcher.Literals)
        {
            var value = table.Symbols.Find(literal);
            if (value >= 0 && postings.TryFind(value, out list))
                cost += LabelPostings.Cost(list);
        }
        return cost;
    }

    private static void Expand(SeriesTable table, int limit, ResolvedMatcher matcher, ref IntBuffer into)
    {
        table.TryPostings(matcher.Name, out var postings);
        long list;
        if (matcher.Matcher.Operator == MatchOperator.Equal)
        {
            if (postings.TryFind(matcher.Value, out list))
                postings.Expand(list, limit, ref into);
            return;
        }
        if (matcher.Literals is not null && matcher.Matcher.Operator == MatchOperator.Regex)
        {
            foreach (var literal in matcher.Literals)
            {
                var value = table.Symbols.Find(literal);
                if (value >= 0 && postings.TryFind(value, out list))
                    postings.Expand(list, limit, ref into);
            }
        }
        else
        {
            var values = new List<(int Value, long List)>();
            postings.Values(values);
            foreach (var (value, of) in values)
                if (matcher.Matches(value))
                    postings.Expand(of, limit, ref into);
        }
        // A series has one value of a label: the lists are disjoint, sorting is all a union needs.
        into.Span.Sort();
    }

    private static void Keep(SeriesTable table, ResolvedMatcher matcher, ref IntBuffer candidates)
    {
        var name = matcher.Name;
        var series = candidates.Span;
        var kept = 0;
        var shape = -1;
        var at = -1;
        foreach (var candidate in series)
        {
            ref var row = ref table.Row(candidate);
            if (row.Shape != shape)
            {
                shape = row.Shape;
                at = name < 0 ? -1 : table.Names(row).IndexOf(name);
            }
            if (at < 0 ? matcher.MatchesEmpty : matcher.Matches(table.ValuesOf(row)[at]))
                series[kept++] = candidate;
        }
        candidates.Truncate(kept);
    }
}

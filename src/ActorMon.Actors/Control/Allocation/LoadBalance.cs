namespace ActorMon.Actors.Control.Allocation;

/// <summary>
/// Spreads units of different load over nodes. Both functions depend on their arguments alone, and a plan that has been carried out leaves nothing to move, so a cluster that
/// does not change comes to rest.
/// </summary>
public static class LoadBalance
{
    /// <summary>Nodes that differ by less than this share of the mean load are even.</summary>
    public const double Tolerance = 0.2;

    /// <summary>A unit moves only when it is at most this share of the difference: a larger one would only change who is full.</summary>
    public const double LargestMove = 0.9;

    /// <summary>The node with the least load; of several the first by name.</summary>
    public static string Emptiest(IReadOnlyDictionary<string, IReadOnlyList<string>> nodes, Func<string, double> loadOf)
    {
        var (found, least) = ("", double.PositiveInfinity);
        foreach (var (node, units) in nodes.OrderBy(n => n.Key, StringComparer.Ordinal))
            if (units.Sum(loadOf) is var load && load < least)
                (found, least) = (node, load);
        return found;
    }

    /// <summary>At most <paramref name="maxMoves"/> units that should leave their nodes, each towards the then emptiest one.</summary>
    public static IReadOnlyList<string> Moves(IReadOnlyDictionary<string, IReadOnlyList<string>> nodes, Func<string, double> loadOf, int maxMoves)
    {
        if (nodes.Count < 2)
            return [];
        var loads = nodes.ToDictionary(n => n.Key, n => n.Value.Sum(loadOf), StringComparer.Ordinal);
        var left = nodes.ToDictionary(n => n.Key, n => n.Value.OrderBy(u => u, StringComparer.Ordinal).ToList(), StringComparer.Ordinal);
        var tolerated = Tolerance * loads.Values.Sum() / loads.Count;
        var moves = new List<string>();
        while (moves.Count < maxMoves)
        {
            var from = loads.OrderByDescending(n => n.Value).ThenBy(n => n.Key, StringComparer.Ordinal).First().Key;
            var to = loads.OrderBy(n => n.Value).ThenBy(n => n.Key, StringComparer.Ordinal).First().Key;
            var difference = loads[from] - loads[to];
            // The best unit is half of the difference: then both nodes are even.
            var unit = difference < tolerated ? null : left[from].Where(u => loadOf(u) <= LargestMove * difference).MinBy(u => Math.Abs(loadOf(u) - (difference / 2)));
            if (unit is null)
                return moves;
            var load = loadOf(unit);
            loads[from] -= load;
            loads[to] += load;
            left[from].Remove(unit);
            // It is not moved twice in a plan.
            moves.Add(unit);
        }
        return moves;
    }
}

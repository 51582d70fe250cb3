using System.Runtime.InteropServices;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;

namespace ActorMon.Alerting.Matchers;

/// <summary>
/// Finds the items whose matchers may match a label set without asking all of them: an item is filed under the literal value (or the few values) one of its
/// matchers demands, in the smallest drawer it can go to. The rest are asked each time. Not thread-safe.
/// </summary>
/// <typeparam name="T">Compared by its own equality.</typeparam>
public sealed class MatcherIndex<T>
    where T : notnull
{
    /// <summary>A regex that stands for more values than this is not filed under them.</summary>
    private const int MaxValues = 16;

    private readonly Dictionary<Label, HashSet<T>> _drawers = [];
    private readonly Dictionary<T, List<Label>> _places = [];
    private readonly HashSet<T> _unfiled = [];

    public int Count => _places.Count;

    /// <summary>Files an item; it matches when any of its sets does.</summary>
    public void Add(T item, IEnumerable<MatcherSet> sets)
    {
        Remove(item);
        var places = new List<Label>();
        foreach (var set in sets)
        {
            if (BestPlaces(set) is { } best)
                places.AddRange(best);
            else
            {
                places.Clear();
                _unfiled.Add(item);
                break;
            }
        }
        foreach (var place in places)
        {
            ref var drawer = ref CollectionsMarshal.GetValueRefOrAddDefault(_drawers, place, out _);
            (drawer ??= []).Add(item);
        }
        _places[item] = places;
    }

    public void Remove(T item)
    {
        if (!_places.Remove(item, out var places))
            return;
        _unfiled.Remove(item);
        foreach (var place in places)
            if (_drawers.TryGetValue(place, out var drawer) && drawer.Remove(item) && drawer.Count == 0)
                _drawers.Remove(place);
    }

    /// <summary>Adds every item that may match to <paramref name="found"/>: all that do, and some that do not.</summary>
    public void Find(LabelSet labels, HashSet<T> found)
    {
        foreach (var item in _unfiled)
            found.Add(item);
        foreach (var label in labels.AsSpan())
            if (_drawers.TryGetValue(label, out var drawer))
                foreach (var item in drawer)
                    found.Add(item);
    }

    private List<Label>? BestPlaces(MatcherSet set)
    {
        List<Label>? best = null;
        var bestLoad = int.MaxValue;
        foreach (var matcher in set.Matchers)
        {
            if (Places(matcher) is not { } places)
                continue;
            var load = 0;
            foreach (var place in places)
                load += 1 + (_drawers.TryGetValue(place, out var drawer) ? drawer.Count : 0);
            if (load < bestLoad)
                (best, bestLoad) = (places, load);
        }
        return best;
    }

    private static List<Label>? Places(AlertMatcher matcher)
    {
        if (matcher.Operator == MatchOperator.Equal && matcher.Value.Length > 0)
            return [new Label(matcher.Name, matcher.Value)];
        if (matcher.Operator != MatchOperator.Regex || matcher.Regex!.SetMatches is not { Count: <= MaxValues } values)
            return null;
        var places = new List<Label>(values.Count);
        foreach (var value in values)
            places.Add(new Label(matcher.Name, value));
        return places;
    }
}

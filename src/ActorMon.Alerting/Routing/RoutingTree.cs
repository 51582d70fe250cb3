using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Routing;

/// <summary>The routes of a configuration. Immutable, thread-safe.</summary>
public sealed class RoutingTree
{
    public RoutingTree(RouteSpec root)
    {
        var counter = 0;
        Root = new Route(root, null, 0, ref counter);
        Count = counter;
    }

    public Route Root { get; }

    /// <summary>The number of routes.</summary>
    public int Count { get; }

    /// <summary>The routes an alert goes to, at least the root unless its matchers refuse: depth first, a child before its parent, siblings on after one that continues.</summary>
    public IReadOnlyList<Route> Match(LabelSet labels)
    {
        var matched = new List<Route>(1);
        Root.Collect(labels, matched);
        return matched;
    }

    /// <summary>All routes, a parent before its children.</summary>
    public IEnumerable<Route> Walk()
    {
        var open = new Stack<Route>([Root]);
        while (open.TryPop(out var route))
        {
            yield return route;
            for (var i = route.Routes.Count - 1; i >= 0; i--)
                open.Push(route.Routes[i]);
        }
    }
}

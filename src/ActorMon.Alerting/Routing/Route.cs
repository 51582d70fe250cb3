using System.Globalization;
using ActorMon.Alerting.Matchers;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Routing;

/// <summary>A node of the routing tree. Immutable.</summary>
public sealed class Route
{
    private readonly string[] _groupBy;

    internal Route(RouteSpec spec, Route? parent, int place, ref int counter)
    {
        Spec = spec;
        Parent = parent;
        Options = (parent?.Options ?? RouteOptions.Default).Narrowed(spec);
        _groupBy = [.. Options.GroupBy];
        Matchers = spec.Matchers;
        Key = parent is null ? Matchers.ToString() : $"{parent.Key}/{Matchers}";
        Id = parent is null ? Matchers.ToString() : string.Create(CultureInfo.InvariantCulture, $"{parent.Id}/{Matchers}/{place}");
        var children = new Route[spec.Routes.Count];
        for (var i = 0; i < children.Length; i++)
            children[i] = new Route(spec.Routes[i], this, i, ref counter);
        Routes = children;
        Index = counter++;
    }

    public RouteSpec Spec { get; }
    public Route? Parent { get; }
    public RouteOptions Options { get; }
    public MatcherSet Matchers { get; }
    public IReadOnlyList<Route> Routes { get; }
    public bool Continue => Spec.Continue;

    /// <summary>The matchers from the root down, <c>{}/{a="b"}</c>. Group keys start with it; two routes may share one.</summary>
    public string Key { get; }

    /// <summary>As <see cref="Key"/> with each node's place among its siblings: unique in the tree.</summary>
    public string Id { get; }

    /// <summary>The number of the node, children before their parent.</summary>
    public int Index { get; }

    /// <summary>The labels an alert is grouped by here.</summary>
    public LabelSet GroupLabels(LabelSet alert) => Options.GroupByAll ? alert : alert.Keep(_groupBy);

    internal bool Collect(LabelSet labels, List<Route> matched)
    {
        if (!Matchers.Matches(labels))
            return false;
        var before = matched.Count;
        foreach (var child in Routes)
            if (child.Collect(labels, matched) && !child.Continue)
                break;
        if (matched.Count == before)
            matched.Add(this);
        return true;
    }
}

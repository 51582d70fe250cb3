using ActorMon.Alerting.Matchers;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Routing;

/// <summary>What became of a route while an alert was routed.</summary>
public enum RouteOutcome : byte
{
    /// <summary>A matcher refused the alert.</summary>
    Refused,

    /// <summary>Not asked: an earlier sibling matched and does not continue.</summary>
    NotReached,

    /// <summary>Matched, and one or more children took the alert.</summary>
    TakenByChildren,

    /// <summary>Matched and no child did: the alert goes to this route's receiver.</summary>
    Chosen,
}

/// <summary>Why a route did or did not take an alert.</summary>
/// <param name="Refusing">The matchers that refused it.</param>
/// <param name="StoppedBy">The sibling that kept it from being asked.</param>
/// <param name="Children">Of a route that matched.</param>
public sealed record RouteExplanation(Route Route, RouteOutcome Outcome, IReadOnlyList<AlertMatcher> Refusing, Route? StoppedBy, IReadOnlyList<RouteExplanation> Children)
{
    /// <summary>Routes an alert through the tree, telling of every route that was looked at.</summary>
    public static RouteExplanation Of(RoutingTree tree, LabelSet labels) => Of(tree.Root, labels);

    private static RouteExplanation Of(Route route, LabelSet labels)
    {
        var refusing = route.Matchers.Matchers.Where(m => !m.Matches(labels)).ToArray();
        if (refusing.Length > 0)
            return new RouteExplanation(route, RouteOutcome.Refused, refusing, null, []);
        var children = new List<RouteExplanation>();
        var taken = false;
        Route? stopper = null;
        foreach (var child in route.Routes)
        {
            if (stopper is not null)
            {
                children.Add(new RouteExplanation(child, RouteOutcome.NotReached, [], stopper, []));
                continue;
            }
            var explained = Of(child, labels);
            children.Add(explained);
            if (explained.Outcome == RouteOutcome.Refused)
                continue;
            taken = true;
            stopper = child.Continue ? null : child;
        }
        return new RouteExplanation(route, taken ? RouteOutcome.TakenByChildren : RouteOutcome.Chosen, [], null, children);
    }
}

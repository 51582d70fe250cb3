using ActorMon.Alerting.Routing;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Views;

/// <summary>What a group waits for until it tells its receiver.</summary>
public enum GroupWaiting : byte
{
    /// <summary>Nothing: there is no such group, or nothing in it to tell.</summary>
    None,

    /// <summary>For more alerts, since it is new: group_wait.</summary>
    GroupWait,

    /// <summary>It has told its receiver before: group_interval.</summary>
    GroupInterval,
}

/// <summary>A group an alert is in, or would be in.</summary>
/// <param name="Facts">Null: there is no such group now.</param>
public sealed record ExplainedGroup(Route Route, LabelSet Labels, GroupFacts? Facts)
{
    public GroupWaiting Waiting => Facts?.NextFlush is null ? GroupWaiting.None : Facts.Flushes == 0 ? GroupWaiting.GroupWait : GroupWaiting.GroupInterval;
}

/// <summary>Which way an alert takes and why, be it known or not.</summary>
public sealed record AlertExplanation(RouteExplanation Routes, IReadOnlyList<ExplainedGroup> Groups)
{
    /// <param name="facts">Of the alert of these labels.</param>
    public static AlertExplanation Of(RoutingTree tree, LabelSet labels, AlertFacts facts)
    {
        var groups = new List<ExplainedGroup>();
        foreach (var route in tree.Match(labels))
        {
            var grouped = route.GroupLabels(labels);
            groups.Add(new ExplainedGroup(route, grouped, facts.Groups.FirstOrDefault(group => group.RouteId == route.Id && group.Labels.Equals(grouped))));
        }
        return new AlertExplanation(RouteExplanation.Of(tree, labels), groups);
    }
}

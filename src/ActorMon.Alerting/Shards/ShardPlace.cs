using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Groups;
using ActorMon.Alerting.Routing;
using ActorMon.Model.Labels;
using ActorMon.Model.Sharding;

namespace ActorMon.Alerting.Shards;

/// <summary>Which of a fixed number of shards a group lies in: by the text that names it, so that it and its entries in the notification log have one owner.</summary>
public static class ShardPlace
{
    /// <param name="groupKey">See <see cref="GroupKey.TextOf"/>.</param>
    public static int Of(string groupKey, int shards) => (int)(StableHash.Of(LabelSet.Of("group", groupKey)) % (ulong)shards);

    /// <summary>The shards an alert goes to, each once.</summary>
    public static IReadOnlyList<int> Of(Alert alert, RoutingTree tree, int shards)
    {
        var places = new List<int>(1);
        foreach (var route in tree.Match(alert.Labels))
        {
            var place = Of(GroupKey.TextOf(route, route.GroupLabels(alert.Labels)), shards);
            if (!places.Contains(place))
                places.Add(place);
        }
        return places;
    }
}

using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Routing;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Groups;

/// <summary>All groups of a routing tree: takes alerts in, gives the groups that are due. Not thread-safe.</summary>
public sealed class GroupTable(RoutingTree tree)
{
    private readonly Dictionary<GroupKey, AlertGroup> _groups = [];

    public IReadOnlyCollection<AlertGroup> Groups => _groups.Values;

    public AlertGroup? Get(Route route, LabelSet groupLabels) => _groups.GetValueOrDefault(new GroupKey(route.Id, groupLabels));

    /// <summary>Puts an alert into the group of each route it matches.</summary>
    public void Insert(Alert alert, DateTimeOffset now)
    {
        foreach (var route in tree.Match(alert.Labels))
        {
            var key = new GroupKey(route.Id, route.GroupLabels(alert.Labels));
            if (!_groups.TryGetValue(key, out var group))
                _groups[key] = group = new AlertGroup(route, key.Labels);
            group.Insert(alert, now);
        }
    }

    /// <summary>The groups whose time has come.</summary>
    public IEnumerable<AlertGroup> Due(DateTimeOffset now) => _groups.Values.Where(group => group.NextFlush <= now);

    /// <summary>Removes groups without alerts.</summary>
    public void RemoveEmpty()
    {
        foreach (var (key, group) in _groups)
            if (group.IsEmpty)
                _groups.Remove(key);
    }
}

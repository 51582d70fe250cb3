using ActorMon.Alerting.Groups;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Shards;

/// <summary>Which shards alerts go to, remembering those of groups that were asked for: naming a group costs more than the rest. Not thread-safe.</summary>
public sealed class GroupPlaces(int shards)
{
    /// <summary>About 10 MB; then it begins anew.</summary>
    private const int MaxGroups = 50_000;

    private readonly Dictionary<GroupKey, int> _known = [];
    private ShardConfiguration? _configuration;

    /// <param name="into">Gets each shard once.</param>
    public void ShardsOf(LabelSet alert, ShardConfiguration configuration, List<int> into)
    {
        if (!ReferenceEquals(_configuration, configuration) || _known.Count >= MaxGroups)
        {
            _known.Clear();
            _configuration = configuration;
        }
        foreach (var route in configuration.Tree.Match(alert))
        {
            var key = new GroupKey(route.Id, route.GroupLabels(alert));
            if (!_known.TryGetValue(key, out var shard))
                _known[key] = shard = ShardPlace.Of(GroupKey.TextOf(route, key.Labels), shards);
            if (!into.Contains(shard))
                into.Add(shard);
        }
    }
}

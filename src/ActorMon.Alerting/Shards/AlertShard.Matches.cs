using ActorMon.Alerting.Acknowledgements;
using ActorMon.Alerting.Silences;

namespace ActorMon.Alerting.Shards;

/// <summary>What the owner of the silences has to know of a shard's alerts: what ends with them.</summary>
public sealed partial class AlertShard
{
    /// <summary>Ids of those silences that an alert that fires here matches.</summary>
    public IReadOnlyList<string> Matching(IReadOnlyList<Silence> silences, DateTimeOffset now) =>
        [.. silences.Where(silence => _alerts.Values.Any(alert => !alert.IsResolved(now) && silence.Matches(alert.Labels))).Select(silence => silence.Id)];

    /// <summary>Places in the list of those whose alert fires here and has done so since.</summary>
    public IReadOnlyList<int> Firing(IReadOnlyList<Acknowledgement> acknowledged, DateTimeOffset now)
    {
        var firing = new List<int>();
        for (var i = 0; i < acknowledged.Count; i++)
            if (_alerts.TryGetValue(acknowledged[i].Labels, out var alert) && !alert.IsResolved(now) && alert.StartsAt <= acknowledged[i].At)
                firing.Add(i);
        return firing;
    }
}

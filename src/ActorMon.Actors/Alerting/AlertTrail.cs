using ActorMon.Alerting.History;

namespace ActorMon.Actors.Alerting;

/// <summary>What happened to the alerts of this node's shards, in memory: the latest events, up to a number and an age. Thread-safe. Lost when the node ends.</summary>
public sealed class AlertTrail(int capacity, TimeSpan retention, string node)
{
    private readonly Lock _lock = new();
    private readonly EventHistory _history = new(capacity, retention);

    public void Add(AlertEvent happened)
    {
        lock (_lock)
            _history.Add(happened with { Node = node });
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<AlertEvent> Find(HistoryQuery query)
    {
        lock (_lock)
            return _history.Find(query);
    }
}

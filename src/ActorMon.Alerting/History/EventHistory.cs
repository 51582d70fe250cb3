namespace ActorMon.Alerting.History;

/// <summary>The latest events in the order they came, up to a number and an age. Not thread-safe.</summary>
/// <param name="capacity">Events kept at most; older ones give way.</param>
/// <param name="retention">How long an event is kept.</param>
public sealed class EventHistory(int capacity, TimeSpan retention)
{
    private readonly Queue<AlertEvent> _events = new();

    public int Count => _events.Count;

    /// <summary>Events that ever came.</summary>
    public long Total { get; private set; }

    /// <summary>Events that gave way to newer ones although they were not yet old.</summary>
    public long Displaced { get; private set; }

    public void Add(AlertEvent happened)
    {
        Collect(happened.At);
        if (_events.Count == capacity)
        {
            _events.Dequeue();
            Displaced++;
        }
        _events.Enqueue(happened);
        Total++;
    }

    /// <summary>Those that came after the first <paramref name="number"/> and are still here, oldest first.</summary>
    public IReadOnlyList<AlertEvent> After(long number) => number >= Total ? [] : [.. _events.Skip((int)Math.Max(0, _events.Count - (Total - number)))];

    /// <summary>Forgets what is too old.</summary>
    public void Collect(DateTimeOffset now)
    {
        while (_events.TryPeek(out var oldest) && oldest.At + retention < now)
            _events.Dequeue();
    }

    /// <summary>Oldest first; the newest when there are more than the limit.</summary>
    public IReadOnlyList<AlertEvent> Find(HistoryQuery query)
    {
        var found = new Queue<AlertEvent>();
        foreach (var happened in _events)
        {
            if (!query.Admits(happened))
                continue;
            if (found.Count == query.Limit)
                found.Dequeue();
            found.Enqueue(happened);
        }
        return [.. found];
    }
}

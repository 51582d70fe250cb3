using ActorMon.Notifying.Options;

namespace ActorMon.Notifying.Alerts;

/// <summary>
/// Alerts that wait for one Alertmanager, oldest first. When it is full the oldest go: a firing alert is told again after the resend delay, so the newest say the most.
/// One thread at a time.
/// </summary>
public sealed class AlertQueue(QueueOptions options)
{
    private readonly Queue<OutgoingAlert> _waiting = new();

    public int Count => _waiting.Count;

    /// <returns>How many were dropped, of those that waited and of the new ones.</returns>
    public int Add(IReadOnlyList<OutgoingAlert> alerts)
    {
        var dropped = Math.Max(0, _waiting.Count + alerts.Count - options.Capacity);
        var skipped = Math.Max(0, alerts.Count - options.Capacity);
        for (var i = skipped; i < dropped; i++)
            _waiting.Dequeue();
        for (var i = skipped; i < alerts.Count; i++)
            _waiting.Enqueue(alerts[i]);
        return dropped;
    }

    /// <summary>Takes the oldest, as many as go in one request; empty when nothing waits.</summary>
    public IReadOnlyList<OutgoingAlert> TakeBatch()
    {
        var batch = new OutgoingAlert[Math.Min(_waiting.Count, options.BatchSize)];
        for (var i = 0; i < batch.Length; i++)
            batch[i] = _waiting.Dequeue();
        return batch;
    }

    /// <returns>How many were dropped.</returns>
    public int Clear()
    {
        var count = _waiting.Count;
        _waiting.Clear();
        return count;
    }
}

using ActorMon.Model.Samples;
using ActorMon.Rules.Alerts;

namespace ActorMon.Rules.Memory;

/// <param name="Retention">How long transitions are kept.</param>
/// <param name="MaxEntries">Of one group; the oldest go first.</param>
public sealed record HistorySettings(TimeSpan Retention, int MaxEntries);

/// <summary>Past transitions of a group's alerts, oldest first, bounded in time and number. One writer, any readers.</summary>
public sealed class AlertHistory(HistorySettings settings)
{
    private readonly Lock _lock = new();
    private readonly Queue<HistoryEntry> _entries = new();

    public int Count
    {
        get
        {
            lock (_lock)
                return _entries.Count;
        }
    }

    public void Add(GroupTransitions transitions)
    {
        lock (_lock)
        {
            foreach (var (rule, change) in transitions.Changes)
                // That an ended alert is dropped from memory is nothing that happened to it.
                if (change.Change != AlertChange.Forgotten)
                    _entries.Enqueue(new HistoryEntry(change, rule.Name, transitions.Node));
            Trim(transitions.At);
        }
    }

    /// <summary>Begins again with these.</summary>
    public void Set(IEnumerable<HistoryEntry> entries, TimestampMs now)
    {
        lock (_lock)
        {
            _entries.Clear();
            foreach (var entry in entries)
                _entries.Enqueue(entry);
            Trim(now);
        }
    }

    public IReadOnlyList<HistoryEntry> Snapshot()
    {
        lock (_lock)
            return [.. _entries];
    }

    /// <summary>Those of a stretch of time, both ends included.</summary>
    public IReadOnlyList<HistoryEntry> Between(TimestampMs from, TimestampMs to)
    {
        var found = new List<HistoryEntry>();
        lock (_lock)
            foreach (var entry in _entries)
                if (entry.Event.At >= from && entry.Event.At <= to)
                    found.Add(entry);
        return found;
    }

    private void Trim(TimestampMs now)
    {
        var oldest = now - settings.Retention;
        while (_entries.TryPeek(out var first) && (_entries.Count > settings.MaxEntries || first.Event.At < oldest))
            _entries.Dequeue();
    }
}

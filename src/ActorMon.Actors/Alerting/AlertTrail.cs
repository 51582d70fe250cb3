using ActorMon.Alerting.History;

namespace ActorMon.Actors.Alerting;

/// <summary>
/// What happened to the alerts of this node's shards: the latest events, up to a number and an age, in memory; with files it begins with what they hold, and what is new is written when
/// <see cref="Write"/> is called. Thread-safe. Lost on a crash: what came since then.
/// </summary>
public sealed class AlertTrail
{
    private readonly Lock _lock = new();
    private readonly EventHistory _history;
    private readonly string _node;
    private readonly AlertHistoryFiles? _files;

    // One writes at a time.
    private readonly Lock _writing = new();
    private long _written;

    /// <param name="capacity">Events kept at most.</param>
    /// <param name="files">Null: everything is lost when the node ends.</param>
    public AlertTrail(int capacity, TimeSpan retention, string node, AlertHistoryFiles? files = null)
    {
        (_history, _node, _files) = (new EventHistory(capacity, retention), node, files);
        foreach (var happened in files?.Read() ?? [])
            _history.Add(happened);
        _written = _history.Total;
    }

    public void Add(AlertEvent happened)
    {
        lock (_lock)
            _history.Add(happened);
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<AlertEvent> Find(HistoryQuery query)
    {
        lock (_lock)
            return [.. _history.Find(query).Select(Named)];
    }

    /// <summary>What is kept does not name this node: there is much of it.</summary>
    private AlertEvent Named(AlertEvent happened) => happened.Node.Length > 0 ? happened : happened with { Node = _node };

    /// <summary>Writes what came since it was last called; of more than are kept the latest alone, so it costs the same however many alerts flap.</summary>
    /// <returns>What went wrong; null: nothing. What could not be written is tried again with the next call.</returns>
    public string? Write(DateTimeOffset now)
    {
        if (_files is null)
            return null;
        lock (_writing)
        {
            IReadOnlyList<AlertEvent> unwritten;
            long total;
            lock (_lock)
            {
                _history.Collect(now);
                (unwritten, total) = (_history.After(_written), _history.Total);
            }
            if (unwritten.Count == 0)
                return null;
            try
            {
                _files.Append([.. unwritten.Select(Named)], now);
                _written = total;
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return e.Message;
            }
        }
    }
}

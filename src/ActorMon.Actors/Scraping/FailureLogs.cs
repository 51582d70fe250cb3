using ActorMon.Scraping.Failures;

namespace ActorMon.Actors.Scraping;

/// <summary>The scrape failure logs of this node, one per file however many jobs name it. Thread-safe.</summary>
public sealed class FailureLogs(TimeProvider time) : IDisposable
{
    private readonly Dictionary<string, ScrapeFailureLog> _logs = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public void Write(string file, string job, string target, string error)
    {
        if (file.Length == 0)
            return;
        ScrapeFailureLog? log;
        lock (_lock)
            if (!_logs.TryGetValue(file, out log))
                _logs[file] = log = new ScrapeFailureLog(file, time);
        log.Write(job, target, error);
    }

    /// <summary>Opens every file anew, after a reload: somebody may have moved it away.</summary>
    public void Reopen()
    {
        lock (_lock)
            foreach (var log in _logs.Values)
                log.Reopen();
    }

    public void Dispose()
    {
        lock (_lock)
            foreach (var log in _logs.Values)
                log.Dispose();
    }
}

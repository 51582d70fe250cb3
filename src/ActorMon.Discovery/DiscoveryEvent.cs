namespace ActorMon.Discovery;

/// <summary>What a mechanism tells the one who runs it.</summary>
public abstract record DiscoveryEvent;

/// <summary>
/// Groups that are new or changed, each whole; an empty one withdraws its source. A mechanism's first answer is always told, though it may hold no group.
/// </summary>
public sealed record GroupsDiscovered(IReadOnlyList<TargetGroup> Groups) : DiscoveryEvent;

/// <summary>Something failed; what was known before stays in force. Counted by kind, logged with its text.</summary>
/// <param name="Subject">What failed: a file, a directory, a URL.</param>
public sealed record DiscoveryFailed(DiscoveryFailure Kind, string Subject, string Message) : DiscoveryEvent;

public enum DiscoveryFailure : byte
{
    /// <summary>A file could not be read or understood (prometheus_sd_file_read_errors_total).</summary>
    FileRead,

    /// <summary>A directory could not be watched (prometheus_sd_file_watcher_errors_total); the periodic reading goes on.</summary>
    FileWatch,

    /// <summary>A periodic refresh failed (prometheus_sd_refresh_failures_total).</summary>
    Refresh,
}

/// <summary>All files of a mechanism have been read once more.</summary>
/// <param name="Modified">The files read last with success, and when they were modified (prometheus_sd_file_mtime_seconds).</param>
/// <param name="Duration">How long it took (prometheus_sd_file_scan_duration_seconds).</param>
public sealed record FilesScanned(IReadOnlyDictionary<string, DateTimeOffset> Modified, TimeSpan Duration) : DiscoveryEvent;

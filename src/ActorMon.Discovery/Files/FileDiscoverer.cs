namespace ActorMon.Discovery.Files;

/// <summary>
/// file_sd: reads target files at the start, shortly after something changes in their directories, and every refresh interval. The directories, not the files,
/// are watched, so that files that appear or are replaced by renaming are seen. Watches are set anew at every refresh: a directory may have been made, or
/// replaced, meanwhile.
/// </summary>
public sealed class FileDiscoverer : IDiscoverer
{
    /// <summary>A writer's burst of changes leads to one reading, this long after the first of them.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromDays(45);

    private readonly FileSdConfig _config;
    private readonly DiscoveryContext _context;
    private readonly List<FilePattern> _patterns;

    /// <exception cref="ArgumentException">A path of the configuration is not absolute.</exception>
    public FileDiscoverer(FileSdConfig config, DiscoveryContext context)
    {
        _config = config;
        _context = context;
        _patterns = [.. config.Files.Select(file => new FilePattern(file))];
    }

    public Task RunAsync(Action<DiscoveryEvent> publish, CancellationToken cancellationToken) =>
        Task.Run(() => LoopAsync(publish, cancellationToken), CancellationToken.None);

    private async Task LoopAsync(Action<DiscoveryEvent> publish, CancellationToken cancellationToken)
    {
        var scan = new FileScan(_patterns, _context.Files, _context.Yaml);
        using var signals = new FileSignals(Interval(_config.RefreshInterval), Settle, _context.Time);
        var watches = new List<IDisposable>();
        try
        {
            var refresh = true;
            for (var first = true; !cancellationToken.IsCancellationRequested; first = false)
            {
                // Watches come before the reading, so that no change falls between the two.
                if (refresh)
                    watches = Renew(watches, signals, publish);
                Scan(scan, first, publish);
                (refresh, var failure) = await signals.WaitAsync(cancellationToken);
                if (failure is not null)
                    publish(new DiscoveryFailed(DiscoveryFailure.FileWatch, "watcher", failure));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The only way out.
        }
        finally
        {
            foreach (var watch in watches)
                watch.Dispose();
        }
    }

    /// <summary>Within what a timer can take.</summary>
    private static TimeSpan Interval(TimeSpan configured) => configured < MinInterval ? MinInterval : configured > MaxInterval ? MaxInterval : configured;

    private void Scan(FileScan scan, bool first, Action<DiscoveryEvent> publish)
    {
        var start = _context.Time.GetTimestamp();
        var changes = scan.Next(publish);
        if (changes.Count > 0 || first)
            publish(new GroupsDiscovered(changes));
        publish(new FilesScanned(scan.Modified, _context.Time.GetElapsedTime(start)));
    }

    private List<IDisposable> Renew(List<IDisposable> old, FileSignals signals, Action<DiscoveryEvent> publish)
    {
        var watches = new List<IDisposable>();
        foreach (var directory in _patterns.Select(pattern => pattern.Directory).Distinct())
        {
            try
            {
                watches.Add(_context.Watch.Start(directory, signals.Changed, reason => signals.Failed($"{directory}: {reason}")));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                publish(new DiscoveryFailed(DiscoveryFailure.FileWatch, directory, e.Message));
            }
        }
        foreach (var watch in old)
            watch.Dispose();
        return watches;
    }
}

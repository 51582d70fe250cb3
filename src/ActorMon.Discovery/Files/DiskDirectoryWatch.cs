namespace ActorMon.Discovery.Files;

/// <summary>Watches the machine's directories through the operating system's notifications.</summary>
public sealed class DiskDirectoryWatch : IDirectoryWatch
{
    public static readonly DiskDirectoryWatch Instance = new();

    private DiskDirectoryWatch() { }

    public IDisposable Start(string directory, Action changed, Action<string> failed)
    {
        FileSystemWatcher watcher;
        try
        {
            watcher = new FileSystemWatcher(directory)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.CreationTime,
            };
        }
        catch (ArgumentException e)
        {
            throw new DirectoryNotFoundException($"{directory}: no such directory", e);
        }
        watcher.Changed += (_, _) => changed();
        watcher.Created += (_, _) => changed();
        watcher.Deleted += (_, _) => changed();
        watcher.Renamed += (_, _) => changed();
        watcher.Error += (_, e) => failed(e.GetException().Message);
        try
        {
            watcher.EnableRaisingEvents = true;
        }
        catch
        {
            watcher.Dispose();
            throw;
        }
        return watcher;
    }
}

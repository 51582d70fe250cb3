namespace ActorMon.Host.Web;

/// <summary>What a value made from files is valid for: the length and the time of the last change of each. A file that is not there counts as one of its own kind.</summary>
internal sealed class WatchedFiles
{
    private readonly (string Path, long Length, DateTime Modified)[] _stamps;

    private WatchedFiles((string Path, long Length, DateTime Modified)[] stamps) => _stamps = stamps;

    /// <summary>Taken before the files are read: a change in between is then seen at the next look.</summary>
    public static WatchedFiles Of(IEnumerable<string> paths) => new([.. paths.Select(Stamp)]);

    public bool HaveChanged()
    {
        foreach (var stamp in _stamps)
            if (Stamp(stamp.Path) != stamp)
                return true;
        return false;
    }

    private static (string Path, long Length, DateTime Modified) Stamp(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (path, file.Length, file.LastWriteTimeUtc) : (path, -1, default);
    }
}

using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Lifecycle;

/// <summary>
/// Which parts are in force, on disk: <c>parts.list</c>, a <see cref="FileInventory"/> of file names. It follows the parts: a new one is named some time after it is in force,
/// one that goes is struck out before its file is deleted. So at any moment every file it names is there, unless somebody took it away or the disk lost it; that is
/// said at the next start, also after a crash.
/// <code>
/// part in force -> ... -> list names it -> replaced or expired -> list without it, synced -> file deleted
/// </code>
/// </summary>
internal sealed class PartInventory(IStorageFiles files, string partition)
{
    public const string Name = "parts.list";

    private readonly string _path = Path.Combine(partition, Name);
    // What the list on disk names; null: there is one, and nothing is known of it.
    private volatile HashSet<string>? _noted = [];

    /// <summary>Whether the list on disk is this one, none being one that names nothing.</summary>
    public bool Is(IReadOnlyCollection<string> names) => _noted?.SetEquals(names) ?? false;

    /// <summary>Reads the list and says which files are gone.</summary>
    /// <param name="isThere">Whether a part of this name lies in the partition, be it set aside.</param>
    public IReadOnlyList<string> Load(Func<string, bool> isThere)
    {
        if (!files.FileExists(_path))
            return [];
        try
        {
            _noted = FileInventory.Read(files, _path) is { } names ? [.. names] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _noted = null;
        }
        return [.. (_noted ?? []).Where(name => PartFormat.TryParseName(name, out _) && !isThere(name)).Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Writes the list, if it is another one than before. A disk that is full gets no list at all rather than one that is wrong, so that parts may go. One thread at a time.
    /// </summary>
    /// <returns>Whether the list is written; false: there is none now.</returns>
    /// <exception cref="IOException">An old list that names files about to go cannot be taken away.</exception>
    public bool Write(IReadOnlyCollection<string> names)
    {
        if (Is(names))
            return true;
        try
        {
            FileInventory.Write(files, _path, names);
            _noted = [.. names];
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (files.FileExists(_path))
            {
                files.Delete(_path);
                files.SyncDirectory(partition);
            }
            _noted = [];
            return false;
        }
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Lifecycle;

/// <summary>
/// The parts of a partition: on disk, open, and which of them are in force. A part that replaces others names them, so whatever step a crash interrupts, opening finds
/// either the inputs or the one that holds all of them, and finishes or undoes the rest. Belongs to the writer; <see cref="Live"/> may be read on any thread.
/// <code>
/// write X.tmp, sync -> rename X.part, sync directory -> in force -> list without what X replaces, sync -> delete that
///      crash: X.tmp is removed                            crash: opening deletes it
/// </code>
/// The list is <see cref="Inventory"/>.
/// </summary>
internal sealed class PartSet : IDisposable
{
    private const string Aside = ".bad";

    private readonly IStorageFiles _files;
    private readonly string _quarantine;
    private readonly List<PartDamage> _damage = [];
    // Files that could not be deleted: whoever replaces anything later names them too, so that they do not come back at the next start.
    private readonly SortedSet<long> _obsolete = [];
    private readonly SortedSet<string> _remains = new(StringComparer.Ordinal);
    private readonly HashSet<long> _unfit = [];
    private readonly HashSet<long> _unreadable = [];
    // Files that come from another copy, by number: written beside the writer, so clearing up leaves them alone.
    private readonly ConcurrentDictionary<long, bool> _intakes = new();
    private ImmutableArray<PartFile> _live = [];
    private long _next = 1;

    private PartSet(IStorageFiles files, string partition)
    {
        _files = files;
        Directory = PathIn(partition);
        Inventory = new PartInventory(files, partition);
        _quarantine = Path.Combine(partition, "quarantine");
    }

    public string Directory { get; }

    /// <summary>The names of the parts in force, on disk.</summary>
    public PartInventory Inventory { get; }

    /// <summary>What the list of parts has to name: files that must be there at the next start.</summary>
    public IReadOnlyCollection<string> Names => [.. _live.Select(part => PartFormat.Name(part.Header.Sequence)), .. _unreadable.Select(PartFormat.Name)];

    /// <summary>Files that were in force and were gone when this was opened.</summary>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    /// <summary>Parts in force, by ascending MinTime.</summary>
    public ImmutableArray<PartFile> Live => _live;

    /// <summary>What was found unusable since opening.</summary>
    public IReadOnlyList<PartDamage> Damage => _damage;

    /// <summary>Files that wait to be deleted, in the order in which they may go. Readers that still hold one go on reading it: the file goes when they let go.</summary>
    public IEnumerable<string> Obsolete => _remains.Concat(_obsolete.Select(PartFormat.Name)).Select(name => Path.Combine(Directory, name));

    /// <summary>Everything before this time (Unix ms) was cut; long.MinValue: nothing was.</summary>
    public long CutTo
    {
        get
        {
            var cutTo = long.MinValue;
            foreach (var part in _live)
                if (part.Header.CutSegment > 0)
                    cutTo = Math.Max(cutTo, part.Header.CutTo);
            return cutTo;
        }
    }

    public static string PathIn(string partition) => Path.Combine(partition, "parts");

    /// <summary>Opens what is there and clears up after a crash.</summary>
    /// <exception cref="IOException">The directory cannot be read or written.</exception>
    public static PartSet Open(IStorageFiles files, string partition, WalIdentity identity, PartCache cache)
    {
        var set = new PartSet(files, partition);
        set.Missing = set.Inventory.Load(set.IsThere);
        if (!files.DirectoryExists(set.Directory))
        {
            files.CreateDirectory(set.Directory);
            files.SyncDirectory(partition);
            set.Inventory.Write([]);
            return set;
        }
        var opened = new List<PartFile>();
        foreach (var name in files.List(set.Directory))
        {
            if (name.EndsWith(PartFormat.TemporaryExtension, StringComparison.Ordinal))
                files.Delete(Path.Combine(set.Directory, name));
            else if (PartFormat.TryParseName(name, out var sequence))
                set.Take(name, sequence, identity, cache, opened);
        }
        var replaced = new HashSet<long>();
        foreach (var part in opened)
            foreach (var sequence in part.Header.Replaces)
                // A number is greater than all it replaces; so one that was given anew, after its first owner had gone, is never taken for that one.
                if (sequence < part.Header.Sequence)
                    replaced.Add(sequence);
        // Whoever replaces it holds all of it.
        set.Missing = [.. set.Missing.Where(name => !PartFormat.TryParseName(name, out var sequence) || !replaced.Contains(sequence))];
        set._live = Ordered(opened.Where(part => !replaced.Contains(part.Header.Sequence)));
        foreach (var part in opened)
            if (replaced.Contains(part.Header.Sequence))
                set.Discard(part);
        set.DeleteNow();
        return set;
    }

    /// <summary>At opening nobody waits for the writer yet. What cannot be deleted stays obsolete.</summary>
    private void DeleteNow()
    {
        try
        {
            Inventory.Write(Names);
            if (_obsolete.Count == 0)
                return;
            foreach (var path in Obsolete)
                _files.Delete(path);
            _files.SyncDirectory(Directory);
            _obsolete.Clear();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Tried again by the store's work; to delete what is gone already is no error.
        }
    }

    /// <summary>A number that no file has had. Any thread.</summary>
    public long NextSequence() => Interlocked.Increment(ref _next) - 1;

    /// <summary>A number for a file that comes from another copy; clearing up leaves it alone until <see cref="EndIntake"/>. Any thread.</summary>
    public long BeginIntake()
    {
        var sequence = NextSequence();
        _intakes[sequence] = true;
        return sequence;
    }

    public void EndIntake(long sequence) => _intakes.TryRemove(sequence, out _);

    /// <summary>What a new part must name beside its inputs.</summary>
    public IReadOnlyCollection<long> NotYetDeleted => _obsolete;

    public void Add(IEnumerable<PartFile> parts) => Replace([], parts);

    /// <summary>Puts parts in the place of others in one step; the old ones are <see cref="Obsolete"/> from then on, for when no new reader gets them any more.</summary>
    public void Replace(IReadOnlyCollection<PartFile> inputs, IEnumerable<PartFile> outputs)
    {
        _live = Ordered(_live.Where(part => !inputs.Contains(part)).Concat(outputs));
        foreach (var input in inputs)
            Discard(input);
    }

    /// <summary>Finished parts that were never in force.</summary>
    public void Discard(IEnumerable<PartFile> parts)
    {
        foreach (var part in parts)
            Discard(part);
    }

    public void Remove(IReadOnlyCollection<PartFile> parts) => Replace(parts, []);

    /// <summary>These files are gone for good.</summary>
    public void Removed(IReadOnlyCollection<string> paths)
    {
        foreach (var path in paths)
        {
            var name = Path.GetFileName(path);
            _remains.Remove(name);
            if (PartFormat.TryParseName(name, out var sequence))
                _obsolete.Remove(sequence);
        }
    }

    /// <summary>Finds what failed work could not take away again. Call it when no work is out.</summary>
    public void FindRemains()
    {
        try
        {
            foreach (var name in _files.List(Directory))
            {
                var isUnfinished = name.EndsWith(PartFormat.TemporaryExtension, StringComparison.Ordinal);
                if (!PartFormat.TryParseName(isUnfinished ? name[..^PartFormat.TemporaryExtension.Length] : name, out var sequence) || _intakes.ContainsKey(sequence))
                    continue;
                if (isUnfinished)
                    _remains.Add(name);
                else if (!_unreadable.Contains(sequence) && !_live.Any(part => part.Header.Sequence == sequence))
                    _obsolete.Add(sequence);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start clears up.
        }
    }

    /// <summary>A part whose content turned out to be damaged in places: what can be read of it is served still, but it is not merged, which would lose the rest for good.</summary>
    public void MarkUnfit(PartFile part, string reason)
    {
        if (_unfit.Add(part.Header.Sequence))
            _damage.Add(new PartDamage(PartFormat.Name(part.Header.Sequence), part.Bytes, reason, null));
    }

    /// <summary>It may be merged.</summary>
    public bool IsFit(long sequence) => !_unfit.Contains(sequence);

    public bool IsFit(PartFile part) => IsFit(part.Header.Sequence);

    /// <summary>The owner lets go of all parts; views that are still read keep theirs open.</summary>
    public void Dispose()
    {
        foreach (var part in _live)
            part.Dispose();
    }

    private void Take(string name, long sequence, WalIdentity identity, PartCache cache, List<PartFile> opened)
    {
        _next = Math.Max(_next, sequence + 1);
        var path = Path.Combine(Directory, name);
        try
        {
            opened.Add(PartFile.Open(_files, path, identity, cache));
        }
        catch (PartDamagedException e)
        {
            SetAside(name, path, e.Damage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Perhaps the disk, perhaps a limit of the process: nothing is known of the file, so it is not touched.
            _unreadable.Add(sequence);
            _damage.Add(new PartDamage(name, 0, $"it cannot be read now: {e.Message}", null));
        }
    }

    private bool IsThere(string name) =>
        _files.FileExists(Path.Combine(Directory, name)) || _files.List(_quarantine).Any(aside => aside.StartsWith(name + Aside, StringComparison.Ordinal));

    private void SetAside(string name, string path, string reason)
    {
        long bytes;
        using (var file = _files.Open(path, writable: false))
            bytes = file.Length;
        _files.CreateDirectory(_quarantine);
        var aside = name + Aside;
        for (var i = 2; _files.FileExists(Path.Combine(_quarantine, aside)); i++)
            aside = $"{name}{Aside}.{i}";
        _files.Rename(path, Path.Combine(_quarantine, aside));
        _files.SyncDirectory(_quarantine);
        _files.SyncDirectory(Directory);
        _damage.Add(new PartDamage(name, bytes, reason, aside));
    }

    private void Discard(PartFile part)
    {
        _obsolete.Add(part.Header.Sequence);
        _unfit.Remove(part.Header.Sequence);
        // Views hold references of their own.
        part.Dispose();
    }

    private static ImmutableArray<PartFile> Ordered(IEnumerable<PartFile> parts) => [.. parts.OrderBy(p => p.MinTime).ThenBy(p => p.Header.Sequence)];
}

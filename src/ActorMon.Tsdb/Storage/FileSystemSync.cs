using System.Runtime.InteropServices;

namespace ActorMon.Tsdb.Storage;

/// <summary>
/// Makes everything written to one file system durable with one call: a journal commit for all logs of a node instead of one for each. Only where that is as safe as a
/// sync of each file: Linux from 5.8 on (before, syncfs reported no failed write) and file systems that keep the promise.
/// </summary>
public sealed partial class FileSystemSync : IDisposable
{
    private const int ReadOnly = 0;
    private static readonly Version ReportsFailures = new(5, 8);
    private readonly SafeHandle _directory;

    private FileSystemSync(SafeHandle directory) => _directory = directory;

    /// <summary>The one for everything below a directory; null where files have to be synced one by one.</summary>
    public static FileSystemSync? TryOpen(string directory)
    {
        if (!OperatingSystem.IsLinux() || Environment.OSVersion.Version < ReportsFailures || !IsOneKnownFileSystem(Path.GetFullPath(directory)))
            return null;
        // Kept open for good: a failed write is reported to who had the directory open when it failed.
        var descriptor = Open(directory, ReadOnly);
        return descriptor < 0 ? null : new FileSystemSync(new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true));
    }

    /// <summary>True: what was written before the call is durable. False: some write to the file system failed, who asks its own file learns whether it was his.</summary>
    public bool TrySync() => SyncFs(_directory) == 0;

    public void Dispose() => _directory.Dispose();

    private static bool IsOneKnownFileSystem(string directory)
    {
        try
        {
            if (new DriveInfo(directory).DriveFormat is not ("ext3" or "ext4" or "xfs" or "btrfs"))
                return false;
            // A partition's directory may be a file system of its own.
            var below = Path.TrimEndingDirectorySeparator(directory) + Path.DirectorySeparatorChar;
            foreach (var drive in DriveInfo.GetDrives())
                if (drive.Name.StartsWith(below, StringComparison.Ordinal))
                    return false;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Nothing is known of it: one by one.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(SafeHandle descriptor);
}

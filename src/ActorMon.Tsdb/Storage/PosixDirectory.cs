using System.Runtime.InteropServices;

namespace ActorMon.Tsdb.Storage;

/// <summary>fsync of a directory, which .NET's own files do not offer: a created or renamed name is durable only after it.</summary>
internal static partial class PosixDirectory
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The directory cannot be opened or synced.</exception>
    public static void Sync(string directory)
    {
        var descriptor = Open(directory, ReadOnly);
        if (descriptor < 0)
            throw new IOException($"opening directory {directory} to sync it failed: {Marshal.GetLastPInvokeErrorMessage()}");
        var result = Fsync(descriptor);
        var message = result == 0 ? null : Marshal.GetLastPInvokeErrorMessage();
        _ = Close(descriptor);
        if (message is not null)
            throw new IOException($"syncing directory {directory} failed: {message}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    /// <summary>A second name for a file; false when the file system has none to give, or the file is gone.</summary>
    public static bool TryLink(string path, string link) => Link(path, link) == 0;

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string path, string link);
}

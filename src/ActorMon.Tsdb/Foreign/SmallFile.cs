using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Foreign;

/// <summary>Reads a file that is known to be small as a whole.</summary>
internal static class SmallFile
{
    private const int MaxBytes = 256 << 20;

    /// <exception cref="ForeignDataException">It is larger than any file of its kind.</exception>
    public static byte[] Read(IStorageFiles files, string path)
    {
        using var file = files.Open(path, writable: false);
        if (file.Length > MaxBytes)
            throw new ForeignDataException($"{Path.GetFileName(path)}: {file.Length} bytes, more than {MaxBytes}");
        var bytes = new byte[file.Length];
        return bytes[..file.Read(0, bytes)];
    }
}

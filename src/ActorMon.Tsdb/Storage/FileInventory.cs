using System.Globalization;
using System.Text;

namespace ActorMon.Tsdb.Storage;

/// <summary>A file of names: one a line, at the end the checksum (CRC-32C, eight hexadecimal digits) of the lines before. Replaced in one step.</summary>
internal static class FileInventory
{
    private const string TemporaryExtension = ".tmp";
    private const int MaxBytes = 16 << 20;
    private const int ChecksumLine = 9;

    /// <exception cref="IOException">The disk refused; what was there before is there still.</exception>
    public static void Write(IStorageFiles files, string path, IEnumerable<string> names)
    {
        var text = new StringBuilder();
        foreach (var name in names)
            text.Append(name).Append('\n');
        text.Append(Checksum(Encoding.UTF8.GetBytes(text.ToString())));
        ClearUp(files, path);
        using (var file = files.Create(path + TemporaryExtension))
        {
            file.Append(Encoding.UTF8.GetBytes(text.ToString()));
            file.Sync();
        }
        files.Rename(path + TemporaryExtension, path);
        files.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>The names; null: there is no such file, or it is damaged.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string[]? Read(IStorageFiles files, string path)
    {
        if (!files.FileExists(path))
            return null;
        byte[] bytes;
        using (var file = files.Open(path, writable: false))
        {
            if (file.Length > MaxBytes)
                return null;
            bytes = new byte[file.Length];
            bytes = bytes[..file.Read(0, bytes)];
        }
        var end = bytes.Length - ChecksumLine;
        return end < 0 || Encoding.UTF8.GetString(bytes.AsSpan(end)) != Checksum(bytes.AsSpan(0, end))
            ? null
            : Encoding.UTF8.GetString(bytes.AsSpan(0, end)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Takes away what a crash in the middle of writing left.</summary>
    public static void ClearUp(IStorageFiles files, string path)
    {
        if (files.FileExists(path + TemporaryExtension))
            files.Delete(path + TemporaryExtension);
    }

    private static string Checksum(ReadOnlySpan<byte> lines) => string.Create(CultureInfo.InvariantCulture, $"{Crc32C.Of(lines):x8}\n");
}

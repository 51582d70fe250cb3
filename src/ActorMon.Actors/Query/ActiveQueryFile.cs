using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorMon.Model.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorMon.Actors.Query;

/// <summary>
/// The running queries in a file that survives a crash (queries.active of the data directory, the original's format): '[', then entries of 1000 bytes, each a JSON
/// object {query, timestamp_sec} and a comma, zeros where none runs. Written without sync: what a killed process wrote the kernel still has. Thread-safe.
/// </summary>
public sealed class ActiveQueryFile : IDisposable
{
    private const int EntryBytes = 1000;
    private static readonly byte[] Empty = new byte[EntryBytes];
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SafeFileHandle _file;
    private readonly TimeProvider _time;
    private readonly Stack<int> _free = new();

    private ActiveQueryFile(SafeFileHandle file, int slots, TimeProvider time)
    {
        _file = file;
        _time = time;
        for (var slot = slots - 1; slot >= 0; slot--)
            _free.Push(slot);
    }

    /// <summary>Starts the file anew; <paramref name="unfinished"/>: what ran when the process before this one ended, as JSON, or null.</summary>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static ActiveQueryFile Open(string path, int slots, TimeProvider time, out string? unfinished)
    {
        unfinished = ReadUnfinished(path);
        var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        RandomAccess.Write(file, "["u8, 0);
        RandomAccess.SetLength(file, 1 + ((long)slots * EntryBytes));
        return new ActiveQueryFile(file, slots, time);
    }

    /// <summary>Notes a query that starts. The number ends it; -1: there was no place, nothing was noted.</summary>
    public int Begin(string query)
    {
        int slot;
        lock (_free)
        {
            if (_file.IsClosed || !_free.TryPop(out slot))
                return -1;
        }
        Write(slot, Entry(query, _time.GetUtcNow().ToUnixTimeSeconds()));
        return slot;
    }

    public void End(int slot)
    {
        if (slot < 0)
            return;
        Write(slot, Empty);
        lock (_free)
            _free.Push(slot);
    }

    public void Dispose()
    {
        lock (_free)
            _file.Dispose();
    }

    private void Write(int slot, ReadOnlySpan<byte> entry)
    {
        try
        {
            RandomAccess.Write(_file, entry, 1 + ((long)slot * EntryBytes));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // A full disk must not fail queries; the note is a help after a crash, nothing depends on it.
        }
    }

    private static byte[] Entry(string query, long seconds)
    {
        var entry = new byte[EntryBytes];
        for (var length = query.Length; ; length = length * 9 / 10)
        {
            if (length < query.Length && length > 0 && char.IsHighSurrogate(query[length - 1]))
                length--;
            var json = Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{{\"query\":{JsonSerializer.Serialize(query[..length], Json)},\"timestamp_sec\":{seconds}}}"));
            if (json.Length > EntryBytes - 1)
                continue;
            json.CopyTo(entry, 0);
            entry[^1] = (byte)',';
            return entry;
        }
    }

    private static string? ReadUnfinished(string path)
    {
        if (!File.Exists(path))
            return null;
        var text = ByteText.Decode(File.ReadAllBytes(path)).Replace("\0", "", StringComparison.Ordinal);
        return text.Length > 2 ? text[..^1] + "]" : null;
    }
}

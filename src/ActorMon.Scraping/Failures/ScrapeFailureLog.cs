using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace ActorMon.Scraping.Failures;

/// <summary>
/// The file of failed scrapes (scrape_failure_log_file): one JSON object a line with time, level, msg, job_name and target. Lines are whole also when several
/// jobs share a file object. Thread-safe. A file that cannot be written loses lines, never a scrape; <see cref="LostLines"/> counts them.
/// </summary>
public sealed class ScrapeFailureLog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ArrayBufferWriter<byte> _line = new(512);
    private readonly Utf8JsonWriter _json;
    private FileStream? _file;
    private long _lost;

    /// <param name="path">Absolute path; the file is opened for appending at the first failure.</param>
    public ScrapeFailureLog(string path, TimeProvider time)
    {
        Path = path;
        _time = time;
        _json = new Utf8JsonWriter(_line);
    }

    public string Path { get; }

    public long LostLines => Interlocked.Read(ref _lost);

    /// <param name="jobName">The scrape job.</param>
    /// <param name="target">URL of the target.</param>
    /// <param name="error">The scrape's error text.</param>
    public void Write(string jobName, string target, string error)
    {
        lock (_lock)
            try
            {
                _file ??= new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                Format(jobName, target, error);
                _file.Write(_line.WrittenSpan);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Interlocked.Increment(ref _lost);
                Close();
            }
    }

    /// <summary>Opens the file anew at the next line: after a reload, for a rotated file.</summary>
    public void Reopen()
    {
        lock (_lock)
            Close();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            Close();
            _json.Dispose();
        }
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    private void Format(string jobName, string target, string error)
    {
        _line.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("time", _time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
        _json.WriteString("level", "ERROR");
        _json.WriteString("msg", error);
        _json.WriteString("job_name", jobName);
        _json.WriteString("target", target);
        _json.WriteEndObject();
        _json.Flush();
        _line.Write("\n"u8);
    }
}

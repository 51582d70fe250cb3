using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorMon.Model.Telemetry;
using ActorMon.PromQL.Results;

namespace ActorMon.Actors.Query;

/// <summary>
/// The query log (global.query_log_file): one JSON object a line for each query that ran, in the original's form. The file is opened when the configuration
/// names another one. Thread-safe; a write that fails is counted and costs the query nothing.
/// </summary>
public sealed class QueryLog : IDisposable
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Func<string?> _path;
    private readonly TimeProvider _time;
    private readonly Counter _failures;
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private string _openPath = "";
    private FileStream? _file;

    /// <param name="path">The file by the configuration in effect; null or empty: none.</param>
    public QueryLog(Func<string?> path, MetricRegistry registry, TimeProvider time)
    {
        _path = path;
        _time = time;
        _failures = registry.Counter("prometheus_engine_query_log_failures_total", "The number of query log failures.");
        registry.Gauge("prometheus_engine_query_log_enabled", "State of the query log.", () => string.IsNullOrEmpty(path()) ? 0 : 1);
    }

    public void Write(QueryRequest request, QueryResult result, TimeSpan queued)
    {
        var path = _path() ?? "";
        lock (_gate)
        {
            try
            {
                if (path != _openPath)
                    Reopen(path);
                if (_file is null)
                    return;
                Format(request, result, queued);
                _file.Write(_line.WrittenSpan);
                _file.Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _failures.Add();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
            Reopen("");
    }

    private void Reopen(string path)
    {
        _file?.Dispose();
        _file = null;
        if (path.Length > 0)
            _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        _openPath = path;
    }

    private void Format(QueryRequest request, QueryResult result, TimeSpan queued)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", _time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", "INFO");
            json.WriteString("msg", "promql query logged");
            json.WriteStartObject("params");
            json.WriteString("end", Time(request.IsInstant ? request.Start : request.End));
            json.WriteString("query", request.Text);
            json.WriteString("start", Time(request.Start));
            json.WriteNumber("step", request.StepMs / 1000);
            json.WriteEndObject();
            if (result.Error is { } error)
                json.WriteString("error", error.Text);
            Stats(json, result.Stats, queued);
            if (request.Origin is { } origin)
            {
                json.WriteStartObject("httpRequest");
                json.WriteString("clientIP", origin.ClientIp);
                json.WriteString("method", origin.Method);
                json.WriteString("path", origin.Path);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        _line.Write("\n"u8);
    }

    private static void Stats(Utf8JsonWriter json, QueryStats stats, TimeSpan queued)
    {
        json.WriteStartObject("stats");
        json.WriteStartObject("timings");
        json.WriteNumber("evalTotalTime", stats.Total.TotalSeconds);
        json.WriteNumber("resultSortTime", 0);
        json.WriteNumber("queryPreparationTime", (stats.Planning + stats.Selecting).TotalSeconds);
        json.WriteNumber("innerEvalTime", stats.Evaluating.TotalSeconds);
        json.WriteNumber("execQueueTime", queued.TotalSeconds);
        json.WriteNumber("execTotalTime", (stats.Total + queued).TotalSeconds);
        json.WriteEndObject();
        json.WriteStartObject("samples");
        json.WriteNumber("totalQueryableSamples", stats.TotalQueryableSamples);
        json.WriteNumber("samplesRead", stats.SamplesRead);
        json.WriteNumber("peakSamples", stats.PeakSamples);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Time(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ms, -62135596800000, 253402300799999)).ToString(TimeFormat, CultureInfo.InvariantCulture);
}

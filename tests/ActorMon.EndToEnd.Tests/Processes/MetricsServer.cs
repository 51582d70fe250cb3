using System.Globalization;
using System.Net;
using System.Text.Json;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>One sample as the API prints it; the value stays text, so that comparing two answers compares every digit.</summary>
public readonly record struct PrintedSample(double Time, string Value);

/// <summary>A process with the Prometheus HTTP API, as its users see it: started and stopped, asked over HTTP.</summary>
public abstract class MetricsServer : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(5) };
    private RunningProcess? _process;

    protected MetricsServer(string folder, string configuration)
    {
        Folder = folder;
        Port = FreePorts.Next();
        Directory.CreateDirectory(folder);
        ConfigFile = Path.Combine(folder, "prometheus.yml");
        WriteConfiguration(configuration);
    }

    public string Folder { get; }
    public int Port { get; }
    public string ConfigFile { get; }
    public string Address => $"127.0.0.1:{Port}";
    public Uri Url => new("http://" + Address);
    public RunningProcess Process => _process ?? throw new InvalidOperationException("the server was not started");

    protected abstract string Executable { get; }
    protected abstract IEnumerable<string> Arguments { get; }

    /// <summary>Replaces the configuration file; <c>{port}</c> stands for the server's own port.</summary>
    public void WriteConfiguration(string configuration) =>
        File.WriteAllText(ConfigFile, configuration.Replace("{port}", Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

    /// <summary>Where everything that the process writes is kept as well, all its lives; null: in memory alone.</summary>
    protected virtual string? OutputFile => null;

    /// <summary>Starts the process and waits for 200 on /-/ready.</summary>
    public async Task StartAsync()
    {
        await LaunchAsync();
        await ReadyAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>Starts the process, the one before it having ended.</summary>
    public async Task LaunchAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _process = new RunningProcess(Executable, Arguments, Folder, OutputFile);
    }

    /// <summary>Waits for 200 on /-/ready.</summary>
    public Task ReadyAsync(TimeSpan patience) => Eventually.Async("the server is ready", async () =>
    {
        if (Process.HasExited)
            throw new InvalidOperationException("the server ended:\n" + Process.Output);
        using var answer = await _http.GetAsync(new Uri(Url, "/-/ready"));
        return answer.StatusCode == HttpStatusCode.OK;
    }, patience);

    public Task KillAsync() => Process.KillAsync();

    /// <summary>SIGTERM; returns the exit code.</summary>
    public Task<int> StopAsync() => StopAsync(TimeSpan.FromSeconds(30));

    public async Task<int> StopAsync(TimeSpan patience)
    {
        await Process.SignalAsync("TERM");
        return await Process.WaitForExitAsync(patience);
    }

    public async Task<string> TextAsync(string path, CancellationToken cancellation = default)
    {
        using var answer = await _http.GetAsync(new Uri(Url, path), cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode ? text : throw new HttpRequestException($"{path} was answered with {(int)answer.StatusCode}: {text}", null, answer.StatusCode);
    }

    public async Task<HttpStatusCode> PostAsync(string path, HttpContent? content = null, CancellationToken cancellation = default) =>
        (await AnswerToPostAsync(path, content, cancellation)).Status;

    /// <summary>With what it says to it.</summary>
    public async Task<(HttpStatusCode Status, string Text)> AnswerToPostAsync(string path, HttpContent? content = null, CancellationToken cancellation = default)
    {
        using var answer = await _http.PostAsync(new Uri(Url, path), content, cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellation));
    }

    /// <summary>The data of an API answer.</summary>
    public async Task<JsonElement> ApiAsync(string path)
    {
        using var document = JsonDocument.Parse(await TextAsync("/api/v1/" + path));
        return document.RootElement.GetProperty("data").Clone();
    }

    /// <summary>The result of an instant query by label text, e.g. {"job=x": 1}; labels stand in the order of their names.</summary>
    public async Task<Dictionary<string, double>> QueryAsync(string query, double? time = null)
    {
        var data = await InstantAsync(query, time);
        if (data.GetProperty("resultType").GetString() == "scalar")
            return new(StringComparer.Ordinal) { [""] = Number(data.GetProperty("result")[1].GetString()!) };
        return data.GetProperty("result").EnumerateArray()
            .ToDictionary(element => Labels(element.GetProperty("metric")), element => Number(element.GetProperty("value")[1].GetString()!), StringComparer.Ordinal);
    }

    /// <summary>The one value of a query, or null when there is none or more than one.</summary>
    public async Task<double?> ValueAsync(string query, double? time = null)
    {
        var values = await QueryAsync(query, time);
        return values.Count == 1 ? values.Values.First() : null;
    }

    /// <summary>Every stored sample of a selector with a range, e.g. <c>up[5m]</c>, by label text.</summary>
    public async Task<Dictionary<string, List<PrintedSample>>> SamplesAsync(string rangeSelector, double? time = null)
    {
        var data = await InstantAsync(rangeSelector, time);
        return data.GetProperty("result").EnumerateArray().ToDictionary(
            element => Labels(element.GetProperty("metric")),
            element => element.GetProperty("values").EnumerateArray().Select(pair => new PrintedSample(pair[0].GetDouble(), pair[1].GetString()!)).ToList(),
            StringComparer.Ordinal);
    }

    /// <summary>The active target of a job: its health and last error.</summary>
    public async Task<(string Health, string LastError)> TargetAsync(string job)
    {
        foreach (var target in (await ApiAsync("targets")).GetProperty("activeTargets").EnumerateArray())
            if (target.GetProperty("scrapePool").GetString() == job)
                return (target.GetProperty("health").GetString()!, target.GetProperty("lastError").GetString()!);
        return ("absent", "");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    public static string Labels(JsonElement metric) =>
        string.Join(",", metric.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}={p.Value.GetString()}"));

    public static double Number(string text) => text switch
    {
        "NaN" => double.NaN,
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    /// <summary>Path of an instant query.</summary>
    public static string QueryPath(string query, double? time) =>
        $"/api/v1/query?query={Uri.EscapeDataString(query)}{(time is { } t ? "&time=" + t.ToString("F3", CultureInfo.InvariantCulture) : "")}";

    private async Task<JsonElement> InstantAsync(string query, double? time)
    {
        using var document = JsonDocument.Parse(await TextAsync(QueryPath(query, time)));
        return document.RootElement.GetProperty("data").Clone();
    }
}

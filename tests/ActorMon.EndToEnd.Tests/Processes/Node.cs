using System.Globalization;
using System.Net;
using System.Text.Json;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>An ActorMon node as its users see it: a process and an HTTP API.</summary>
public sealed class Node : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly List<string> _flags;
    private RunningProcess? _process;

    public Node(string folder, string configuration, params string[] flags)
    {
        Folder = folder;
        Port = FreePorts.Next();
        Directory.CreateDirectory(folder);
        ConfigFile = Path.Combine(folder, "prometheus.yml");
        File.WriteAllText(ConfigFile, configuration.Replace("{port}", Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        _flags = ["--config.file=" + ConfigFile, "--storage.path=" + Path.Combine(folder, "data"), $"--web.listen-address=127.0.0.1:{Port}", "--web.enable-lifecycle", .. flags];
    }

    /// <summary>The published program: $ACTORMON or artifacts/actormon/actormon of the project.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("ACTORMON") ?? FindUp("artifacts/actormon/actormon");

    public string Folder { get; }
    public int Port { get; }
    public string ConfigFile { get; }
    public Uri Url => new($"http://127.0.0.1:{Port}");
    public RunningProcess Process => _process ?? throw new InvalidOperationException("the node was not started");

    /// <summary>Starts the process and waits for 200 on /-/ready.</summary>
    public async Task StartAsync()
    {
        _process = new RunningProcess(Program, _flags, Folder);
        await Eventually.Async("the node is ready", async () =>
        {
            if (_process.HasExited)
                throw new InvalidOperationException("the node ended:\n" + _process.Output);
            using var answer = await _http.GetAsync(new Uri(Url, "/-/ready"));
            return answer.StatusCode == HttpStatusCode.OK;
        }, TimeSpan.FromSeconds(30));
    }

    public Task KillAsync() => Process.KillAsync();

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await Process.SignalAsync("TERM");
        return await Process.WaitForExitAsync(TimeSpan.FromSeconds(30));
    }

    public Task<string> TextAsync(string path) => _http.GetStringAsync(new Uri(Url, path));

    public async Task<HttpStatusCode> PostAsync(string path)
    {
        using var answer = await _http.PostAsync(new Uri(Url, path), null);
        return answer.StatusCode;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => await _http.SendAsync(request);

    /// <summary>The data of an API answer.</summary>
    public async Task<JsonElement> ApiAsync(string path)
    {
        using var document = JsonDocument.Parse(await TextAsync("/api/v1/" + path));
        return document.RootElement.GetProperty("data").Clone();
    }

    /// <summary>The result of an instant query by label text, e.g. {"job=x": 1}.</summary>
    public async Task<Dictionary<string, double>> QueryAsync(string query, double? time = null)
    {
        var at = time is { } t ? "&time=" + t.ToString("F3", CultureInfo.InvariantCulture) : "";
        var data = await ApiAsync($"query?query={Uri.EscapeDataString(query)}{at}");
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        if (data.GetProperty("resultType").GetString() == "scalar")
            return new() { [""] = Number(data.GetProperty("result")[1]) };
        foreach (var element in data.GetProperty("result").EnumerateArray())
            values[string.Join(",", element.GetProperty("metric").EnumerateObject().Select(p => $"{p.Name}={p.Value.GetString()}"))] = Number(element.GetProperty("value")[1]);
        return values;
    }

    /// <summary>The one value of a query, or null when there is none or more than one.</summary>
    public async Task<double?> ValueAsync(string query, double? time = null)
    {
        var values = await QueryAsync(query, time);
        return values.Count == 1 ? values.Values.First() : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _http.Dispose();
    }

    public static string FindUp(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, relative)))
                return Path.Combine(folder.FullName, relative);
        throw new FileNotFoundException($"{relative} is not in this folder or above it: run scripts/build.sh first");
    }

    private static double Number(JsonElement text) => text.GetString() switch
    {
        "NaN" => double.NaN,
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        var number => double.Parse(number!, CultureInfo.InvariantCulture),
    };
}

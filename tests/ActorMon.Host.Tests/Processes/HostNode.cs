using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ActorMon.Testing.IO;

namespace ActorMon.Host.Tests.Processes;

/// <summary>The built <c>actormon</c> as a process on a folder and a port of its own. Its port stays the same over several starts.</summary>
public sealed class HostNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly HttpClient _http = new() { Timeout = Patience };
    private Process? _process;

    public HostNode(string configuration = "")
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Configure(configuration);
    }

    public int Port { get; }
    public Uri Url => new($"http://127.0.0.1:{Port}");
    public string ConfigFile => _folder.File("prometheus.yml");
    public string Data => _folder.File("data");
    public string Folder => _folder.Path;

    /// <summary>Lines of both outputs since the last start.</summary>
    public IReadOnlyCollection<string> Output => _output;
    public string Text => string.Join('\n', _output);
    public bool HasExited => _process!.HasExited;

    public void Configure(string text) => _folder.Replace("prometheus.yml", text);

    /// <summary>Starts the process; flags given here come after those that every start has.</summary>
    public HostNode Launch(params string[] flags)
    {
        _output.Clear();
        // Whoever runs the tests under nohup ignores SIGHUP, and children inherit that.
        var start = new ProcessStartInfo("/usr/bin/env")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Folder,
        };
        start.ArgumentList.Add("--default-signal=HUP");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "actormon"));
        foreach (var argument in (string[])["--config.file=" + ConfigFile, "--storage.path=" + Data, $"--web.listen-address=127.0.0.1:{Port}", .. flags])
            start.ArgumentList.Add(argument);
        _process?.Dispose();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return this;
    }

    public async Task<HostNode> StartAsync(params string[] flags)
    {
        Launch(flags);
        await UntilAsync("the node is ready", async () =>
        {
            Assert.False(_process!.HasExited, "the node ended:\n" + Text);
            return await StatusAsync(HttpMethod.Get, "/-/ready") == HttpStatusCode.OK;
        });
        return this;
    }

    /// <summary>The exit code of a process that ends by itself.</summary>
    public async Task<int> ExitAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        await _process!.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        return await ExitAsync();
    }

    public async Task KillAsync()
    {
        if (_process is { HasExited: false })
            _process.Kill();
        await ExitAsync();
    }

    public Task<string> GetAsync(string path) => _http.GetStringAsync(new Uri(Url, path));

    public async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(Url, path));
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>The text of the result of an instant query.</summary>
    public async Task<string> ResultAsync(string query, double? time = null)
    {
        var at = time is { } t ? "&time=" + t.ToString("F3", CultureInfo.InvariantCulture) : "";
        using var document = JsonDocument.Parse(await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}{at}"));
        return document.RootElement.GetProperty("data").GetProperty("result").GetRawText();
    }

    /// <summary>The value of one series of the node's own page.</summary>
    public async Task<string> MetricAsync(string name) =>
        (await GetAsync("/metrics")).Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..];

    /// <summary>Job names of the active targets, in order.</summary>
    public async Task<string> JobsAsync()
    {
        using var document = JsonDocument.Parse(await GetAsync("/api/v1/targets?state=active"));
        return string.Join(',', document.RootElement.GetProperty("data").GetProperty("activeTargets").EnumerateArray()
            .Select(target => target.GetProperty("labels").GetProperty("job").GetString()).Order(StringComparer.Ordinal));
    }

    public async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience)
        {
            try
            {
                if (await holds())
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            await Task.Delay(50);
        }
        Assert.Fail($"not seen: {what}; the node wrote:\n{Text}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
            _process.Dispose();
        }
        _http.Dispose();
        _folder.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
            _output.Enqueue(line);
    }
}

/// <summary>Tests with processes run one after the other: starts that compete for the cores say nothing.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessTests
{
    public const string Name = "processes";
}

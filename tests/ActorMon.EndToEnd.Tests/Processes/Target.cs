using System.Globalization;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>A program with a metrics page that a test starts: something real to scrape.</summary>
public sealed class Target : IAsyncDisposable
{
    // Debian's interpreter, for its python3-prometheus-client and python3-flask; another one in the PATH does not see them.
    private const string Python = "/usr/bin/python3";

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly string _executable;
    private readonly string[] _arguments;
    private RunningProcess? _process;

    private Target(string executable, string[] arguments, int metricsPort, int port)
    {
        _executable = executable;
        _arguments = arguments;
        Metrics = Address(metricsPort);
        Url = new Uri("http://" + Address(port));
    }

    /// <summary>host:port of the metrics page.</summary>
    public string Metrics { get; }

    /// <summary>Where the program itself answers.</summary>
    public Uri Url { get; }

    public RunningProcess Process => _process ?? throw new InvalidOperationException("the program was not started");

    public static Target Shop()
    {
        var (port, metrics) = (FreePorts.Next(), FreePorts.Next());
        return new Target(Python, [Script("shop.py"), Text(port), Text(metrics)], metrics, port);
    }

    public static Target Flask()
    {
        var port = FreePorts.Next();
        return new Target(Python, [Script("flask_app.py"), Text(port)], port, port);
    }

    public static Target Oddities()
    {
        var port = FreePorts.Next();
        return new Target(Python, [Script("oddities.py"), Text(port)], port, port);
    }

    public static Target Native()
    {
        var port = FreePorts.Next();
        return new Target(Python, [Script("native.py"), Text(port)], port, port);
    }

    public static Target NodeExporter()
    {
        var port = FreePorts.Next();
        return new Target("prometheus-node-exporter", ["--web.listen-address=" + Address(port), "--no-collector.systemd", "--log.level=error"], port, port);
    }

    /// <summary>Starts the program and waits until its port answers.</summary>
    public async Task StartAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _process = new RunningProcess(_executable, _arguments);
        await Eventually.Async($"{_executable} {_arguments[0]} answers on {Metrics}", async () =>
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"{_executable} ended:\n" + _process.Output);
            using var answer = await Http.GetAsync(new Uri($"http://{Metrics}/metrics"));
            return true;
        }, TimeSpan.FromSeconds(30));
    }

    public Task<string> GetAsync(string path) => Http.GetStringAsync(new Uri(Url, path));

    /// <summary>Lets the shop count <paramref name="count"/> requests of a method.</summary>
    public Task OrderAsync(string method, int count) => GetAsync($"/order/{method}/{count}");

    public ValueTask DisposeAsync() => _process is null ? ValueTask.CompletedTask : _process.DisposeAsync();

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Programs", name);

    private static string Address(int port) => $"127.0.0.1:{port}";

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}

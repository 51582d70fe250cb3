using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorMon.Testing.IO;

namespace ActorMon.Testing.Databases;

/// <summary>A PostgreSQL 15 of its own for a test: an empty directory, a port on loopback. Runs as the user <c>postgres</c> when the tests run as root.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string Programs = "/usr/lib/postgresql/15/bin";

    public static bool IsInstalled => Directory.Exists(Programs);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly int _port;
    private Process? _process;

    private PostgresServer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool IsRoot => Environment.UserName == "root";

    private string Data => Path.Combine(_folder.Path, "data");

    /// <summary>For Npgsql. A short time-out and no pool: a test wants to see at once that the server is away.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Database=postgres;Username=actormon;Timeout=5;Command Timeout=5");

    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        Directory.CreateDirectory(server.Data);
        if (IsRoot)
            await RunAsync("chown", "-R", "postgres", server._folder.Path);
        await RunAsync([.. AsServer(), Path.Combine(Programs, "initdb"), "-D", server.Data, "-A", "trust", "-U", "actormon", "--no-sync", "-E", "UTF8", "--locale=C"]);
        await server.RestartAsync();
        return server;
    }

    /// <summary>Starts the stopped server on its directory and port, and waits until it answers.</summary>
    public async Task RestartAsync()
    {
        string[] command =
        [
            .. AsServer(), Path.Combine(Programs, "postgres"), "-D", Data, "-p", _port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "fsync=off",
        ];
        _process = Start(command);
        var clock = Stopwatch.StartNew();
        while (await ExitCodeAsync(Path.Combine(Programs, "pg_isready"), "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture)) != 0)
        {
            if (_process.HasExited || clock.Elapsed > Patience)
                throw new InvalidOperationException("PostgreSQL did not start");
            await Task.Delay(50);
        }
    }

    /// <summary>Ends the server as its administrator would; connections are cut.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        if (!process.HasExited)
            await RunAsync("kill", "-INT", process.Id.ToString(CultureInfo.InvariantCulture));
        await process.WaitForExitAsync();
        process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private static string[] AsServer() => IsRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] : [];

    private static async Task RunAsync(params string[] command)
    {
        if (await ExitCodeAsync(command) is not 0 and var code)
            throw new InvalidOperationException($"{command[0]} ended with {code}: {string.Join(' ', command)}");
    }

    private static async Task<int> ExitCodeAsync(params string[] command)
    {
        using var process = Start(command);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static Process Start(string[] command)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var argument in command.AsSpan(1))
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        // Nobody reads it, and a full pipe would stop the program.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}

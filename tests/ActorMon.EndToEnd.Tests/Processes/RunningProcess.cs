using System.Collections.Concurrent;
using System.Diagnostics;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>A program started by a test, ended by its id at the latest when the test ends. Its output is kept for failure messages.</summary>
public class RunningProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TextWriter? _file;

    /// <param name="outputFile">Its output is added to this file as well.</param>
    public RunningProcess(string program, IEnumerable<string> arguments, string? folder = null, string? outputFile = null)
    {
        _file = outputFile is null ? null : TextWriter.Synchronized(new StreamWriter(outputFile, append: true) { AutoFlush = true });
        // Whoever runs the tests under nohup ignores SIGHUP, and children inherit that.
        var start = new ProcessStartInfo("/usr/bin/env") { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder ?? Environment.CurrentDirectory };
        start.ArgumentList.Add("--default-signal=HUP");
        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => string.Join('\n', _output);

    /// <summary>SIGKILL: the process has no chance to do anything more.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends a signal by name (TERM, HUP ...).</summary>
    public async Task SignalAsync(string signal)
    {
        // The shell's own kill: a small installation has no program of that name.
        using var kill = Process.Start("/bin/sh", ["-c", FormattableString.Invariant($"kill -{signal} {_process.Id}")]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> WaitForExitAsync(TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        if (_file is not null)
            await _file.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        _file?.WriteLine(line);
        if (_output.Count > 2000)
            _output.TryDequeue(out _);
    }
}

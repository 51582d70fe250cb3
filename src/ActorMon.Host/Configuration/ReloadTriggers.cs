using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace ActorMon.Host.Configuration;

/// <summary>What makes the node load its configuration again besides the HTTP endpoint: SIGHUP, and changed files when auto-reload is on.</summary>
public sealed class ReloadTriggers : IDisposable
{
    private readonly ConfigurationService _configuration;
    private readonly TimeSpan? _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly PosixSignalRegistration _hangup;

    public ReloadTriggers(ConfigurationService configuration, TimeSpan? interval, TimeProvider time, ILogger log)
    {
        _configuration = configuration;
        _interval = interval;
        _time = time;
        _log = log;
        _hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _log.LogInformation("SIGHUP: loading the configuration again");
            _configuration.Load();
        });
    }

    /// <summary>Looks at the configuration's files every interval and loads them when their contents changed; returns at once when auto-reload is off.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        if (_interval is not { } interval)
            return;
        using var timer = new PeriodicTimer(interval, _time);
        var seen = _configuration.ContentHash();
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                var now = _configuration.ContentHash();
                if (now == seen)
                    continue;
                seen = now;
                _log.LogInformation("The configuration's files have changed: loading them");
                _configuration.Load();
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    public void Dispose() => _hangup.Dispose();
}

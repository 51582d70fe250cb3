using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ActorMon.Host.Configuration;

/// <summary>
/// What makes the node load its configuration again besides the HTTP endpoint: SIGHUP, and changed files when auto-reload is on. A SIGHUP that comes while the node
/// starts waits until it runs; several that come during one load make one more.
/// </summary>
public sealed class ReloadTriggers : IDisposable
{
    private readonly ConfigurationService _configuration;
    private readonly TimeSpan? _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Func<CancellationToken, Task<string?>> _reload;
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly PosixSignalRegistration _hangup;

    /// <param name="interval">How often the files are looked at; null: auto-reload is off.</param>
    /// <param name="reload">Proposes the node's files to the cluster.</param>
    public ReloadTriggers(ConfigurationService configuration, Func<CancellationToken, Task<string?>> reload, TimeSpan? interval, TimeProvider time, ILogger log)
    {
        _reload = reload;
        _configuration = configuration;
        _interval = interval;
        _time = time;
        _log = log;
        _hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _asked.Writer.TryWrite(true);
        });
    }

    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(FollowSignalsAsync(stopping), FollowFilesAsync(stopping));

    public void Dispose() => _hangup.Dispose();

    private async Task FollowSignalsAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var _ in _asked.Reader.ReadAllAsync(stopping))
            {
                _log.LogInformation("SIGHUP: loading the configuration again");
                await _reload(stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task FollowFilesAsync(CancellationToken stopping)
    {
        if (_interval is not { } interval)
            return;
        using var timer = new PeriodicTimer(interval, _time);
        var seen = _configuration.LoadedHash;
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                var now = _configuration.OwnHash();
                if (now == seen)
                    continue;
                seen = now;
                _log.LogInformation("The configuration's files have changed: loading them");
                await _reload(stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }
}

using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace ActorMon.Host.Node;

/// <summary>Signals that end a node go to <see cref="NodeStop"/>, as often as they come; the host's own handler would stop the application at the first.</summary>
public sealed class SignalLifetime(Func<NodeStop> stop) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT })
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                stop().Signal();
            }));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
    }
}

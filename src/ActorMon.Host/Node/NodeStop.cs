using ActorMon.Host.Cluster;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorMon.Host.Node;

/// <summary>What a node that stops hands over first.</summary>
public enum StopKind
{
    /// <summary>Every partition it holds is in sync on R other nodes.</summary>
    HandOver,

    /// <summary>Each is in sync on one other node: it will be back in a moment.</summary>
    Restart,
}

/// <summary>
/// The way to the end of a node: the first request begins the hand-over, during which it works on as before; then the application stops. Another signal ends the waiting.
/// </summary>
public sealed class NodeStop(Func<Departure?> departure, StopKind usual, IHostApplicationLifetime lifetime, Action begun, ILogger<NodeStop> log) : IDisposable
{
    private readonly CancellationTokenSource _atOnce = new();
    private int _requested;

    /// <returns>Null: not a kind of stop.</returns>
    public static StopKind? KindOf(string text) => text switch
    {
        "hand-over" => StopKind.HandOver,
        "restart" => StopKind.Restart,
        _ => null,
    };

    /// <param name="kind">Null: as actormon.cluster.on-stop says.</param>
    /// <returns>False: a stop is under way.</returns>
    public bool Request(StopKind? kind = null)
    {
        if (Interlocked.Exchange(ref _requested, 1) != 0)
            return false;
        _ = Task.Run(() => RunAsync(kind ?? usual));
        return true;
    }

    /// <summary>SIGTERM or Ctrl-C: the first asks for a stop, the next for one at once.</summary>
    public void Signal()
    {
        if (Request())
            return;
        if (!lifetime.ApplicationStopping.IsCancellationRequested)
            log.LogWarning("Told to stop again: the node waits for nothing more");
        _atOnce.Cancel();
    }

    public void Dispose() => _atOnce.Dispose();

    private async Task RunAsync(StopKind kind)
    {
        try
        {
            begun();
            if (departure() is { } way)
                await way.RunAsync(kind, _atOnce.Token);
        }
        catch (OperationCanceledException)
        {
            // Told so.
        }
        catch (Exception e)
        {
            log.LogError(e, "The hand-over failed; the node stops without it");
        }
        lifetime.StopApplication();
    }
}

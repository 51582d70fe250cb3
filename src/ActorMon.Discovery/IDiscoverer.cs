namespace ActorMon.Discovery;

/// <summary>
/// One running discovery mechanism of one job. It knows nothing of actors: an actor starts it, is told its events and cancels it when it stops.
/// </summary>
public interface IDiscoverer
{
    /// <summary>
    /// Runs until cancelled, or until there will be nothing more to tell (static targets). Returns to its caller at once; all work is done on the pool.
    /// What fails is told as an event and tried again; the task itself faults only through a bug.
    /// </summary>
    /// <param name="publish">Must return at once and not throw (an actor's Tell). Called by one thread at a time, never after the task has ended.</param>
    Task RunAsync(Action<DiscoveryEvent> publish, CancellationToken cancellationToken);
}

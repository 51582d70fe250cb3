namespace ActorMon.Actors.Notifying;

/// <summary>The Alertmanagers that this node knows. Written by the notifier, read by the API and the metrics.</summary>
public sealed class NotifierBoard
{
    private Known _known = new([], []);

    /// <param name="Active">URLs that alerts are posted to, by group of the configuration.</param>
    /// <param name="Dropped">URLs that relabelling dropped.</param>
    public sealed record Known(IReadOnlyList<string> Active, IReadOnlyList<string> Dropped);

    public Known Current => Volatile.Read(ref _known);

    public void Publish(Known known) => Volatile.Write(ref _known, known);
}

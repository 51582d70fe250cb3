namespace ActorMon.Api.Ports;

/// <summary>The Alertmanagers that alerts go to.</summary>
public interface IAlertmanagersPort
{
    KnownAlertmanagers Known { get; }
}

/// <param name="Active">URLs that alerts are posted to.</param>
/// <param name="Dropped">URLs that relabelling dropped.</param>
public sealed record KnownAlertmanagers(IReadOnlyList<string> Active, IReadOnlyList<string> Dropped);

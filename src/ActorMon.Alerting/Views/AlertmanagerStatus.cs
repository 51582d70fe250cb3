namespace ActorMon.Alerting.Views;

public enum ClusterReadiness : byte
{
    Ready,

    /// <summary>State of other nodes is still missing: notifications wait.</summary>
    Settling,

    /// <summary>One node alone, not made for a cluster.</summary>
    Disabled,
}

/// <param name="Address">host:port</param>
public sealed record AlertmanagerPeer(string Name, string Address);

/// <summary>The cluster as the status page shows it.</summary>
public sealed record AlertmanagerStatus(string Name, ClusterReadiness Readiness, IReadOnlyList<AlertmanagerPeer> Peers, DateTimeOffset StartedAt);

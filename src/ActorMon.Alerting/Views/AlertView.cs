using ActorMon.Alerting.Alerts;

namespace ActorMon.Alerting.Views;

public enum AlertHold : byte
{
    /// <summary>Just came in: what holds it back is not known yet.</summary>
    Unprocessed,

    /// <summary>Nothing holds it back.</summary>
    Active,
    Suppressed,
}

/// <summary>What holds an alert back at the moment.</summary>
/// <param name="SilencedBy">Ids of silences.</param>
/// <param name="InhibitedBy">Fingerprints of alerts, 16 hexadecimal digits.</param>
/// <param name="MutedBy">Names of time intervals; an alert has them only as a member of a group.</param>
public sealed record AlertStatus(AlertHold State, IReadOnlyList<string> SilencedBy, IReadOnlyList<string> InhibitedBy, IReadOnlyList<string> MutedBy)
{
    public static readonly AlertStatus Active = new(AlertHold.Active, [], [], []);
    public static readonly AlertStatus Unprocessed = new(AlertHold.Unprocessed, [], [], []);

    /// <summary>The status of an alert that <paramref name="silencedBy"/> and <paramref name="inhibitedBy"/> hold back, or nothing when both are empty.</summary>
    public static AlertStatus Of(IReadOnlyList<string> silencedBy, IReadOnlyList<string> inhibitedBy) =>
        silencedBy.Count == 0 && inhibitedBy.Count == 0 ? Active : new AlertStatus(AlertHold.Suppressed, silencedBy, inhibitedBy, []);

    public AlertStatus Muted(IReadOnlyList<string> by) => by.Count == 0 ? this : this with { State = AlertHold.Suppressed, MutedBy = by };
}

/// <summary>An alert with the receivers it goes to, in the order of the routes, and what holds it back.</summary>
public sealed record AlertView(Alert Alert, IReadOnlyList<string> Receivers, AlertStatus Status);

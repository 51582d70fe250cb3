using ActorMon.Model.Labels;

namespace ActorMon.Alerting.History;

/// <summary>What can happen to an alert.</summary>
public enum AlertEventKind : byte
{
    /// <summary>It came in, or came again after it was resolved.</summary>
    Received,

    /// <summary>It went into a group.</summary>
    Grouped,

    /// <summary>A flush left it out because of silences.</summary>
    Silenced,

    /// <summary>A flush left it out because of another alert.</summary>
    Inhibited,

    /// <summary>A flush was not told because of time intervals.</summary>
    Muted,

    /// <summary>An integration was told.</summary>
    Sent,

    /// <summary>An integration could not be told.</summary>
    Failed,
    Resolved,
    Acknowledged,
    Unacknowledged,
}

/// <summary>One thing that happened to an alert.</summary>
public sealed record AlertEvent(DateTimeOffset At, AlertEventKind Kind, LabelSet Labels)
{
    /// <summary>Text that names the group; "" where none is concerned.</summary>
    public string Group { get; init; } = "";
    public string Receiver { get; init; } = "";

    /// <summary>Such as <c>webhook[0]</c>; "" where none is concerned.</summary>
    public string Integration { get; init; } = "";

    /// <summary>Ids of silences, fingerprints of alerts or names of time intervals, by the kind.</summary>
    public IReadOnlyList<string> By { get; init; } = [];

    /// <summary>Why it was sent, what failed, or what a person said.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The node it happened on.</summary>
    public string Node { get; init; } = "";
}

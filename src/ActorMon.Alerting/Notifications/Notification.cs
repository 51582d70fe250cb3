using ActorMon.Alerting.Alerts;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Notifications;

/// <summary>What is told to one integration of a receiver: the alerts of one group at one time.</summary>
public sealed record Notification
{
    public required string Receiver { get; init; }

    /// <summary>Text that names the group, such as <c>{}/{severity="page"}:{alertname="X"}</c>.</summary>
    public required string GroupKey { get; init; }

    public required LabelSet GroupLabels { get; init; }

    /// <summary>In order, not empty; resolved ones have an end.</summary>
    public required IReadOnlyList<Alert> Alerts { get; init; }

    public required DateTimeOffset At { get; init; }

    public required NotificationReason Reason { get; init; }

    public IReadOnlyDictionary<string, string> RouteLabels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> ReceiverLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>Where people find the Alertmanager, without a slash at the end.</summary>
    public required string ExternalUrl { get; init; }

    public required TimeSpan RepeatInterval { get; init; }

    /// <summary>What the integration had to remember from the last time, such as the id of the message to change; "" for nothing.</summary>
    public string ReceiverData { get; init; } = "";

    /// <summary>The same for every attempt to send this, on whichever node: a receiver that knows such keys takes it once.</summary>
    public required string IdempotencyKey { get; init; }
}

/// <summary>How an attempt ended.</summary>
/// <param name="FailureReason">The value of the metric's label "reason"; "" after success.</param>
/// <param name="ReceiverData">To be remembered for the next notification of the group.</param>
public sealed record NotifyResult(SendOutcome Outcome, string FailureReason, string ReceiverData)
{
    public static NotifyResult Sent(string receiverData = "") => new(new SendOutcome(false, null), "", receiverData);
}

/// <summary>One integration of a receiver that can be told. One attempt per call: when to try again is its caller's decision.</summary>
public interface IIntegration
{
    string Type { get; }

    /// <summary>Place among the integrations of the type in its receiver, from 0.</summary>
    int Index { get; }

    bool SendResolved { get; }

    /// <summary>Does not throw but when cancelled; a template that fails is a final failure.</summary>
    Task<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation);
}

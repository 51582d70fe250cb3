using System.IO.Pipelines;

namespace ActorMon.Protocol.Links;

/// <summary>The node that asks.</summary>
public readonly record struct LinkSender(string Node, ulong Incarnation);

/// <summary>One request as its operation sees it. Valid until the operation's task has ended.</summary>
public sealed class LinkRequest
{
    public required LinkSender Sender { get; init; }

    /// <summary>Version of the partition map that the sender goes by; 0: it has none.</summary>
    public required long MapVersion { get; init; }

    /// <summary>At most as many bytes as the operation's bounds say; a longer body fails the read.</summary>
    public required PipeReader Body { get; init; }

    /// <summary>The answer's frames. Flushing waits for a slow reader.</summary>
    public required PipeWriter Answer { get; init; }

    /// <summary>Ok unless refused.</summary>
    public LinkStatus Status { get; private set; }

    public string? Error { get; private set; }

    /// <summary>Answers with a status and a text instead of frames; nothing may have been written to <see cref="Answer"/>.</summary>
    public void Refuse(LinkStatus status, string error) => (Status, Error) = (status, error);
}

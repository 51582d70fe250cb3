namespace ActorMon.Protocol.Links;

/// <summary>An answer, or why there is none. Disposing it gives the connection back, or closes it when frames were left unread.</summary>
public sealed class LinkAnswer(LinkStatus status, string? error, long mapVersion, LinkFrameReader? frames, Func<ValueTask>? dispose = null) : IAsyncDisposable
{
    private Func<ValueTask>? _dispose = dispose;

    public LinkStatus Status => status;

    public bool IsOk => status == LinkStatus.Ok;

    /// <summary>What went wrong, with the peer's name; null when Ok.</summary>
    public string? Error => error;

    /// <summary>Version of the peer's partition map, 0 when it has none or did not answer.</summary>
    public long MapVersion => mapVersion;

    /// <summary>Only when Ok.</summary>
    public LinkFrameReader Frames => frames ?? throw new InvalidOperationException($"an answer with status {status} has no frames");

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _dispose, null)?.Invoke() ?? ValueTask.CompletedTask;
}

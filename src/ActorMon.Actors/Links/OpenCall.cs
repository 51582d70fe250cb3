namespace ActorMon.Actors.Links;

/// <summary>What a call holds until its answer has been read: a place among those to its peer, a deadline, the response.</summary>
internal sealed class OpenCall
{
    private readonly SemaphoreSlim _gate;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _deadline;
    private bool _entered;
    private int _ended;

    public OpenCall(SemaphoreSlim gate, TimeSpan timeout, TimeProvider time, CancellationToken cancellation)
    {
        _gate = gate;
        _timer = new CancellationTokenSource(timeout, time);
        _deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _timer.Token);
    }

    /// <summary>The call's time is up, or its caller has gone.</summary>
    public CancellationToken Deadline => _deadline.Token;

    public HttpResponseMessage? Response { get; set; }

    public async Task EnterAsync()
    {
        await _gate.WaitAsync(Deadline).ConfigureAwait(false);
        _entered = true;
    }

    public ValueTask EndAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return ValueTask.CompletedTask;
        // What was not read is drained or the connection closed.
        Response?.Dispose();
        _deadline.Dispose();
        _timer.Dispose();
        if (_entered)
            _gate.Release();
        return ValueTask.CompletedTask;
    }
}

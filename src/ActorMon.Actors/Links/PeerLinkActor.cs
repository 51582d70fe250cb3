using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Batches;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Series.LinkProtocol;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Links;

/// <summary>
/// This node's batches on their way to one other node. A batch is sent at once when no request is open; what comes meanwhile is gathered and goes with the next one.
/// What is not answered stays here and is sent again after a back-off; the receiver drops by number what it has. Bounded by the IngestLink, which hands over at most
/// max-unacknowledged batches of a partition.
/// Lost on a crash: everything waiting; the IngestLink, its parent, sees it stop and hands all of it to a new one.
/// </summary>
public sealed class PeerLinkActor : ReceiveActor, IWithTimers
{
    private const string RetryTimer = "retry";

    private readonly LinkPeer _peer;
    private readonly PeerLinkSettings _settings;
    private readonly BatchPost _post;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly List<Forward?> _sent = [];

    // For replicas that were away there or go by another map: they do not hold up the others.
    private readonly List<Forward> _later = [];
    private Queue<Forward> _waiting = new();
    private bool _isSending;
    private int _failures;

    public PeerLinkActor(LinkPeer peer, PeerLinkSettings settings)
    {
        (_peer, _settings) = (peer, settings);
        _post = new BatchPost(peer, settings);
        Receive<Forward>(OnForward);
        Receive<Forget>(OnForget);
        Receive<Posted>(OnPosted);
        Receive<PostCrashed>(crashed => throw new PeerLinkFailedException(_peer, crashed.Cause));
        Receive<Retry>(_ => OnRetry());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(LinkPeer peer, PeerLinkSettings settings) => Akka.Actor.Props.Create(() => new PeerLinkActor(peer, settings));

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
    }

    private void OnForward(Forward forward)
    {
        _waiting.Enqueue(forward);
        Send();
    }

    private void OnForget(Forget forget)
    {
        for (var i = 0; i < _sent.Count; i++)
            if (_sent[i]?.Replica == forget.Replica)
                _sent[i] = null;
        _later.RemoveAll(f => f.Replica == forget.Replica);
        _waiting = new Queue<Forward>(_waiting.Where(f => f.Replica != forget.Replica));
    }

    private void Send()
    {
        // After a failure the timer decides; a queue that is offered more changes nothing.
        if (_isSending || _waiting.Count == 0 || (_failures > 0 && Timers.IsTimerActive(RetryTimer)))
            return;
        _isSending = true;
        _post.SendAsync(_waiting, _sent, _stopped.Token).PipeTo(Self, success: posted => new Posted(posted), failure: cause => new PostCrashed(cause));
    }

    private void OnPosted(Posted posted)
    {
        _isSending = false;
        if (posted.Result.Answers is not { } answers)
        {
            Requeue(_sent.OfType<Forward>());
            _sent.Clear();
            _failures++;
            if (_failures is 1 or 10)
                _log.Warning("{Count} batches for {Peer} wait: {Error}", _waiting.Count, _peer, posted.Result.Error);
            Timers.StartSingleTimer(RetryTimer, Retry.Instance, Pause());
            return;
        }
        if (_failures >= 1)
            _log.Info("{Peer} takes batches again", _peer);
        _failures = 0;
        for (var i = 0; i < answers.Length; i++)
            if (_sent[i] is { } forward)
                Settle(forward, answers[i]);
        _sent.Clear();
        if (_later.Count > 0 && !Timers.IsTimerActive(RetryTimer))
            Timers.StartSingleTimer(RetryTimer, Retry.Instance, _settings.MinBackoff);
        Send();
    }

    private void Settle(Forward forward, BatchAnswer answer)
    {
        // An answer of another stay: one of the two maps is older, and the batch goes on until they agree or the replica is forgotten.
        if (answer.Reply is BatchReply.Unanswered or BatchReply.NotTaken || answer.Stay != forward.Stay)
            _later.Add(forward);
        else
            Context.Parent.Tell(new Written(forward.Replica, forward.Batch.Writer, forward.Batch.Number, (BatchOutcome)answer.Reply, answer.Error, answer.Stay));
    }

    private void OnRetry()
    {
        Requeue(_later);
        _later.Clear();
        Send();
    }

    /// <summary>In front of what waits: batches of a replica stay in order.</summary>
    private void Requeue(IEnumerable<Forward> batches) => _waiting = new Queue<Forward>(batches.Concat(_waiting));

    private TimeSpan Pause() => new Backoff(_settings.MinBackoff, _settings.MaxBackoff).After(_failures - 1);

    private sealed record Posted(BatchPosted Result) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed record PostCrashed(Exception Cause) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed class Retry : INoSerializationVerificationNeeded, INotInfluenceReceiveTimeout
    {
        public static readonly Retry Instance = new();
    }
}

/// <summary>A batch could not be put into a request, or the answer not be read, for a reason that is none of the network's: a bug.</summary>
public sealed class PeerLinkFailedException(LinkPeer peer, Exception inner) : Exception($"the link to {peer} failed: {inner.Message}", inner);

using ActorMon.Notifying.Alerts;
using ActorMon.Notifying.Sending;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Actors.Notifying;

/// <summary>
/// Sends alerts to one Alertmanager: one request at a time, what comes meanwhile waits in a bounded queue and goes in batches. A batch that fails is dropped, for its
/// alerts are due again soon. Owns nothing that a crash loses but the batch on its way: the queue is its parent's.
/// </summary>
public sealed class AlertmanagerActor : ReceiveActor, IWithTimers
{
    private const string HoldTimer = "hold";

    private readonly string _url;
    private readonly TimeSpan _timeout;
    private readonly HttpMessageInvoker _client;
    private readonly AlertQueue _queue;
    private readonly NotifierSettings _settings;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _isPosting;
    private bool _isLeaving;

    public AlertmanagerActor(string url, TimeSpan timeout, HttpMessageInvoker client, AlertQueue queue, NotifierSettings settings)
    {
        (_url, _timeout, _client, _queue, _settings) = (url, timeout, client, queue, settings);
        Receive<Add>(m => OnAdd(m.Alerts));
        Receive<Posted>(OnPosted);
        Receive<Faulted>(m => throw new AlertPostFailedException(_url, m.Cause));
        Receive<LookAgain>(_ => Proceed());
        Receive<Leave>(_ => OnLeave());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string url, TimeSpan timeout, HttpMessageInvoker client, AlertQueue queue, NotifierSettings settings) =>
        Akka.Actor.Props.Create(() => new AlertmanagerActor(url, timeout, client, queue, settings));

    /// <summary>What waited when it crashed.</summary>
    protected override void PreStart() => Proceed();

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
    }

    private void OnAdd(IReadOnlyList<OutgoingAlert> alerts)
    {
        if (_queue.Add(alerts) is var dropped and > 0)
        {
            _settings.Metrics.Dropped(_url, dropped);
            _log.Warning(
                "Alertmanager {Url}: its queue is full ({Capacity} alerts, --alertmanager.notification-queue-capacity); the oldest {Count} are dropped",
                _url, _settings.Queue.Capacity, dropped);
        }
        Proceed();
    }

    /// <summary>Sends the next batch when that can be done now.</summary>
    private void Proceed()
    {
        if (_isPosting)
        {
            TellLength();
            return;
        }
        if (_queue.Count > 0 && !_settings.MaySend())
        {
            if (_isLeaving)
                DropAll("the node has lost the majority of its cluster");
            else
                Timers.StartSingleTimer(HoldTimer, LookAgain.Instance, _settings.HoldInterval);
        }
        else if (_queue.TakeBatch() is { Count: > 0 } batch)
        {
            _isPosting = true;
            var began = _settings.Time.GetTimestamp();
            AlertPost.SendAsync(_client, _url, batch, _timeout, _settings.UserAgent, _settings.Time, _stopped.Token)
                .PipeTo(Self, success: error => new Posted(batch.Count, error, _settings.Time.GetElapsedTime(began)), failure: cause => new Faulted(cause));
        }
        TellLength();
        if (_isLeaving && !_isPosting)
            Context.Stop(Self);
    }

    private void OnPosted(Posted posted)
    {
        _isPosting = false;
        if (posted.Error is null)
        {
            _settings.Metrics.Sent(_url, posted.Alerts, posted.Took);
        }
        else
        {
            _settings.Metrics.Failed(_url, posted.Alerts);
            _log.Error("Alertmanager {Url}: {Count} alerts could not be sent: {Error}", _url, posted.Alerts, posted.Error);
        }
        Proceed();
    }

    private void OnLeave()
    {
        _isLeaving = true;
        if (!_settings.Drains)
            DropAll("--no-alertmanager.drain-notification-queue-on-shutdown");
        Proceed();
    }

    private void DropAll(string reason)
    {
        if (_queue.Clear() is var dropped and > 0)
        {
            _settings.Metrics.Dropped(_url, dropped);
            _log.Warning("Alertmanager {Url}: {Count} alerts that waited are dropped: {Reason}", _url, dropped, reason);
        }
    }

    private void TellLength() => _settings.Metrics.Waiting(_url, _queue.Count);

    /// <summary>Alerts for this Alertmanager.</summary>
    public sealed record Add(IReadOnlyList<OutgoingAlert> Alerts) : INoSerializationVerificationNeeded;

    /// <summary>No more will come: it ends when nothing waits.</summary>
    public sealed class Leave : INoSerializationVerificationNeeded
    {
        public static readonly Leave Instance = new();
    }

    private sealed record Posted(int Alerts, string? Error, TimeSpan Took) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed record Faulted(Exception Cause) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed class LookAgain : INoSerializationVerificationNeeded
    {
        public static readonly LookAgain Instance = new();
    }
}

/// <summary>Posting alerts failed by a bug of its own.</summary>
public sealed class AlertPostFailedException(string url, Exception inner) : Exception($"posting alerts to {url} failed unexpectedly: {inner.Message}", inner);

using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Shards;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Actors.Alerting;

/// <summary>
/// Child of a shard: sends one notification to one integration, again with a back-off when that may help, until it is sent, refused or too late; tells its shard and stops.
/// Lost on a crash: what it knew of the attempts; the shard takes the notification for failed.
/// </summary>
public sealed class SendActor : ReceiveActor
{
    private readonly Notification _notification;
    private readonly SendKey _key;
    private readonly IIntegration _integration;
    private readonly DateTimeOffset _deadline;
    private readonly AlertingRuntime _runtime;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _late;
    private ITimer? _retry;
    private int _failures;
    private long _attempted;
    private string _lastError = "";

    public SendActor(SendKey key, Notification notification, IIntegration integration, DateTimeOffset deadline, AlertingRuntime runtime)
    {
        (_key, _notification, _integration, _deadline, _runtime) = (key, notification, integration, deadline, runtime);
        var left = deadline - runtime.Time.GetUtcNow();
        _late = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1), runtime.Time);
        Receive<NotifyResult>(OnResult);
        Receive<Status.Failure>(m => OnFailure(m.Cause));
        Receive<Again>(_ => Attempt());
    }

    public static Props Props(SendKey key, Notification notification, IIntegration integration, DateTimeOffset deadline, AlertingRuntime runtime) =>
        Akka.Actor.Props.Create(() => new SendActor(key, notification, integration, deadline, runtime));

    protected override void PreStart()
    {
        var self = Self;
        _retry = _runtime.Time.CreateTimer(static state => ((IActorRef)state!).Tell(Again.Instance), self, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _runtime.Metrics.Notifications.With(_key.Type).Add();
        Attempt();
    }

    protected override void PostStop()
    {
        _retry?.Dispose();
        _late.Cancel();
        _late.Dispose();
    }

    private void Attempt()
    {
        if (!_runtime.MayNotify())
        {
            // Whoever owns the group meanwhile may have told its end.
            if (_runtime.Time.GetUtcNow() + _runtime.Beat >= _deadline)
                GiveUp("other", "the node has no majority of the cluster");
            else
                _retry!.Change(_runtime.Beat, Timeout.InfiniteTimeSpan);
            return;
        }
        _runtime.Metrics.Requests.With(_key.Type).Add();
        _attempted = _runtime.Time.GetTimestamp();
        var (integration, notification, late) = (_integration, _notification, _late.Token);
        // Off the mailbox from the start: templates may take a while.
        Task.Run(() => integration.NotifyAsync(notification, late)).PipeTo(Self);
    }

    private void OnResult(NotifyResult result)
    {
        _runtime.Metrics.Latency.With(_key.Type).Observe(_runtime.Time.GetElapsedTime(_attempted).TotalSeconds);
        if (result.Outcome.Error is not { } error)
        {
            Context.Parent.Tell(new Ended(_key, null, result.ReceiverData));
            Context.Stop(Self);
            return;
        }
        _runtime.Metrics.RequestsFailed.With(_key.Type).Add();
        _lastError = error;
        var wait = _runtime.SendBackoff.After(_failures++);
        if (!result.Outcome.Retry || _runtime.Time.GetUtcNow() + wait >= _deadline)
        {
            GiveUp(result.FailureReason, error);
            return;
        }
        if (_failures == 1)
            _log.Warning("{Receiver}/{Type}[{Index}]: {Error}; it is tried again until {Deadline:O}", _key.Receiver, _key.Type, _key.Index, error, _deadline);
        _retry!.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void OnFailure(Exception cause)
    {
        if (cause.GetBaseException() is OperationCanceledException)
            GiveUp("contextDeadlineExceeded", _lastError.Length > 0 ? _lastError : "no answer within the time of the flush");
        else
            GiveUp("other", cause.GetBaseException().Message);
    }

    private void GiveUp(string reason, string error)
    {
        _runtime.Metrics.Failed.With(_key.Type, reason.Length > 0 ? reason : "other").Add();
        _log.Error("{Receiver}/{Type}[{Index}]: group {Group} could not be told: {Error}", _key.Receiver, _key.Type, _key.Index, _key.Group, error);
        Context.Parent.Tell(new Ended(_key, error, ""));
        Context.Stop(Self);
    }

    /// <param name="Error">Null: it was sent.</param>
    internal sealed record Ended(SendKey Key, string? Error, string ReceiverData) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed class Again : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Again Instance = new();
    }
}

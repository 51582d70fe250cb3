using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Shards;
using Akka.Actor;

namespace ActorMon.Actors.Alerting;

/// <summary>How a shard has its notifications sent: one child for each, a bounded number at once.</summary>
public sealed partial class AlertShardActor
{
    private const string IntegrationGone = "the receiver has no such integration any more, or its alerts are gone";
    private static readonly Dictionary<string, string> NoLabels = [];

    private readonly Queue<SendIntent> _sends = new();
    private readonly Dictionary<IActorRef, SendKey> _senders = [];

    private void Happen(IReadOnlyList<ShardEvent> events)
    {
        foreach (var happened in events)
            _shard.Apply(happened);
        Write(events);
        foreach (var happened in events)
            if (happened is SendBegun begun)
                _decided.Enqueue((_written, begun.Intent));
        Release();
    }

    private void Send(SendIntent intent)
    {
        _sends.Enqueue(intent);
        SendNext();
    }

    private void SendNext()
    {
        // Without a majority they wait for it.
        while (_senders.Count < _runtime.MaxSends && _sends.Count > 0 && _runtime.MayNotify() && _sends.TryDequeue(out var intent))
        {
            var configuration = _runtime.Configuration();
            if (configuration?.Find(intent.Key) is not { } integration || intent.Message.Count == 0)
            {
                OnSendEnded(intent.Key, IntegrationGone, "");
                continue;
            }
            var group = _shard.Find(intent.GroupKey);
            var route = group?.Route ?? configuration.Shards.Tree.Root;
            var notification = new Notification
            {
                Receiver = intent.Key.Receiver,
                GroupKey = intent.Key.Group,
                GroupLabels = intent.GroupLabels,
                Alerts = intent.Message,
                At = intent.Entry.Timestamp ?? Now,
                Reason = intent.Reason,
                RouteLabels = route.Options.Labels,
                ReceiverLabels = configuration.Shards.Receiver(intent.Key.Receiver)?.Labels ?? NoLabels,
                ExternalUrl = _runtime.ExternalUrl,
                RepeatInterval = route.Options.RepeatInterval,
                ReceiverData = intent.Entry.ReceiverData,
                IdempotencyKey = intent.IdempotencyKey,
            };
            var deadline = Now + (group?.FlushTimeout ?? TimeSpan.FromSeconds(10));
            _senders.Add(Context.Watch(Context.ActorOf(SendActor.Props(intent.Key, notification, integration, deadline, _runtime))), intent.Key);
        }
    }

    private void OnEnded(SendActor.Ended ended)
    {
        Context.Unwatch(Sender);
        _senders.Remove(Sender);
        OnSendEnded(ended.Key, ended.Error, ended.ReceiverData);
        SendNext();
        FinishHandOff();
    }

    private void OnTerminated(Terminated terminated)
    {
        // Without one it would wait for ever for what is never written.
        if (terminated.ActorRef.Equals(_journal))
            throw new AlertJournalException($"the journal of shard {_name} ended");
        _subscribers.Remove(terminated.ActorRef);
        if (!_senders.Remove(terminated.ActorRef, out var key))
            return;
        OnSendEnded(key, "the notifier ended without a word", "");
        SendNext();
        FinishHandOff();
    }

    private void OnSendEnded(SendKey key, string? error, string receiverData)
    {
        NoteSent(key, error, Now);
        Happen(_shard.EndSend(key, error, receiverData, Now));
        Arm();
    }
}

using System.Collections.Concurrent;
using ActorMon.Actors.Alerting;
using ActorMon.Alerting.Notifications;
using ActorMon.Protocol.Alerting;
using Akka.Actor;

namespace ActorMon.Actors.Tests.Alerting;

/// <summary>Stands in for a shard region of one node: an entity is a child and is made when it is first told something.</summary>
internal sealed class OneNodeRegion : ReceiveActor
{
    private static readonly AlertMessageExtractor Extractor = new();
    private string? _away;

    public OneNodeRegion(AlertingRuntime runtime)
    {
        Receive<AlertingProtocol.IAlertEntityMessage>(m =>
        {
            var id = Extractor.EntityId(m)!;
            if (id == _away)
                return;
            var entity = Context.Child(id);
            if (entity.IsNobody())
                entity = Context.ActorOf(AlertMessageExtractor.PropsOf(id, runtime, Self), id);
            entity.Forward(m);
        });
        Receive<Lose>(m =>
        {
            _away = m.Id;
            Context.Stop(Context.Child(m.Id));
        });
    }

    /// <summary>Kills an entity; it does not come again, what it is told is lost.</summary>
    public sealed record Lose(string Id) : INoSerializationVerificationNeeded;
}

/// <summary>Writes down what it is told; may fail first, or never answer.</summary>
internal sealed class RecordingIntegration : IIntegration
{
    private readonly ConcurrentQueue<Notification> _told = new();
    private int _failures;

    public string Type => "webhook";

    public int Index => 0;

    public bool SendResolved => true;

    public IReadOnlyList<Notification> Told => [.. _told];

    /// <summary>Attempts that fail from now on, in a way that may be tried again.</summary>
    public int Failures
    {
        set => Volatile.Write(ref _failures, value);
    }

    /// <summary>No attempt ends before it is cancelled.</summary>
    public bool Hangs { get; set; }

    public async Task<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation)
    {
        _told.Enqueue(notification);
        if (Hangs)
            await Task.Delay(Timeout.Infinite, cancellation);
        return Interlocked.Decrement(ref _failures) >= 0 ? new NotifyResult(new SendOutcome(true, "unexpected status code 503"), "serverError", "") : NotifyResult.Sent();
    }
}

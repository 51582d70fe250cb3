using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Series.StorageAdminProtocol;

namespace ActorMon.Actors.Admin;

/// <summary>One snapshot: written on the pool from published views, so no partition waits for it. Answers once and stops; deadline of its one state: the writing is cancelled.</summary>
public sealed class SnapshotActor : ReceiveActor
{
    private readonly Func<CancellationToken, Task<string>> _write;
    private readonly CancellationTokenSource _deadline;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public SnapshotActor(Func<CancellationToken, Task<string>> write, TimeSpan deadline, IActorRef requester)
    {
        _write = write;
        _deadline = new CancellationTokenSource(deadline);
        Receive<Written>(written =>
        {
            requester.Tell(new AdminDone(1, null, written.Name));
            Context.Stop(Self);
        });
        Receive<Failed>(failed =>
        {
            _log.Error(failed.Cause, "A snapshot failed");
            var text = failed.Cause is OperationCanceledException ? $"not finished within {deadline.TotalMinutes:0} minutes" : failed.Cause.Message;
            requester.Tell(new AdminDone(0, text));
            Context.Stop(Self);
        });
    }

    public static Props Props(Func<CancellationToken, Task<string>> write, TimeSpan deadline, IActorRef requester) =>
        Akka.Actor.Props.Create(() => new SnapshotActor(write, deadline, requester));

    protected override void PreStart()
    {
        var (cancellation, write) = (_deadline.Token, _write);
        Task.Run(() => write(cancellation), CancellationToken.None).PipeTo(Self, success: name => new Written(name), failure: cause => new Failed(cause));
    }

    protected override void PostStop()
    {
        _deadline.Cancel();
        _deadline.Dispose();
    }

    private sealed record Written(string Name) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed record Failed(Exception Cause) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}

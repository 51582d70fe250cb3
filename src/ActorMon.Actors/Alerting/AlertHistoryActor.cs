using Akka.Actor;
using Akka.Event;

namespace ActorMon.Actors.Alerting;

/// <summary>One a node: writes what happened to alerts again and again, and once more when it ends. Lost on a crash: what came since it last wrote.</summary>
public sealed class AlertHistoryActor : ReceiveActor, IWithTimers
{
    public const string Name = "alert-history";

    private readonly AlertingRuntime _runtime;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private string? _error;

    public AlertHistoryActor(AlertingRuntime runtime)
    {
        _runtime = runtime;
        Receive<Beat>(_ => Write());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(AlertingRuntime runtime) => Akka.Actor.Props.Create(() => new AlertHistoryActor(runtime));

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Beat), Beat.Instance, _runtime.Beat);

    protected override void PostStop() => Write();

    private void Write()
    {
        var error = _runtime.Trail.Write(_runtime.Time.GetUtcNow());
        if (error is not null && _error is null)
            _log.Warning("The history of alerts cannot be written: {Error}; it is tried again, and kept in memory meanwhile", error);
        _error = error;
    }

    private sealed class Beat : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Beat Instance = new();
    }
}

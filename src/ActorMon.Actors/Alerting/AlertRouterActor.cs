using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Shards;
using ActorMon.Model.Telemetry;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Alerting.AlertingProtocol;

namespace ActorMon.Actors.Alerting;

/// <summary>
/// One a node: routes the alerts that come in here and hands each to the shards of its groups, again until they have them or the patience is over. Answers <see cref="Route"/> with
/// <see cref="Routed"/>. Lost on a crash: what waits for an answer; senders of alerts repeat them.
/// </summary>
public sealed class AlertRouterActor : ReceiveActor, IWithTimers
{
    public const string Name = "alert-router";

    /// <summary>Batches that wait for an answer of their shard; beyond it new ones are refused.</summary>
    private const int MaxWaiting = 4096;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly AlertingRuntime _runtime;
    private readonly IActorRef _region;
    private readonly Dictionary<long, Part> _parts = [];
    private readonly List<long> _over = [];
    private readonly GroupPlaces _places;
    private readonly List<int> _into = [];
    private readonly Counter _firing;
    private readonly Counter _resolved;
    private long _correlation;

    public AlertRouterActor(AlertingRuntime runtime, IActorRef region)
    {
        (_runtime, _region, _places) = (runtime, region, new GroupPlaces(runtime.Shards));
        (_firing, _resolved) = (runtime.Metrics.Received.With("firing"), runtime.Metrics.Received.With("resolved"));
        Receive<Route>(OnRoute);
        Receive<AlertsAccepted>(OnAccepted);
        Receive<Again>(_ => OnAgain());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(AlertingRuntime runtime, IActorRef region) => Akka.Actor.Props.Create(() => new AlertRouterActor(runtime, region));

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Again), Again.Instance, RetryInterval);

    private void OnRoute(Route route)
    {
        if (_runtime.Configuration() is not { Shards: var configuration })
        {
            Sender.Tell(new Routed("the built-in Alertmanager is off: --alertmanager.config.file names no file"));
            return;
        }
        var now = _runtime.Time.GetUtcNow();
        var byShard = new Dictionary<int, List<Alert>>();
        foreach (var alert in route.Alerts)
        {
            (alert.IsResolved(now) ? _resolved : _firing).Add();
            _into.Clear();
            _places.ShardsOf(alert.Labels, configuration, _into);
            foreach (var shard in _into)
            {
                if (!byShard.TryGetValue(shard, out var alerts))
                    byShard[shard] = alerts = [];
                alerts.Add(alert);
            }
        }
        var request = new Request(Sender, byShard.Count);
        if (_parts.Count + byShard.Count > MaxWaiting)
        {
            request.End(FormattableString.Invariant($"{_parts.Count} batches of alerts wait for their shards, the limit is {MaxWaiting}"));
            return;
        }
        if (byShard.Count == 0)
            request.End(null);
        foreach (var (shard, alerts) in byShard)
        {
            var part = new Part(request, new TakeAlerts(shard, configuration.Version, ++_correlation, alerts), now + Patience);
            _parts.Add(_correlation, part);
            _region.Tell(part.Message, Self);
        }
    }

    private void OnAccepted(AlertsAccepted accepted)
    {
        if (_parts.Remove(accepted.Correlation, out var part) && --part.Request.Left == 0)
            part.Request.End(null);
    }

    private void OnAgain()
    {
        var now = _runtime.Time.GetUtcNow();
        _over.Clear();
        foreach (var (correlation, part) in _parts)
            if (part.Until <= now)
            {
                _over.Add(correlation);
                part.Request.End(FormattableString.Invariant($"shard {part.Message.Shard} of the Alertmanager has not answered within {Patience.TotalSeconds} s"));
            }
            else
                _region.Tell(part.Message, Self);
        foreach (var correlation in _over)
            _parts.Remove(correlation);
    }

    /// <param name="Alerts">Checked.</param>
    public sealed record Route(IReadOnlyList<Alert> Alerts) : INoSerializationVerificationNeeded;

    /// <param name="Error">Null: the shards have them.</param>
    public sealed record Routed(string? Error) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed class Request(IActorRef from, int parts)
    {
        private bool _hasEnded;

        public int Left { get; set; } = parts;

        public void End(string? error)
        {
            if (!_hasEnded)
                from.Tell(new Routed(error));
            _hasEnded = true;
        }
    }

    private sealed record Part(Request Request, TakeAlerts Message, DateTimeOffset Until);

    private sealed class Again : INoSerializationVerificationNeeded
    {
        public static readonly Again Instance = new();
    }
}

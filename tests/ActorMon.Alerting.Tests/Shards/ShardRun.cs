using ActorMon.Alerting.Acknowledgements;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Inhibition;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Routing;
using ActorMon.Alerting.Shards;
using ActorMon.Alerting.Silences;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Tests.Shards;

/// <summary>A shard with its journal and a clock that is moved by hand; what it wants sent is written down.</summary>
internal sealed class ShardRun
{
    private readonly List<ShardEvent> _journal = [];
    private ShardConfiguration _configuration;

    public ShardRun(params RouteSpec[] routes)
        : this(new AlertingConfig { Route = new RouteSpec { Receiver = "team", GroupBy = ["alertname"], Routes = routes }, Receivers = [Receiver("team", "webhook")] })
    {
    }

    public ShardRun(AlertingConfig config)
    {
        _configuration = new ShardConfiguration(1, config);
        Shard = New();
        Shard.Begin(_configuration, Now);
    }

    public DateTimeOffset Now { get; private set; } = Some.Now;
    public AlertShard Shard { get; private set; }
    public Inhibitor Inhibitor { get; set; } = new([]);
    public AcknowledgementBook Acknowledged { get; } = new();
    public SilenceBook Silences { get; } = new(new SilenceLimits(), MatcherSyntax.Fallback);

    /// <summary>Notifications that were begun and not yet ended, in order.</summary>
    public List<SendIntent> Begun { get; } = [];

    public int Written => _journal.Count;

    public static ReceiverSettings Receiver(string name, params string[] types) =>
        new(name, new Dictionary<string, string> { ["name"] = name }, [.. types.Select(type => new IntegrationSettings(type, 0, SendResolved: true, new Dictionary<string, object?>()))]);

    public static AlertShard New() => new(0, 1, TimeSpan.FromHours(120));

    /// <summary>An alert that fires for five more minutes, as far as its sender knows.</summary>
    public Alert Firing(string name, string instance = "") => new()
    {
        Labels = LabelSet.From([new("alertname", name), new("instance", instance)]),
        StartsAt = Now,
        EndsAt = Now.AddMinutes(5),
        UpdatedAt = Now,
    };

    public void Fire(string name, string instance = "") => Take(Firing(name, instance));

    public void Resolve(string name, string instance = "") => Take(Firing(name, instance) with { StartsAt = Now.AddHours(-1), EndsAt = Now });

    public void Take(params Alert[] alerts)
    {
        var decision = Shard.Decide(alerts, Now);
        Shard.Apply(decision.Taken);
        if (decision.Durable is { } durable)
            _journal.Add(durable);
    }

    /// <summary>Lets time pass; groups are flushed at their times, and senders repeat each minute what fires.</summary>
    public void Pass(TimeSpan time, bool repeats = true)
    {
        var until = Now + time;
        while (true)
        {
            var step = repeats && Now.AddMinutes(1) < until ? Now.AddMinutes(1) : until;
            if (Shard.NextDue is { } due && due < step)
                step = due > Now ? due : Now;
            Now = step;
            if (repeats)
                Take([.. Shard.Alerts.Where(a => !a.IsResolved(Now)).Select(a => a with { EndsAt = Now.AddMinutes(5), UpdatedAt = Now })]);
            while (Shard.TakeDue(Now) is { } group)
                if (Shard.Flush(group, Inhibitor, Silences, Now, Acknowledged) is { } flushed)
                    Happen(flushed.Events);
            if (step == until)
                return;
        }
    }

    /// <summary>All that was begun ends.</summary>
    public void End(string? error = null)
    {
        foreach (var intent in Begun)
            Happen(Shard.EndSend(intent.Key, error, "", Now), collects: false);
        Begun.Clear();
    }

    /// <summary>Lets time pass and sends what is wanted.</summary>
    /// <returns>What was sent.</returns>
    public IReadOnlyList<SendIntent> Send(TimeSpan time)
    {
        Pass(time);
        SendIntent[] sent = [.. Begun];
        End();
        return sent;
    }

    /// <summary>The owner dies; another one begins with what was written, after a while.</summary>
    public void TakeOver(TimeSpan pause, bool fromState = false)
    {
        var state = Shard.Snapshot(Now);
        Shard = New();
        Begun.Clear();
        if (fromState)
            Shard.Apply(state);
        else
            _journal.ForEach(Shard.Apply);
        Now += pause;
        Begun.AddRange(Shard.Begin(_configuration, Now));
    }

    public void Reload(AlertingConfig config) => Shard.Use(_configuration = new ShardConfiguration(_configuration.Version + 1, config), Now);

    private void Happen(IReadOnlyList<ShardEvent> events, bool collects = true)
    {
        foreach (var happened in events)
        {
            Shard.Apply(happened);
            // The message is not written.
            _journal.Add(happened is SendBegun begun ? begun with { Intent = begun.Intent with { Message = [] } } : happened);
            if (collects && happened is SendBegun { Intent: var intent })
                Begun.Add(intent);
        }
    }
}

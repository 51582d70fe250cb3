using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Groups;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Shards;

/// <summary>One thing that a shard decided: applied at once, and written for whoever owns the shard next.</summary>
public abstract record ShardEvent(DateTimeOffset At);

/// <param name="Alerts">As the shard holds them from now on.</param>
public sealed record AlertsTaken(DateTimeOffset At, IReadOnlyList<Alert> Alerts) : ShardEvent(At);

/// <summary>A notification is about to be sent.</summary>
public sealed record SendBegun(DateTimeOffset At, SendIntent Intent) : ShardEvent(At);

/// <summary>A notification was sent, or needed no sending.</summary>
public sealed record SendLogged(DateTimeOffset At, SendKey Key, LoggedSend Logged) : ShardEvent(At);

/// <summary>A notification was given up; the next flush decides anew.</summary>
public sealed record SendFailed(DateTimeOffset At, SendKey Key, string Error) : ShardEvent(At);

/// <summary>Alerts that ended, and whose end was told where it had to be, leave their group.</summary>
public sealed record AlertsLeft(DateTimeOffset At, GroupKey Group, IReadOnlyList<LabelSet> Alerts) : ShardEvent(At);

/// <summary>The whole state of a shard, in place of all that led to it.</summary>
public sealed record ShardSnapshot(
    DateTimeOffset At, IReadOnlyList<Alert> Alerts, IReadOnlyList<KeyValuePair<SendKey, LoggedSend>> Log, IReadOnlyList<SendIntent> Open) : ShardEvent(At);

/// <summary>What becomes of alerts that came in.</summary>
/// <param name="Taken">To be applied.</param>
/// <param name="Durable">To be written: those of them that say something new; null: none does.</param>
public sealed record AlertIntakeDecision(AlertsTaken Taken, AlertsTaken? Durable);

namespace ActorMon.Alerting.Shards;

/// <summary>Alerts by state: not flushed yet, told (or muted by time), held back by silences and other alerts.</summary>
public readonly record struct AlertCounts(int Unprocessed, int Active, int Suppressed);

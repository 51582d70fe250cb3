namespace ActorMon.Notifying.Options;

/// <param name="Capacity">Alerts that wait for one Alertmanager at most, from 1 (--alertmanager.notification-queue-capacity).</param>
/// <param name="BatchSize">Alerts of one request at most, from 1 (--alertmanager.notification-batch-size).</param>
public sealed record QueueOptions(int Capacity = 10_000, int BatchSize = 256);

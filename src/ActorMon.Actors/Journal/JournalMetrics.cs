using ActorMon.Model.Telemetry;

namespace ActorMon.Actors.Journal;

/// <summary>What the journals of a node did; the label is the persistence id without what follows its first dash.</summary>
public sealed class JournalMetrics(MetricRegistry registry, TimeProvider time)
{
    private static readonly double[] DurationBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

    private readonly Labelled<Gauge> _behind = registry.Gauges("actormon_journal_behind_events", "Events decided and not yet durable.", "journal");
    private readonly Labelled<Gauge> _available = registry.Gauges("actormon_journal_available", "1: the database answers; 0: it is away or recovery runs.", "journal");
    private readonly Labelled<Counter> _events = registry.Counters("actormon_journal_events_total", "Events made durable.", "journal");
    private readonly Labelled<BucketHistogram> _durations = registry.Histograms(
        "actormon_journal_duration_seconds", "How long the first event of a write took until it was durable, its wait for the write before included.", DurationBounds, "journal");
    private readonly Labelled<Counter> _states = registry.Counters("actormon_journal_states_total", "States made durable in place of the events before them.", "journal");
    private readonly Labelled<Counter> _failures = registry.Counters("actormon_journal_failures_total", "Writes and recoveries that failed; each is tried again.", "journal");

    public Gauge Behind(string id) => _behind.With(NameOf(id));

    public Gauge Available(string id) => _available.With(NameOf(id));

    public Counter Events(string id) => _events.With(NameOf(id));

    /// <param name="since">See <see cref="Timestamp"/>.</param>
    public void Durable(string id, long since) => _durations.With(NameOf(id)).Observe(time.GetElapsedTime(since).TotalSeconds);

    public long Timestamp() => time.GetTimestamp();

    public Counter States(string id) => _states.With(NameOf(id));

    public Counter Failures(string id) => _failures.With(NameOf(id));

    private static string NameOf(string id) => id.IndexOf('-', StringComparison.Ordinal) is > 0 and var dash ? id[..dash] : id;
}

using ActorMon.Model.Telemetry;

namespace ActorMon.Actors.Journal;

/// <summary>What the journals of a node did; the label is the persistence id without what follows its first dash.</summary>
public sealed class JournalMetrics(MetricRegistry registry)
{
    private readonly Labelled<Gauge> _behind = registry.Gauges("actormon_journal_behind_events", "Events decided and not yet durable.", "journal");
    private readonly Labelled<Gauge> _available = registry.Gauges("actormon_journal_available", "1: the database answers; 0: it is away or recovery runs.", "journal");
    private readonly Labelled<Counter> _events = registry.Counters("actormon_journal_events_total", "Events made durable.", "journal");
    private readonly Labelled<Counter> _states = registry.Counters("actormon_journal_states_total", "States made durable in place of the events before them.", "journal");
    private readonly Labelled<Counter> _failures = registry.Counters("actormon_journal_failures_total", "Writes and recoveries that failed; each is tried again.", "journal");

    public Gauge Behind(string id) => _behind.With(NameOf(id));

    public Gauge Available(string id) => _available.With(NameOf(id));

    public Counter Events(string id) => _events.With(NameOf(id));

    public Counter States(string id) => _states.With(NameOf(id));

    public Counter Failures(string id) => _failures.With(NameOf(id));

    private static string NameOf(string id) => id.IndexOf('-', StringComparison.Ordinal) is > 0 and var dash ? id[..dash] : id;
}

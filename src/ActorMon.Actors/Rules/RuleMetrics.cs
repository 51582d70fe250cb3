using ActorMon.Model.Telemetry;
using ActorMon.Rules.Evaluation;

namespace ActorMon.Actors.Rules;

/// <summary>Metrics of the groups that this node evaluates, under the original's names.</summary>
public sealed class RuleMetrics
{
    private static readonly double[] RuleQuantiles = [0.5, 0.9, 0.99];
    private static readonly double[] GroupQuantiles = [0.01, 0.05, 0.5, 0.9, 0.99];
    private static readonly double[] Buckets = [.01, .1, 1, 10];

    private readonly QuantileSummary _ruleDurations;
    private readonly BucketHistogram _ruleBuckets;
    private readonly QuantileSummary _groupDurations;
    private readonly BucketHistogram _groupBuckets;
    private readonly BucketHistogram _lag;
    private readonly Labelled<Counter> _iterations;
    private readonly Labelled<Counter> _missed;
    private readonly Labelled<Counter> _evaluations;
    private readonly Labelled<Counter> _failures;
    private readonly Labelled<Gauge>[] _gauges;
    private readonly Counter _expansions;
    private readonly Counter _failedExpansions;

    public RuleMetrics(MetricRegistry registry, RuleBoard board, TimeProvider time)
    {
        const string group = "rule_group";
        _ruleDurations = registry.Summary("prometheus_rule_evaluation_duration_seconds", "The duration for a rule to execute.", time, RuleQuantiles);
        _ruleBuckets = registry.Histogram("prometheus_rule_evaluation_duration_histogram_seconds", "The duration for a rule to execute.", Buckets);
        _groupDurations = registry.Summary("prometheus_rule_group_duration_seconds", "The duration of rule group evaluations.", time, GroupQuantiles);
        _groupBuckets = registry.Histogram("prometheus_rule_group_duration_histogram_seconds", "The duration of rule group evaluations.", Buckets);
        _lag = registry.Histogram(
            "actormon_rule_group_lag_seconds", "How long after its time an evaluation has begun.", [.001, .0025, .005, .01, .025, .05, .1, .25, 1, 10]);
        _expansions = registry.Counter("prometheus_template_text_expansions_total", "The total number of template text expansions.");
        _failedExpansions = registry.Counter("prometheus_template_text_expansion_failures_total", "The total number of template text expansion failures.");
        _iterations = registry.Counters("prometheus_rule_group_iterations_total", "The total number of scheduled rule group evaluations, whether executed or missed.", group);
        _missed = registry.Counters("prometheus_rule_group_iterations_missed_total", "The total number of rule group evaluations missed due to slow rule group evaluation.", group);
        _evaluations = registry.Counters("prometheus_rule_evaluations_total", "The total number of rule evaluations.", group);
        _failures = registry.Counters("prometheus_rule_evaluation_failures_total", "The total number of rule evaluation failures.", group);
        _gauges =
        [
            Interval = registry.Gauges("prometheus_rule_group_interval_seconds", "The interval of a rule group.", group),
            LastEvaluation = registry.Gauges("prometheus_rule_group_last_evaluation_timestamp_seconds", "The timestamp of the last rule group evaluation in seconds.", group),
            LastDuration = registry.Gauges("prometheus_rule_group_last_duration_seconds", "The duration of the last rule group evaluation.", group),
            LastRuleDurations = registry.Gauges(
                "prometheus_rule_group_last_rule_duration_sum_seconds", "The sum of time in seconds it took to evaluate each rule in the group.", group),
            LastRestore = registry.Gauges("prometheus_rule_group_last_restore_duration_seconds", "The duration of the last alert rules alerts restoration using the `ALERTS_FOR_STATE` series.", group),
            Rules = registry.Gauges("prometheus_rule_group_rules", "The number of rules.", group),
            LastSamples = registry.Gauges("prometheus_rule_group_last_evaluation_samples", "The number of samples returned during the last rule group evaluation.", group),
        ];
        registry.Gauge("actormon_rule_groups", "Rule groups that this node evaluates.", () => board.Groups.Count);
        registry.Gauge("actormon_rule_groups_without_journal", "Rule groups of this node whose journal is away: their alerts are in memory alone.", () => board.Groups.Count(g => g.JournalError is not null));
    }

    public Labelled<Gauge> Interval { get; }
    public Labelled<Gauge> LastEvaluation { get; }
    public Labelled<Gauge> LastDuration { get; }
    public Labelled<Gauge> LastRuleDurations { get; }
    public Labelled<Gauge> LastRestore { get; }
    public Labelled<Gauge> Rules { get; }
    public Labelled<Gauge> LastSamples { get; }

    /// <summary>A group runs here from now on.</summary>
    public void Began(string key, TimeSpan interval, int rules)
    {
        Interval.With(key).Set(interval.TotalSeconds);
        Rules.With(key).Set(rules);
        _iterations.With(key).Add(0);
        _missed.With(key).Add(0);
        _evaluations.With(key).Add(0);
        _failures.With(key).Add(0);
    }

    /// <param name="lag">Behind the evaluation's time.</param>
    public void Starts(string key, long missed, TimeSpan lag)
    {
        _iterations.With(key).Add(missed + 1);
        if (missed > 0)
            _missed.With(key).Add(missed);
        _lag.Observe(lag.TotalSeconds);
    }

    public void Ended(string key, GroupState state, GroupEvaluation evaluation, TimeSpan duration)
    {
        var sum = TimeSpan.Zero;
        foreach (var rule in state.Rules)
        {
            sum += rule.LastDuration;
            _ruleDurations.Observe(rule.LastDuration.TotalSeconds);
            _ruleBuckets.Observe(rule.LastDuration.TotalSeconds);
        }
        _evaluations.With(key).Add(state.Rules.Count);
        if (evaluation.Failures > 0)
            _failures.With(key).Add(evaluation.Failures);
        _expansions.Add(evaluation.Expansions);
        _failedExpansions.Add(evaluation.FailedExpansions);
        _groupDurations.Observe(duration.TotalSeconds);
        _groupBuckets.Observe(duration.TotalSeconds);
        LastEvaluation.With(key).Set(evaluation.At.Value / 1000.0);
        LastDuration.With(key).Set(duration.TotalSeconds);
        LastRuleDurations.With(key).Set(sum.TotalSeconds);
        LastSamples.With(key).Set(evaluation.Samples);
    }

    /// <summary>The group runs here no more.</summary>
    public void Forget(string key)
    {
        foreach (var gauge in _gauges)
            gauge.Remove(key);
        foreach (var counter in (ReadOnlySpan<Labelled<Counter>>)[_iterations, _missed, _evaluations, _failures])
            counter.Remove(key);
    }
}

using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;

namespace ActorMon.Tsdb.Cardinality;

/// <summary>One limit that refused series: where it stands and what it refused.</summary>
/// <param name="Of">The labels it counts by: none for the node.</param>
/// <param name="Series">Active series now.</param>
/// <param name="Refused">How often a series was refused; one that is refused again later counts again.</param>
/// <param name="Examples">Some of the refused series, the first ones.</param>
public sealed record RefusedSeries(
    LimitScope Scope, LabelSet Of, string Setting, long Limit, long Series, long Refused, DateTimeOffset Since, DateTimeOffset Last, IReadOnlyList<LabelSet> Examples);

/// <summary>
/// What the limits refused, by limit and key: the newest <see cref="MaxRecords"/> keys with a few examples each. Guarded by its owner.
/// </summary>
internal sealed class RefusalLog
{
    private const int MaxRecords = 1000;
    private const int MaxExamples = 10;

    private readonly Dictionary<(LimitScope, TargetKey), Record> _records = [];
    private readonly long[] _totals = new long[SeriesLimits.Scopes];

    private sealed class Record(LimitScope scope, LabelSet of, SeriesRefusal refusal, DateTimeOffset since)
    {
        public LimitScope Scope { get; } = scope;
        public LabelSet Of { get; } = of;
        public SeriesRefusal Refusal { get; set; } = refusal;
        public DateTimeOffset Since { get; } = since;
        public DateTimeOffset Last { get; set; }
        public long Refused { get; set; }
        public List<LabelSet> Examples { get; } = [];
    }

    /// <summary>Refused series of a scope since the start.</summary>
    public long Total(LimitScope scope) => _totals[(int)scope];

    public SeriesRefusal Add(LimitScope scope, in SeriesKey key, LabelSet series, long active, long limit, DateTimeOffset now)
    {
        _totals[(int)scope]++;
        var place = (scope, PlaceOf(scope, key));
        if (!_records.TryGetValue(place, out var record))
        {
            if (_records.Count >= MaxRecords)
                ForgetOldest();
            var of = LabelsOf(scope, key);
            _records[place] = record = new Record(scope, of, RefusalOf(scope, of, active, limit), now);
        }
        // The sentence is made again only when its number changed.
        if (record.Refusal.Series != active)
            record.Refusal = RefusalOf(scope, record.Of, active, limit);
        record.Last = now;
        record.Refused++;
        if (record.Examples.Count < MaxExamples && !record.Examples.Contains(series))
            record.Examples.Add(series);
        return record.Refusal;
    }

    public List<RefusedSeries> List(SeriesTallies tallies)
    {
        var list = new List<RefusedSeries>(_records.Count);
        foreach (var record in _records.Values)
        {
            var active = tallies.Of(record.Scope, SeriesKey.Of(record.Of));
            list.Add(new RefusedSeries(
                record.Scope, record.Of, record.Refusal.Setting, record.Refusal.Limit, active, record.Refused, record.Since, record.Last, [.. record.Examples]));
        }
        return list;
    }

    /// <summary>A limit that refuses nothing any more is of interest for a while only.</summary>
    public void Forget(SeriesTallies tallies, DateTimeOffset before)
    {
        foreach (var (place, record) in _records)
            if (record.Last < before && tallies.Of(record.Scope, SeriesKey.Of(record.Of)) < record.Refusal.Limit)
                _records.Remove(place);
    }

    private void ForgetOldest()
    {
        var oldest = _records.MinBy(r => r.Value.Last);
        _records.Remove(oldest.Key);
    }

    private static TargetKey PlaceOf(LimitScope scope, in SeriesKey key) => scope switch
    {
        LimitScope.Node => default,
        LimitScope.Job => new TargetKey(key.Job, ""),
        LimitScope.Target => new TargetKey(key.Job, key.Instance),
        _ => new TargetKey(key.Metric, ""),
    };

    private static LabelSet LabelsOf(LimitScope scope, in SeriesKey key) => scope switch
    {
        LimitScope.Node => LabelSet.Empty,
        LimitScope.Job => LabelSet.Of(LabelNames.Job, key.Job),
        LimitScope.Target => LabelSet.Of(LabelNames.Job, key.Job, LabelNames.Instance, key.Instance),
        _ => LabelSet.Of(LabelNames.MetricName, key.Metric),
    };

    private static SeriesRefusal RefusalOf(LimitScope scope, LabelSet of, long active, long limit)
    {
        var setting = SeriesLimits.SettingOf(scope);
        var who = of.Count == 0 ? "the node" : $"{SeriesLimits.NameOf(scope)} {of}";
        return new SeriesRefusal($"{who} has {active} active series, the limit {setting} is {limit}: new series are refused", setting, limit, active);
    }
}

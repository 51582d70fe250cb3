using ActorMon.Actors.Scraping;
using ActorMon.Actors.Series;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Cardinality;

namespace ActorMon.Host.Ports;

/// <summary>The API's view of the node's active series: heads, book of series, target board.</summary>
public sealed class CardinalityPort(NodeSeries series, SeriesAccounts accounts, TargetBoard board) : ICardinalityPort
{
    private static readonly LimitScope[] Scopes = [LimitScope.Node, LimitScope.Job, LimitScope.Target, LimitScope.Metric];

    public CardinalityReport Report(IReadOnlyList<IReadOnlyList<Matcher>> sets, TimestampMs min, TimestampMs max, int top, CancellationToken cancellation)
    {
        // Everything is counted from the lists of the index; a part of it by looking at its series.
        var all = sets.Count == 0 && min == TimestampMs.Min && max == TimestampMs.Max;
        var found = all ? series.Cardinality(top) : series.Cardinality(sets, min, max, top, cancellation);
        return new CardinalityReport(
            found.Series,
            [.. found.Metrics.Select(m => new PairRow(m.Name, m.Value, m.Series))],
            [.. found.Labels.Take(top).Select(l => new LabelRow(l.Name, l.Values, l.Series, l.Bytes))],
            [.. found.Pairs.Select(p => new PairRow(p.Name, p.Value, p.Series))]);
    }

    public IReadOnlyList<JobRow> Jobs(int top)
    {
        var rates = Rates();
        var targets = accounts.Targets().GroupBy(t => t.Key.Job, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var rateOfJob = rates.GroupBy(r => r.Key.Job, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(r => r.Value), StringComparer.Ordinal);
        return [.. accounts.Jobs()
            .OrderByDescending(j => j.Value).ThenBy(j => j.Key, StringComparer.Ordinal).Take(top)
            .Select(j => new JobRow(j.Key, j.Value, targets.GetValueOrDefault(j.Key), rateOfJob.TryGetValue(j.Key, out var rate) ? rate : null))];
    }

    public IReadOnlyList<TargetRow> Targets(string? job, int top)
    {
        var rates = Rates();
        return [.. accounts.Targets()
            .Where(t => job is null || t.Key.Job == job)
            .OrderByDescending(t => t.Value).ThenBy(t => t.Key.Job, StringComparer.Ordinal).ThenBy(t => t.Key.Instance, StringComparer.Ordinal).Take(top)
            .Select(t => new TargetRow(t.Key.Job, t.Key.Instance, t.Value, rates.TryGetValue(t.Key, out var rate) ? rate : null))];
    }

    public IReadOnlyList<ChurnHourRow> Churn(string? job) =>
        [.. accounts.Churn.List().Select(hour => new ChurnHourRow(hour.Start, [.. hour.Jobs
            .Where(j => job is null || j.Key == job)
            .Select(j => new ChurnRow(j.Key, j.Value.Created, j.Value.Ended, j.Value.Dropped))
            .OrderByDescending(j => j.Created).ThenByDescending(j => j.Ended).ThenBy(j => j.Job, StringComparer.Ordinal)]))];

    public IReadOnlyList<LimitRow> Limits() => [.. Scopes.Select(scope =>
    {
        var (keys, most) = accounts.Spread(scope);
        return new LimitRow(SeriesLimits.NameOf(scope), SeriesLimits.SettingOf(scope), accounts.Limits[scope], keys, most, accounts.Refused(scope));
    })];

    public IReadOnlyList<RefusedRow> Refused() => [.. accounts.Refusals().Select(r =>
        new RefusedRow(SeriesLimits.NameOf(r.Scope), r.Of, r.Setting, r.Limit, r.Series, r.Refused, r.Since, r.Last, r.Examples))];

    /// <summary>Samples per second of every target that was scraped; two targets of the same job and instance are one here.</summary>
    private Dictionary<TargetKey, double> Rates()
    {
        var rates = new Dictionary<TargetKey, double>();
        foreach (var status in board.Active)
        {
            if (status.LastScrape is null)
                continue;
            var key = new TargetKey(status.Target.Labels.Get(LabelNames.Job), status.Target.Labels.Get(LabelNames.Instance));
            rates[key] = rates.GetValueOrDefault(key) + status.Samples / status.Target.Interval.TotalSeconds;
        }
        return rates;
    }
}

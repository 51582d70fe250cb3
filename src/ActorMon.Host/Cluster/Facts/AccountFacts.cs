using ActorMon.Actors.Scraping;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Protocol.Facts;
using ActorMon.Tsdb.Cardinality;

namespace ActorMon.Host.Cluster.Facts;

/// <summary>What the node that scrapes or admits knows of series (rates, churn, limits): a node's part, and all parts as one.</summary>
public static class AccountFacts
{
    private const int MaxExamples = 10;

    private static readonly LimitScope[] Scopes = [LimitScope.Node, LimitScope.Job, LimitScope.Target, LimitScope.Metric];

    public static AccountsOfNode Of(SeriesAccounts accounts, TargetBoard board)
    {
        var told = new AccountsOfNode();
        foreach (var (target, rate) in Rates(board))
            told.Rates.Add(new TargetRate { Job = FactTexts.Bytes(target.Job), Instance = FactTexts.Bytes(target.Instance), SamplesPerSecond = rate });
        foreach (var hour in accounts.Churn.List())
        {
            var row = new ChurnOfHour { Start = hour.Start.ToUnixTimeMilliseconds() };
            foreach (var (job, counts) in hour.Jobs)
                row.Jobs.Add(new ChurnOfJob { Job = FactTexts.Bytes(job), Created = counts.Created, Ended = counts.Ended, Dropped = counts.Dropped });
            told.Churn.Add(row);
        }
        foreach (var scope in Scopes)
        {
            var (keys, most) = accounts.Spread(scope);
            told.Limits.Add(new LimitOfNode
            {
                Scope = SeriesLimits.NameOf(scope),
                Setting = SeriesLimits.SettingOf(scope),
                Limit = accounts.Limits[scope],
                Keys = keys,
                Most = most,
                Refused = accounts.Refused(scope),
            });
        }
        foreach (var refusal in accounts.Refusals())
        {
            var row = new RefusalOfNode
            {
                Scope = SeriesLimits.NameOf(refusal.Scope),
                Of = refusal.Of.ToWire(),
                Setting = refusal.Setting,
                Limit = refusal.Limit,
                Series = refusal.Series,
                Refused = refusal.Refused,
                Since = refusal.Since.ToUnixTimeMilliseconds(),
                Last = refusal.Last.ToUnixTimeMilliseconds(),
            };
            row.Examples.AddRange(refusal.Examples.Select(example => example.ToWire()));
            told.Refused.Add(row);
        }
        return told;
    }

    /// <summary>Samples per second of every target that was scraped, by what its last scrape brought.</summary>
    public static Dictionary<TargetKey, double> Rates(IReadOnlyList<AccountsOfNode> nodes)
    {
        var rates = new Dictionary<TargetKey, double>();
        foreach (var row in nodes.SelectMany(node => node.Rates))
        {
            var target = new TargetKey(row.Job.Text(), row.Instance.Text());
            rates[target] = rates.GetValueOrDefault(target) + row.SamplesPerSecond;
        }
        return rates;
    }

    /// <param name="job">Null: all jobs.</param>
    public static IReadOnlyList<ChurnHourRow> Churn(IReadOnlyList<AccountsOfNode> nodes, string? job) =>
    [
        .. nodes.SelectMany(node => node.Churn).GroupBy(hour => hour.Start).OrderByDescending(hours => hours.Key)
            .Select(hours => new ChurnHourRow(DateTimeOffset.FromUnixTimeMilliseconds(hours.Key), [
                .. hours.SelectMany(hour => hour.Jobs).GroupBy(row => row.Job.Text(), StringComparer.Ordinal).Where(rows => job is null || rows.Key == job)
                    .Select(rows => new ChurnRow(rows.Key, rows.Sum(r => r.Created), rows.Sum(r => r.Ended), rows.Sum(r => r.Dropped)))
                    .OrderByDescending(r => r.Created).ThenByDescending(r => r.Ended).ThenBy(r => r.Job, StringComparer.Ordinal),
            ])),
    ];

    /// <summary>
    /// One row a limit and its value: limits are each node's own. Keys and series are those of the node that has most, for a series is counted by every node that holds a copy of it.
    /// </summary>
    public static IReadOnlyList<LimitRow> Limits(IReadOnlyList<AccountsOfNode> nodes) =>
    [
        .. nodes.SelectMany(node => node.Limits).GroupBy(row => (row.Scope, row.Limit)).OrderBy(rows => OrderOf(rows.Key.Scope)).ThenBy(rows => rows.Key.Limit)
            .Select(rows => new LimitRow(rows.Key.Scope, rows.First().Setting, rows.Key.Limit, rows.Max(r => r.Keys), rows.Max(r => r.Most), rows.Sum(r => r.Refused))),
    ];

    /// <summary>By what was refused, at whichever node; the newest refusal first.</summary>
    public static IReadOnlyList<RefusedRow> Refused(IReadOnlyList<AccountsOfNode> nodes) =>
    [
        .. nodes.SelectMany(node => node.Refused).GroupBy(row => (row.Scope, Of: row.Of.FromWire(), row.Limit))
            .Select(rows => new RefusedRow(
                rows.Key.Scope, rows.Key.Of, rows.First().Setting, rows.Key.Limit, rows.Max(r => r.Series), rows.Sum(r => r.Refused),
                DateTimeOffset.FromUnixTimeMilliseconds(rows.Min(r => r.Since)), DateTimeOffset.FromUnixTimeMilliseconds(rows.Max(r => r.Last)),
                [.. rows.SelectMany(r => r.Examples).Select(e => e.FromWire()).Distinct().Order().Take(MaxExamples)]))
            .OrderByDescending(row => row.Last).ThenBy(row => row.Scope, StringComparer.Ordinal).ThenBy(row => row.Of),
    ];

    private static int OrderOf(string scope) => Array.FindIndex(Scopes, known => SeriesLimits.NameOf(known) == scope);

    /// <summary>Two targets of the same job and instance are one here.</summary>
    private static Dictionary<TargetKey, double> Rates(TargetBoard board)
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

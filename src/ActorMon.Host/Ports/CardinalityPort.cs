using ActorMon.Actors.Facts;
using ActorMon.Actors.Scraping;
using ActorMon.Actors.Series;
using ActorMon.Api.Ports;
using ActorMon.Host.Cluster.Facts;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Protocol.Facts;
using ActorMon.Tsdb.Cardinality;

namespace ActorMon.Host.Ports;

/// <summary>The API's view of the cluster's active series: heads by partition, each told by one holder; rates, churn and limits by node.</summary>
public sealed class CardinalityPort : ICardinalityPort
{
    private readonly ClusterHead _head;
    private readonly PartitionTopic<NoQuestion, SeriesOfTargets> _targets;
    private readonly FactTopic<NoQuestion, AccountsOfNode> _accounts;

    public CardinalityPort(ClusterHead head, NodeSeries series, SeriesAccounts accounts, TargetBoard board, ClusterFacts facts)
    {
        _head = head;
        _targets = facts.AddByPartition<NoQuestion, SeriesOfTargets>("target-series", (partitions, _, _) => ValueTask.FromResult(TargetsOf(series.Over(partitions))));
        _accounts = facts.Add<NoQuestion, AccountsOfNode>("accounts", (_, _) => ValueTask.FromResult(AccountFacts.Of(accounts, board)));
    }

    public async ValueTask<Partial<CardinalityReport>> ReportAsync(
        IReadOnlyList<IReadOnlyList<Matcher>> sets, TimestampMs min, TimestampMs max, int top, CancellationToken cancellation)
    {
        // Everything is counted from the lists of the index; a part of it by looking at its series.
        var all = sets.Count == 0 && min == TimestampMs.Min && max == TimestampMs.Max;
        var (found, missing) = all ? await _head.AllAsync(top, cancellation) : await _head.MatchingAsync(sets, min, max, top, cancellation);
        return new(
            new CardinalityReport(
                found.Series,
                [.. found.Metrics.Select(m => new PairRow(m.Name, m.Value, m.Series))],
                [.. found.Labels.Take(top).Select(l => new LabelRow(l.Name, l.Values, l.Series, l.Bytes))],
                [.. found.Pairs.Select(p => new PairRow(p.Name, p.Value, p.Series))]),
            missing);
    }

    public async ValueTask<Partial<IReadOnlyList<JobRow>>> JobsAsync(int top, CancellationToken cancellation)
    {
        var (targets, missing) = await RowsAsync(cancellation);
        return new(
            [
                .. targets.GroupBy(t => t.Job, StringComparer.Ordinal)
                    .Select(job => new JobRow(job.Key, job.Sum(t => t.Series), job.Count(), job.Any(t => t.SamplesPerSecond is not null) ? job.Sum(t => t.SamplesPerSecond) : null))
                    .OrderByDescending(j => j.Series).ThenBy(j => j.Job, StringComparer.Ordinal).Take(top),
            ],
            missing);
    }

    public async ValueTask<Partial<IReadOnlyList<TargetRow>>> TargetsAsync(string? job, int top, CancellationToken cancellation)
    {
        var (targets, missing) = await RowsAsync(cancellation);
        return new(
            [
                .. targets.Where(t => job is null || t.Job == job)
                    .OrderByDescending(t => t.Series).ThenBy(t => t.Job, StringComparer.Ordinal).ThenBy(t => t.Instance, StringComparer.Ordinal).Take(top),
            ],
            missing);
    }

    public async ValueTask<Partial<IReadOnlyList<ChurnHourRow>>> ChurnAsync(string? job, CancellationToken cancellation)
    {
        var (nodes, missing) = await _accounts.AskAsync(new NoQuestion(), cancellation);
        return new(AccountFacts.Churn(nodes, job), missing);
    }

    public async ValueTask<Partial<SeriesLimitsReport>> LimitsAsync(CancellationToken cancellation)
    {
        var (nodes, missing) = await _accounts.AskAsync(new NoQuestion(), cancellation);
        return new(new SeriesLimitsReport(AccountFacts.Limits(nodes), AccountFacts.Refused(nodes)), missing);
    }

    private async ValueTask<Partial<IReadOnlyList<TargetRow>>> RowsAsync(CancellationToken cancellation)
    {
        var asked = _accounts.AskAsync(new NoQuestion(), cancellation);
        var (parts, missing) = await _targets.AskAsync(new NoQuestion(), cancellation);
        var (nodes, silent) = await asked;
        var rates = AccountFacts.Rates(nodes);
        var rows = parts.SelectMany(part => part.Targets).GroupBy(row => new TargetKey(row.Job.Text(), row.Instance.Text()))
            .Select(rows => new TargetRow(rows.Key.Job, rows.Key.Instance, rows.Sum(r => r.Series), rates.TryGetValue(rows.Key, out var rate) ? rate : null));
        return new([.. rows], [.. missing, .. silent]);
    }

    private static SeriesOfTargets TargetsOf(NodeSeries series)
    {
        var told = new SeriesOfTargets();
        foreach (var (target, count) in series.SeriesOfTargets())
            told.Targets.Add(new TargetSeries { Job = FactTexts.Bytes(target.Job), Instance = FactTexts.Bytes(target.Instance), Series = count });
        return told;
    }
}

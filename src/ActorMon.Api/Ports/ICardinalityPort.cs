using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;

namespace ActorMon.Api.Ports;

public readonly record struct PairRow(string Name, string Value, long Series);

/// <param name="Bytes">Length of the label's value, summed over all series.</param>
public readonly record struct LabelRow(string Name, long Values, long Series, long Bytes);

/// <summary>Active series by metric, label and pair; labels sorted by values, the others by series, greatest first.</summary>
public sealed record CardinalityReport(long Series, IReadOnlyList<PairRow> Metrics, IReadOnlyList<LabelRow> Labels, IReadOnlyList<PairRow> Pairs);

/// <param name="SamplesPerSecond">By the last scrape of each target; null when nothing of it is scraped.</param>
public readonly record struct JobRow(string Job, long Series, int Targets, double? SamplesPerSecond);

public readonly record struct TargetRow(string Job, string Instance, long Series, double? SamplesPerSecond);

public readonly record struct ChurnRow(string Job, long Created, long Ended, long Dropped);

/// <param name="Jobs">Most created first.</param>
public sealed record ChurnHourRow(DateTimeOffset Start, IReadOnlyList<ChurnRow> Jobs);

/// <param name="Limit">0: off.</param>
/// <param name="Keys">Jobs, targets or metrics that are counted.</param>
/// <param name="Most">Active series of the largest of them.</param>
/// <param name="Refused">Refused series since the start.</param>
public sealed record LimitRow(string Scope, string Setting, long Limit, long Keys, long Most, long Refused);

/// <param name="Of">The labels of the job, target or metric; none for the node.</param>
public sealed record RefusedRow(
    string Scope, LabelSet Of, string Setting, long Limit, long Series, long Refused, DateTimeOffset Since, DateTimeOffset Last, IReadOnlyList<LabelSet> Examples);

/// <param name="Refused">The newest refusal first.</param>
public sealed record SeriesLimitsReport(IReadOnlyList<LimitRow> Limits, IReadOnlyList<RefusedRow> Refused);

/// <summary>Where the cluster's active series come from and which limits hold them. A series counts once, however many copies it has.</summary>
public interface ICardinalityPort
{
    /// <param name="sets">Series that match any of them; none: all.</param>
    ValueTask<Partial<CardinalityReport>> ReportAsync(IReadOnlyList<IReadOnlyList<Matcher>> sets, TimestampMs min, TimestampMs max, int top, CancellationToken cancellation);

    /// <summary>Most series first.</summary>
    ValueTask<Partial<IReadOnlyList<JobRow>>> JobsAsync(int top, CancellationToken cancellation);

    /// <param name="job">Null: of all jobs.</param>
    ValueTask<Partial<IReadOnlyList<TargetRow>>> TargetsAsync(string? job, int top, CancellationToken cancellation);

    /// <summary>The newest hour first.</summary>
    ValueTask<Partial<IReadOnlyList<ChurnHourRow>>> ChurnAsync(string? job, CancellationToken cancellation);

    ValueTask<Partial<SeriesLimitsReport>> LimitsAsync(CancellationToken cancellation);
}

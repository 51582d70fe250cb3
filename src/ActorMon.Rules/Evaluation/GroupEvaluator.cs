using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Results;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Groups;

namespace ActorMon.Rules.Evaluation;

/// <summary>
/// Evaluates a group: asks its queries, decides about its alerts, writes series, and says which alerts to tell. The caller keeps time and calls for one evaluation
/// after the other; nothing here waits for anything but the ports. Rules follow Prometheus 3.14.
/// </summary>
public sealed class GroupEvaluator
{
    private readonly RuleSettings _settings;
    private readonly IRuleQueries _queries;
    private readonly IRuleAppender _appender;
    private readonly RuleRun[] _runs;
    private readonly SampleList _samples = new();
    private readonly List<QueryRequest> _requests = [];
    private readonly TimeSpan _queryOffset;

    public GroupEvaluator(RuleGroup group, GroupState state, RuleSettings settings, IRuleQueries queries, IRuleAppender appender)
    {
        Group = group;
        State = state;
        _settings = settings;
        _queries = queries;
        _appender = appender;
        _queryOffset = group.QueryOffset ?? settings.QueryOffset;
        var alerts = new AlertInstances(settings, queries);
        _runs = new RuleRun[group.Rules.Count];
        for (var i = 0; i < _runs.Length; i++)
            _runs[i] = group.Rules[i] is AlertingRule alerting
                ? new AlertingRun(alerting, state.Rules[i], group, alerts, settings.ResendDelay)
                : new RecordingRun(group.Rules[i], state.Rules[i], group);
    }

    public RuleGroup Group { get; }
    public GroupState State { get; }

    /// <summary>How long before the evaluation's time queries look, and series are written.</summary>
    public TimeSpan QueryOffset => _queryOffset;

    /// <summary>Evaluates all rules. An exception of a port passes through and leaves the rules evaluated before it evaluated.</summary>
    /// <param name="at">Later than that of the call before.</param>
    public async Task<GroupEvaluation> EvaluateAsync(TimestampMs at, CancellationToken cancellation)
    {
        var turn = new RuleTurn(at, at - _queryOffset, at < State.ListensUntil);
        foreach (var batch in Group.Stages.Batches)
            await EvaluateAsync(batch, turn, cancellation).ConfigureAwait(false);
        await EndOrphansAsync(turn.WriteAt, cancellation).ConfigureAwait(false);
        State.Evaluations++;
        State.LastEvaluation = at;
        var failures = 0;
        foreach (var rule in State.Rules)
            failures += rule.Health == RuleHealth.Err ? 1 : 0;
        return new GroupEvaluation(at, turn.Events, turn.Notices, turn.Samples, failures)
        {
            Expansions = turn.Expansions,
            FailedExpansions = turn.FailedExpansions,
        };
    }

    /// <summary>The group is no more: ends all its series. Called two intervals after its last evaluation, so that a renamed group may go on with them first.</summary>
    /// <param name="at">When it was removed.</param>
    public ValueTask RetireAsync(TimestampMs at, CancellationToken cancellation)
    {
        foreach (var rule in State.Rules)
            rule.Series.Release(State.Orphans);
        return EndOrphansAsync(at - _queryOffset, cancellation);
    }

    private async Task EvaluateAsync(int[] batch, RuleTurn turn, CancellationToken cancellation)
    {
        _requests.Clear();
        foreach (var index in batch)
            _requests.Add(_runs[index].Request(turn));
        var results = await _queries.RunAsync(_requests, cancellation).ConfigureAwait(false);
        _samples.Clear();
        for (var i = 0; i < batch.Length; i++)
        {
            turn.Rule = batch[i];
            turn.FirstSample = _samples.Count;
            using (results[i].Memory)
                await _runs[batch[i]].ProcessAsync(results[i], turn, _samples, cancellation).ConfigureAwait(false);
            _runs[batch[i]].Samples = (turn.FirstSample, _samples.Count);
        }
        var appended = _samples.Count == 0 ? AppendResult.Done : await _appender.AppendAsync(_samples, cancellation).ConfigureAwait(false);
        foreach (var index in batch)
            _runs[index].Written(appended, _samples);
    }

    private async ValueTask EndOrphansAsync(TimestampMs at, CancellationToken cancellation)
    {
        if (State.Orphans.Count == 0)
            return;
        _samples.Clear();
        foreach (var series in State.Orphans)
            _samples.AddStale(series, at);
        // Refusals are expected: another rule may write the series now.
        var appended = await _appender.AppendAsync(_samples, cancellation).ConfigureAwait(false);
        if (appended.Error is null)
            State.Orphans.Clear();
    }
}

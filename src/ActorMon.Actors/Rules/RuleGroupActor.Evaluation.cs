using ActorMon.Actors.Control;
using ActorMon.Model.Samples;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Restoring;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Actors.Rules;

/// <summary>One evaluation of a group: begun on the mailbox, run off it, taken note of on it. Until that is done nothing else touches the group's state.</summary>
public sealed partial class RuleGroupActor
{
    // As the log has them, beside the group's rules.
    private string?[] _errors = [];

    private void Evaluate(ConfiguredGroup configured, TimestampMs now)
    {
        var missed = Math.Max(0, (now - _next).Ticks / configured.Group.Interval.Ticks);
        var at = _next + (missed * configured.Group.Interval);
        if (!_runtime.MayEvaluate())
        {
            // Another node evaluates in this one's place, or will.
            Arm(at + configured.Group.Interval);
            return;
        }
        _next = at;
        _isEvaluating = true;
        _runtime.Metrics.Starts(configured.Group.Key, missed, now - at);
        var started = _runtime.Time.GetTimestamp();
        EvaluateAsync(_evaluator!, at, started).PipeTo(Self, failure: cause => new EvaluationFailed(cause, _runtime.Time.GetElapsedTime(started)));
    }

    private async Task<Evaluated> EvaluateAsync(GroupEvaluator evaluator, TimestampMs at, long started)
    {
        // Off the mailbox from the start.
        await Task.Yield();
        var evaluation = await evaluator.EvaluateAsync(at, _stopping.Token).ConfigureAwait(false);
        var took = _runtime.Time.GetElapsedTime(started);
        if (!evaluator.State.RestoreDue)
            return new Evaluated(evaluation, [], took, null);
        try
        {
            started = _runtime.Time.GetTimestamp();
            var settings = _runtime.Configuration.Current.Rules.Settings;
            var restored = await ForStateRestore.RunAsync(evaluator.Group, evaluator.State, settings, _runtime.Source, at, _stopping.Token).ConfigureAwait(false);
            return new Evaluated(evaluation, restored, took, _runtime.Time.GetElapsedTime(started));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _log.Warning("Rule group {Group}: the state of its alerts cannot be read from storage yet: {Error}", evaluator.Group.Key, e.Message);
            return new Evaluated(evaluation, [], took, null);
        }
    }

    private void OnEvaluated(Evaluated done)
    {
        var group = _configured!.Group;
        _lastDuration = done.Took;
        _runtime.Metrics.Ended(group.Key, _evaluator!.State, done.Evaluation, done.Took);
        if (done.Restoring is { } restoring)
            _runtime.Metrics.LastRestore.With(group.Key).Set(restoring.TotalSeconds);
        LogErrors(group.Key);
        Remember(done.Evaluation, done.Restored);
        Continue();
    }

    /// <summary>What fails from evaluation to evaluation in the same way is told once.</summary>
    private void LogErrors(string key)
    {
        var rules = _evaluator!.State.Rules;
        if (_errors.Length != rules.Count)
            _errors = new string?[rules.Count];
        for (var i = 0; i < _errors.Length; i++)
        {
            if (rules[i].LastError == _errors[i])
                continue;
            _errors[i] = rules[i].LastError;
            if (_errors[i] is { } error)
                _log.Warning("Rule group {Group}: rule {Number}, {Rule}: {Error}", key, i + 1, _configured!.Group.Rules[i].Name, error);
        }
    }

    private void OnFailed(EvaluationFailed failed)
    {
        if (_stopping.IsCancellationRequested)
            return;
        _log.Error(failed.Cause, "Rule group {Group}: the evaluation failed unexpectedly", _configured!.Group.Key);
        _lastDuration = failed.Took;
        // What was decided before the failure is in the state alone.
        _isStateOwed = true;
        Continue();
    }

    private void Continue()
    {
        _isEvaluating = false;
        Publish();
        SettleJournal();
        if (_isHandingOff)
        {
            FinishHandOff();
            return;
        }
        Arm(_next + _configured!.Group.Interval);
        Follow();
    }

    /// <param name="Restored">Changes found in storage after the evaluation.</param>
    /// <param name="Restoring">How long that took; null: there was nothing to restore.</param>
    private sealed record Evaluated(GroupEvaluation Evaluation, IReadOnlyList<RuleEvent> Restored, TimeSpan Took, TimeSpan? Restoring)
        : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed record EvaluationFailed(Exception Cause, TimeSpan Took) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}

using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.PromQL.Results;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Groups;

namespace ActorMon.Rules.Evaluation;

/// <summary>An alerting rule's part: its result as alerts, their transitions, their series, and which of them to tell.</summary>
internal sealed class AlertingRun(AlertingRule rule, RuleState state, RuleGroup group, AlertInstances instances, TimeSpan resendDelay) : RuleRun(rule, state, group)
{
    private readonly Dictionary<LabelSet, AlertInstance> _instances = [];
    private readonly AlertPolicy _policy = new(rule.For, rule.KeepFiringFor, group.Limit);

    protected override bool DenyPartial => false;

    protected override async ValueTask<string?> ProcessAsync(VectorValue vector, QueryResult result, RuleTurn turn, SampleList samples, CancellationToken cancellation)
    {
        var complete = result.Missing.Count == 0;
        if (!complete && !rule.SurvivesMissingData)
        {
            // Nothing is decided, but who was told of an alert must not take silence for its end.
            Tell(turn);
            return "data is missing, so nothing was decided: " + string.Join("; ", result.Missing);
        }
        _instances.Clear();
        if (await instances.CollectAsync(rule, State.Output, vector, turn, _instances, cancellation).ConfigureAwait(false) is { } problem)
            return problem;
        foreach (var instance in _instances.Values)
            State.Alerts.Refresh(instance.Labels, instance.Value, instance.Annotations);
        var decision = AlertDecider.Decide(State.Alerts, _policy, turn.At, _instances, complete && !turn.Listens);
        foreach (var change in decision.Events)
        {
            State.Alerts.Apply(change);
            turn.Events.Add(new RuleEvent(turn.Rule, change));
        }
        if (decision.Error is { } error)
            return error;
        if (State.Restored)
            Write(turn, samples);
        Tell(turn);
        return null;
    }

    private void Tell(RuleTurn turn) => AlertSending.TakeDue(State.Alerts, rule.ExpressionText, turn.At, Group.Interval, resendDelay, turn.Notices);

    private void Write(RuleTurn turn, SampleList samples)
    {
        foreach (var entry in State.Alerts.Entries)
        {
            if (!entry.Alert.IsActive)
                continue;
            Write(entry.StateSeries, 1, turn, samples);
            Write(entry.ForStateSeries, Math.Floor(entry.Alert.ActiveAt.Value / 1000.0), turn, samples);
        }
    }

    private void Write(LabelSet series, double value, RuleTurn turn, SampleList samples)
    {
        if (State.Series.Track(series))
            samples.Add(new LooseSample(series, turn.WriteAt, value));
    }
}

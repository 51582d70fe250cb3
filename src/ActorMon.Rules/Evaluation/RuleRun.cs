using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Results;
using ActorMon.Rules.Groups;

namespace ActorMon.Rules.Evaluation;

/// <summary>One rule with its state, through an evaluation: what it asks, what it makes of the answer, and what became of its samples.</summary>
internal abstract class RuleRun(Rule rule, RuleState state, RuleGroup group)
{
    private readonly List<LabelSet> _vanished = [];

    protected RuleState State { get; } = state;
    protected RuleGroup Group { get; } = group;

    /// <summary>The rule's samples in the stage's list: from, to.</summary>
    public (int From, int To) Samples { get; set; }

    protected abstract bool DenyPartial { get; }

    public QueryRequest Request(RuleTurn turn) => new()
    {
        Expression = rule.Expression,
        Text = rule.ExpressionText,
        Start = turn.WriteAt.Value,
        DenyPartial = DenyPartial,
    };

    public async ValueTask ProcessAsync(QueryResult result, RuleTurn turn, SampleList samples, CancellationToken cancellation)
    {
        State.LastEvaluation = turn.At;
        State.LastDuration = result.Stats.Total;
        State.Series.Begin();
        var error = result.Error?.TextWithHint;
        if (error is null)
        {
            if (RuleVector.Of(result.Value!) is { } vector)
                error = await ProcessAsync(vector, result, turn, samples, cancellation).ConfigureAwait(false);
            else
                error = "rule result is not a vector or scalar";
        }
        if (error is not null)
        {
            samples.RemoveRange(turn.FirstSample, samples.Count - turn.FirstSample);
            Fail(error);
            return;
        }
        State.Health = RuleHealth.Ok;
        State.LastError = null;
        turn.Samples += samples.Count - turn.FirstSample;
        _vanished.Clear();
        State.Series.Vanished(_vanished);
        foreach (var series in _vanished)
            samples.AddStale(series, turn.WriteAt);
    }

    /// <summary>Adds samples; gives the error that the rule ends with, if any.</summary>
    protected abstract ValueTask<string?> ProcessAsync(VectorValue vector, QueryResult result, RuleTurn turn, SampleList samples, CancellationToken cancellation);

    /// <summary>Takes note of what storage did with the rule's samples.</summary>
    public void Written(AppendResult appended, SampleList samples)
    {
        if (Samples.From == Samples.To && State.Health == RuleHealth.Err)
            return;
        if (appended.Error is { } error)
        {
            Fail(error);
            return;
        }
        foreach (var refused in appended.Refused)
        {
            if (refused.Index < Samples.From || refused.Index >= Samples.To)
                continue;
            var sample = samples[refused.Index];
            if (refused.IsFailure)
            {
                // Perhaps it is stored: the series has to be ended one day, or its end has to be tried again.
                State.Series.Track(sample.Series);
                Fail(refused.Text);
                continue;
            }
            // A refused end is expected: another rule may write the series now.
            if (sample.Histogram is null && SpecialValues.IsStale(sample.Value))
                continue;
            State.Series.Refused(sample.Series);
            Fail(refused.Text);
        }
        State.Series.Commit();
    }

    protected void Fail(string error)
    {
        State.Health = RuleHealth.Err;
        State.LastError = error;
    }
}

/// <summary>A result as the vector that rules work on.</summary>
internal static class RuleVector
{
    /// <summary>A scalar is a vector of one series without labels; null: neither.</summary>
    public static VectorValue? Of(QueryValue value) => value switch
    {
        VectorValue vector => vector,
        ScalarValue scalar => new VectorValue(scalar.Time, [LabelSet.Empty], [scalar.Value], null),
        _ => null,
    };
}

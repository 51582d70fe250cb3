using ActorMon.Model.Histograms;
using ActorMon.Model.Ingest;
using ActorMon.PromQL.Results;
using ActorMon.Rules.Groups;

namespace ActorMon.Rules.Evaluation;

/// <summary>A recording rule's part: its result under its name and labels. Incomplete data is an error: a wrong sum would be written for good.</summary>
internal sealed class RecordingRun(Rule rule, RuleState state, RuleGroup group) : RuleRun(rule, state, group)
{
    private const string Duplicate = "vector contains metrics with the same labelset after applying rule labels";

    protected override bool DenyPartial => true;

    protected override ValueTask<string?> ProcessAsync(VectorValue vector, QueryResult result, RuleTurn turn, SampleList samples, CancellationToken cancellation) =>
        ValueTask.FromResult(Process(vector, turn, samples));

    private string? Process(VectorValue vector, RuleTurn turn, SampleList samples)
    {
        State.Output.Expect(vector.Count);
        for (var i = 0; i < vector.Count; i++)
        {
            var series = State.Output.Of(vector.Series[i]);
            if (!State.Series.Track(series))
                return Duplicate;
            var histogram = vector.HistogramAt(i);
            if (histogram is not null && HistogramValidation.Check(histogram) is { } fault)
                return fault;
            samples.Add(new LooseSample(series, turn.WriteAt, histogram is null ? vector.Values[i] : 0, histogram));
        }
        return Group.Limit > 0 && vector.Count > Group.Limit ? $"exceeded limit of {Group.Limit} with {vector.Count} series" : null;
    }
}

using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Explain;
using ActorMon.PromQL.Planning;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Fragments;

/// <summary>The parts of one query that other nodes have computed, by what they compute. Owns their memory.</summary>
internal sealed class PushedFragments : IDisposable
{
    public static readonly PushedFragments None = new([], null, perStep: false);

    private readonly Dictionary<(string Key, StepGrid Grid), PushedFragment> _byKey = [];
    private readonly Dictionary<(string Key, StepGrid Grid), int> _places = [];
    private readonly FragmentAnswers? _answers;

    private PushedFragments(IReadOnlyList<SplitPart> splits, FragmentAnswers? answers, bool perStep)
    {
        _answers = answers;
        for (var i = 0; i < splits.Count && answers is not null; i++)
        {
            var parts = new List<FragmentPart>(answers.Answers.Count);
            foreach (var answer in answers.Answers)
                parts.Add(answer.Results.Parts[i]);
            _places[(splits[i].Node.Key, splits[i].Grid)] = i;
            if (PushedFragment.Of(splits[i], parts, perStep) is { } fragment)
                _byKey[(splits[i].Node.Key, splits[i].Grid)] = fragment;
        }
    }

    /// <summary>Series times steps of what is to be put together.</summary>
    public long Work => _byKey.Sum(entry => entry.Value.IsGrouped ? entry.Value.Count : (long)entry.Value.Count * entry.Key.Grid.Count);

    public PushedFragment? Of(PlanNode node, StepGrid grid) => _byKey.Count > 0 ? _byKey.GetValueOrDefault((node.Key, grid)) : null;

    /// <summary>Asks for all parts of the plan that can run elsewhere.</summary>
    /// <param name="here">Computes this node's part.</param>
    public static async Task<PushedFragments> AskAsync(
        QueryRequest request, QueryEngineOptions options, PlanNode plan, StepGrid grid, IFragmentSource source,
        Func<FragmentRequest, Model.Reading.ISeriesSource, CancellationToken, Task<FragmentResults>> here, QueryContext context)
    {
        var splits = PlanSplitter.Split(plan, grid, context.LookbackMs);
        if (splits.Count == 0)
            return None;
        var perStep = context.PerStep is not null;
        var asked = new FragmentRequest
        {
            Text = request.Text,
            Start = request.Start,
            End = request.End,
            StepMs = request.StepMs,
            LookbackMs = context.LookbackMs,
            SubqueryStepMs = request.SubqueryStepMs ?? options.SubqueryStepMs,
            Features = context.Features,
            MaxSamples = request.MaxSamples ?? options.MaxSamples,
            PerStep = perStep,
            Fragments = [.. splits.Select(split => split.Fragment)],
        };
        var answers = await source.EvaluateAsync(asked, (series, ended) => here(asked, series, ended), context.Reservation, context.Cancellation).ConfigureAwait(false);
        if (answers is null)
            return None;
        if (answers.Answers.Any(answer => answer.Results.Parts.Count != splits.Count))
        {
            answers.Dispose();
            return None;
        }
        return new PushedFragments(splits, answers, perStep);
    }

    /// <summary>For people: what each node computed of a part of the plan.</summary>
    public IReadOnlyList<PlanReport> Report(PlanNode node)
    {
        if (_answers is null || _places.Count == 0)
            return [];
        var reports = new List<PlanReport>();
        foreach (var ((key, grid), place) in _places)
        {
            if (key != node.Key)
                continue;
            foreach (var answer in _answers.Answers)
            {
                var part = answer.Results.Parts[place];
                var partitions = string.Join(",", answer.Partitions.Order());
                reports.Add(new PlanReport(
                    $"fragment at {answer.From} of partitions {partitions}{(part.Declined is { } why ? $" declined: {why}" : _byKey.ContainsKey((key, grid)) ? "" : " not used")}",
                    new PlanCost(answer.Time, answer.Time, part.Series.Count, part.SamplesRead, answer.Bytes), []));
            }
        }
        return reports;
    }

    /// <summary>For people, before anything is read: which parts would be asked for.</summary>
    public static Func<PlanNode, IReadOnlyList<PlanReport>> Planned(PlanNode plan, StepGrid grid, long lookbackMs)
    {
        var nodes = PlanSplitter.Split(plan, grid, lookbackMs).Select(split => split.Node).ToHashSet(ReferenceEqualityComparer.Instance);
        return node => nodes.Contains(node) ? [new PlanReport("fragment at the nodes that hold the series", null, [])] : [];
    }

    public void Dispose() => _answers?.Dispose();
}

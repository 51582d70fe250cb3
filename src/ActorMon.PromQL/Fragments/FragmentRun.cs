using ActorMon.Model.Reading;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Planning;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Fragments;

/// <summary>All fragments of one request on one node: the query is planned as the asking node planned it, and the parts that it names are computed.</summary>
internal sealed class FragmentRun(FragmentRequest request, QueryEngineOptions options, ISeriesSource source, CancellationToken cancellation)
{
    public async Task<FragmentResults> ExecuteAsync()
    {
        var memory = new List<IDisposable>();
        try
        {
            var parts = new List<FragmentPart>(request.Fragments.Count);
            var nodes = Nodes(out var problem);
            foreach (var fragment in request.Fragments)
                parts.Add(nodes is null ? FragmentPart.Refused(problem) : await OneAsync(fragment, nodes, memory).ConfigureAwait(false));
            return new FragmentResults(parts, new Held(memory));
        }
        catch
        {
            new Held(memory).Dispose();
            throw;
        }
    }

    /// <summary>The plan's nodes by their numbers.</summary>
    private List<PlanNode>? Nodes(out string problem)
    {
        problem = "";
        // Whatever is switched on at the asking node: a text that parses means the same with more of the language.
        var parsed = PromQLParser.Parse(request.Text, ParserOptions.All);
        if (parsed.Expr is not { } expression || request.StepMs < 0)
        {
            problem = "not a query here";
            return null;
        }
        try
        {
            var query = new QueryRequest { Expression = expression, Text = request.Text, Start = request.Start, End = request.End, StepMs = request.StepMs };
            return [.. PlanSplitter.Preorder(new Planner(query, request.SubqueryStepMs).Plan())];
        }
        catch (QueryFailure failure)
        {
            problem = failure.Error.Text;
            return null;
        }
    }

    private async Task<FragmentPart> OneAsync(PlanFragment fragment, List<PlanNode> nodes, List<IDisposable> memory)
    {
        if (fragment.Steps == 0)
            return FragmentPart.Refused("no steps, or too many");
        if (fragment.Node >= nodes.Count || nodes[fragment.Node] is not { } node || node.Key != fragment.Key || !PlanSplitter.CanRun(node))
            return FragmentPart.Refused("planned differently");
        var grid = new StepGrid(fragment.Start, fragment.End, fragment.StepMs);
        var context = new QueryContext(request.Features, request.LookbackMs, request.MaxSamples, cancellation, options.Memory) { HeavyLane = options.HeavyLane };
        if (request.PerStep)
            context.PerStep = new StepCounts(grid.Count);
        memory.Add(context.Reservation);
        using var selections = context.Selections;
        try
        {
            var evaluator = new FragmentEvaluator(node, grid, context);
            evaluator.Prepare();
            await selections.FetchAsync(source, cancellation).ConfigureAwait(false);
            var part = context.HeavyLane is { } lane && selections.EstimateWork(grid.Count) > HeavyLane.HeavyFrom
                ? await lane.RunAsync(evaluator.Run, cancellation).ConfigureAwait(false)
                : evaluator.Run();
            // Damage shows while samples are read; who reads them as samples is told what is lost.
            selections.NoteMissing();
            return context.Annotations.Missing.Count > 0 ? FragmentPart.Refused("something is missing here") : part;
        }
        catch (QueryFailure failure)
        {
            return FragmentPart.Refused(failure.Error.Text);
        }
        finally
        {
            foreach (var helper in context.Helpers)
                await helper.StopAsync().ConfigureAwait(false);
        }
    }

    private sealed class Held(List<IDisposable> memory) : IDisposable
    {
        public void Dispose() => memory.ForEach(held => held.Dispose());
    }
}

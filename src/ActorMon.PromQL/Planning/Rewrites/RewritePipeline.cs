namespace ActorMon.PromQL.Planning.Rewrites;

/// <summary>One improvement of a plan; the result computes the same, annotations included.</summary>
internal interface IRewrite
{
    PlanNode Rewrite(PlanNode plan);
}

/// <summary>The rewrites in the order they run: folding first, so that what it leaves can be hoisted and shared.</summary>
internal static class RewritePipeline
{
    public static readonly IReadOnlyList<IRewrite> All = [new ConstantFolding(), new StepInvariantHoisting(), new CommonSubexpressions()];
}

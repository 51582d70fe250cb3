using ActorMon.PromQL.Functions;

namespace ActorMon.PromQL.Planning.Rewrites;

/// <summary>Scalar arithmetic over literals becomes one literal.</summary>
internal sealed class ConstantFolding : IRewrite
{
    public PlanNode Rewrite(PlanNode plan)
    {
        if (plan.Children.Count > 0)
            plan = plan.With([.. plan.Children.Select(Rewrite)]);
        return plan switch
        {
            NegateNode { Operand: NumberNode number } => new NumberNode(-number.Value, plan.Place),
            BinaryNode { Left: NumberNode left, Right: NumberNode right } binary when !ScalarMath.IsTrim(binary.Op) => new NumberNode(ScalarMath.Binary(binary.Op, left.Value, right.Value), plan.Place),
            CallNode { Function: "pi" } => new NumberNode(Math.PI, plan.Place),
            CallNode { Function: "max_of", Arguments: [NumberNode a, NumberNode b] } => new NumberNode(Math.Max(a.Value, b.Value), plan.Place),
            CallNode { Function: "min_of", Arguments: [NumberNode a, NumberNode b] } => new NumberNode(Math.Min(a.Value, b.Value), plan.Place),
            _ => plan,
        };
    }
}

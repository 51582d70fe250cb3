using ActorMon.PromQL.Ast;

namespace ActorMon.PromQL.Planning.Rewrites;

/// <summary>
/// Equal vector parts that select series are computed once. Largest parts first; what lies inside a shared part needs no sharing of its own.
/// Bare selectors stay: their selection is shared anyway and replaying columns would cost what reading them does.
/// </summary>
internal sealed class CommonSubexpressions : IRewrite
{
    public PlanNode Rewrite(PlanNode plan)
    {
        var uses = new Dictionary<string, int>(StringComparer.Ordinal);
        Count(plan, uses);
        return uses.Values.Any(count => count > 1) ? Share(plan, uses) : plan;
    }

    private static void Count(PlanNode node, Dictionary<string, int> uses)
    {
        if (IsCandidate(node))
            uses[node.Key] = uses.GetValueOrDefault(node.Key) + 1;
        foreach (var child in node.Children)
            Count(child, uses);
    }

    private static PlanNode Share(PlanNode node, Dictionary<string, int> uses)
    {
        if (IsCandidate(node) && uses[node.Key] is > 1 and var count)
            return new SharedNode(node.Key, count, node);
        return node.Children.Count == 0 ? node : node.With([.. node.Children.Select(child => Share(child, uses))]);
    }

    private static bool IsCandidate(PlanNode node) => node.Kind == ValueKind.Vector && node is CallNode or AggregateNode or BinaryNode && Selects(node);

    private static bool Selects(PlanNode node) => node is SelectNode or RangeSelectNode || node.Children.Any(Selects);
}

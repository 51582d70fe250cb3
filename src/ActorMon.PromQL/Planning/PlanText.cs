using System.Text;

namespace ActorMon.PromQL.Planning;

/// <summary>A plan as EXPLAIN shows it: one node a line, children indented below.</summary>
internal static class PlanText
{
    public static string Of(PlanNode plan)
    {
        var text = new StringBuilder();
        Append(text, plan, 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, PlanNode node, int depth)
    {
        text.Append(' ', depth * 2).Append(node.Describe()).Append('\n');
        foreach (var child in node.Children)
            Append(text, child, depth + 1);
    }
}

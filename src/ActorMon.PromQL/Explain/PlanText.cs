using System.Globalization;
using System.Text;

namespace ActorMon.PromQL.Explain;

/// <summary>A plan as people read it: one part a line, those it takes its input from indented below, costs at the end of the line.</summary>
public static class PlanText
{
    public static string Of(PlanReport plan)
    {
        var text = new StringBuilder();
        Append(text, plan, 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, PlanReport plan, int depth)
    {
        text.Append(' ', depth * 2).Append(plan.Operation);
        if (plan.Cost is { } cost)
            text.Append(
                CultureInfo.InvariantCulture,
                $"  [time {cost.Time.TotalMilliseconds:0.###}ms, own {cost.OwnTime.TotalMilliseconds:0.###}ms, series {cost.Series}, samples {cost.Samples}, bytes {cost.Bytes}]");
        text.Append('\n');
        foreach (var child in plan.Children)
            Append(text, child, depth + 1);
    }
}

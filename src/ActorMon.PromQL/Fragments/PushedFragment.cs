using ActorMon.Model.Labels;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Execution.Accounting;
using ActorMon.PromQL.Planning;

namespace ActorMon.PromQL.Fragments;

/// <summary>What was computed elsewhere turns out not to add up to the whole; the engine runs the query again over samples.</summary>
internal sealed class FragmentsUnusable(string why) : Exception(why);

/// <summary>A fragment's parts of all nodes put together: its series in canonical order, each in one part.</summary>
internal sealed class PushedFragment
{
    private readonly SplitPart _split;
    private readonly IReadOnlyList<FragmentPart> _parts;
    private readonly (int Part, int Index)[] _order;

    private PushedFragment(SplitPart split, IReadOnlyList<FragmentPart> parts, (int Part, int Index)[] order) => (_split, _parts, _order) = (split, parts, order);

    public int Count => _order.Length;

    public bool IsGrouped => _split.Node is AggregateNode;

    public IReadOnlyList<FragmentPart> Parts => _parts;

    /// <summary>Which series of which part stands at a place.</summary>
    public (int Part, int Index) this[int place] => _order[place];

    public LabelSet LabelsAt(int place) => _parts[_order[place].Part].Series[_order[place].Index];

    /// <summary>Null when a node has declined, or an answer is not what was asked for.</summary>
    public static PushedFragment? Of(SplitPart split, IReadOnlyList<FragmentPart> parts, bool perStep)
    {
        foreach (var part in parts)
            if (part.Declined is not null || !IsWhole(part, split, perStep))
                return null;
        return Merge(parts) is { } order ? new PushedFragment(split, parts, order) : null;
    }

    /// <summary>Counts and annotations as if the part had been computed here.</summary>
    /// <param name="node">The node of the plan that uses the fragment; equal to the one that was asked for, and maybe at another place of the text.</param>
    public void Settle(QueryContext context, PlanNode node)
    {
        foreach (var part in _parts)
        {
            context.TotalSamples += part.TotalSamples;
            context.SamplesRead += part.SamplesRead;
            if (context.PerStep is { } counts)
                counts.Add(part.TotalPerStep, part.ReadPerStep);
            foreach (var note in part.Notes)
                context.Annotations.Add(note.Text, Translated(new TextRange(note.Start, note.End), node), note.IsWarning);
        }
    }

    /// <summary>What the range function held, series after series.</summary>
    public void Tally(RangeTally tally)
    {
        tally.Begin(Count);
        for (var i = 0; i < Count; i++)
        {
            var (part, index) = _order[i];
            var windows = _parts[part].Windows[index];
            tally.Note(i, new WindowSizes(windows.Most, windows.Last));
            tally.Add(i, windows.Results);
        }
    }

    private static bool IsWhole(FragmentPart part, SplitPart split, bool perStep)
    {
        var counted = perStep ? split.Grid.Count : 0;
        return (split.Node is AggregateNode || part.Columns.Count == part.Series.Count)
            && part.TotalPerStep.Length == counted && part.ReadPerStep.Length == counted
            && part.Windows.Count == (PlanSplitter.RangeCallOf(split.Node) is null ? 0 : part.Series.Count);
    }

    /// <summary>Null when some series is in two parts, or one part's are not in order.</summary>
    private static (int Part, int Index)[]? Merge(IReadOnlyList<FragmentPart> parts)
    {
        var order = new (int Part, int Index)[parts.Sum(part => part.Series.Count)];
        var heads = new PriorityQueue<(int Part, int Index), LabelSet>(parts.Count);
        for (var part = 0; part < parts.Count; part++)
            if (parts[part].Series.Count > 0)
                heads.Enqueue((part, 0), parts[part].Series[0]);
        // One part's series ascend.
        if (parts.Count == 1)
            return [.. Enumerable.Range(0, order.Length).Select(i => (0, i))];
        LabelSet? before = null;
        for (var i = 0; i < order.Length; i++)
        {
            var (part, index) = order[i] = heads.Peek();
            var series = parts[part].Series;
            if (before is not null && before.CompareTo(series[index]) >= 0)
                return null;
            before = series[index];
            if (index + 1 < series.Count)
                heads.DequeueEnqueue((part, index + 1), series[index + 1]);
            else
                heads.Dequeue();
        }
        return order;
    }

    private TextRange Translated(TextRange place, PlanNode node)
    {
        if (ReferenceEquals(node, _split.Node))
            return place;
        foreach (var (asked, used) in PlanSplitter.Preorder(_split.Node).Zip(PlanSplitter.Preorder(node)))
            if (asked.Place == place)
                return used.Place;
        return place;
    }
}

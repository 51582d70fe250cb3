using ActorMon.Model.Labels;

namespace ActorMon.PromQL.Fragments;

/// <summary>Values at some steps.</summary>
/// <param name="Present">Bit i: step i has a value; bits beyond the last step are zero. Columns may share it.</param>
/// <param name="Values">Those of the present steps, in order.</param>
public sealed record FragmentColumn(ulong[] Present, double[] Values);

/// <summary>What a range function held of one series: samples of its result, of its largest window and of its last one.</summary>
public readonly record struct FragmentWindows(int Results, int Most, int Last);

/// <summary>Binary orders of the lowest digit of any of a group's values and of the greatest value: they tell whether its sums are exact. All are zero: Least is greater.</summary>
public readonly record struct FragmentOrders(int Least, int Greatest);

/// <summary>How many samples an inner part of the plan gave.</summary>
/// <param name="Changes">By step: elements more than at the step before.</param>
public sealed record FragmentTally(long Size, int[] Changes);

/// <summary>A warning or info, with its place in the query's text.</summary>
public sealed record FragmentNote(string Text, int Start, int End, bool IsWarning);

/// <summary>
/// What one node has of one fragment. Of a leaf a column for each series; of an aggregation one a group (two of sums: sum and compensation), groups in the order in which
/// their first series stands among the node's series. Labels come whole in both: order, groups and clashes of names are the asking node's to see.
/// </summary>
public sealed class FragmentPart
{
    /// <summary>Why the fragment was not computed; the asking node reads samples then.</summary>
    public string? Declined { get; init; }

    /// <summary>All series that the selector found, ascending, with or without values.</summary>
    public List<LabelSet> Series { get; } = [];

    /// <summary>One a series when there is a range function.</summary>
    public List<FragmentWindows> Windows { get; } = [];
    public List<FragmentColumn> Columns { get; } = [];

    /// <summary>One a group of a sum.</summary>
    public List<FragmentOrders> Orders { get; } = [];

    /// <summary>Parts of the plan below an aggregation, parents first.</summary>
    public List<FragmentTally> Tallies { get; } = [];
    public List<FragmentNote> Notes { get; } = [];

    /// <summary>Samples seen by all steps, and each once.</summary>
    public long TotalSamples { get; set; }
    public long SamplesRead { get; set; }

    /// <summary>By step when that was asked for.</summary>
    public long[] TotalPerStep { get; set; } = [];
    public long[] ReadPerStep { get; set; } = [];

    public static FragmentPart Refused(string why) => new() { Declined = why };
}

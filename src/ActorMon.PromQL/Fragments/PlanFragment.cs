using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Fragments;

/// <summary>One part of a query's plan, computed where its series are: a range function over a selector, a selector, or an aggregation of such whose parts add up exactly.</summary>
/// <param name="Node">Number of the plan's node, its parents first, from 0.</param>
/// <param name="Key">What that node computes: a node that plans the query differently finds another one there and declines.</param>
/// <param name="Start">Like <paramref name="End"/> and <paramref name="StepMs"/> the steps it is computed at, milliseconds; the step is at least 1.</param>
public sealed record PlanFragment(int Node, string Key, long Start, long End, long StepMs)
{
    /// <summary>Steps of longer fragments are not worth a message.</summary>
    public const int MaxSteps = 20_000;

    /// <summary>0 when there is none, or more than <see cref="MaxSteps"/>.</summary>
    public int Steps => StepMs >= 1 && End >= Start && ((UInt128)(End - (Int128)Start) / (ulong)StepMs) + 1 is var steps && steps <= MaxSteps ? (int)steps : 0;
}

/// <summary>Parts of one query: its text and whatever decides how it is planned, so that the other node comes to the same plan.</summary>
public sealed record FragmentRequest
{
    /// <summary>Most fragments of one query; what is beyond is read as samples.</summary>
    public const int MaxFragments = 32;

    public required string Text { get; init; }

    /// <summary>Times of the query as in <see cref="QueryRequest"/>.</summary>
    public required long Start { get; init; }
    public required long End { get; init; }

    /// <summary>0: an instant query.</summary>
    public required long StepMs { get; init; }
    public required long LookbackMs { get; init; }
    public required long SubqueryStepMs { get; init; }
    public required QueryFeatures Features { get; init; }

    /// <summary>Samples that a fragment may hold, as the query itself.</summary>
    public required long MaxSamples { get; init; }

    /// <summary>Samples are counted by step, too.</summary>
    public required bool PerStep { get; init; }
    public required IReadOnlyList<PlanFragment> Fragments { get; init; }
}

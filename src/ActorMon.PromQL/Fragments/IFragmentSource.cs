using ActorMon.Model.Reading;
using ActorMon.Model.Sharding;

namespace ActorMon.PromQL.Fragments;

/// <summary>Series of which some lie on other nodes that can compute parts of queries.</summary>
public interface IFragmentSource : ISeriesSource
{
    /// <summary>True: some series are elsewhere.</summary>
    bool IsSpread { get; }

    /// <summary>Asks each node once for all its series.</summary>
    /// <param name="here">Computes this node's part.</param>
    /// <returns>What all series have; null when some could not be asked completely: the query then reads samples, which tells what is missing.</returns>
    ValueTask<FragmentAnswers?> EvaluateAsync(
        FragmentRequest request, Func<ISeriesSource, CancellationToken, Task<FragmentResults>> here, IReadBudget budget, CancellationToken cancellation);
}

/// <summary>One node's parts, in the request's order, and the memory they take until disposed.</summary>
public sealed class FragmentResults(IReadOnlyList<FragmentPart> parts, IDisposable? memory) : IDisposable
{
    public IReadOnlyList<FragmentPart> Parts => parts;

    public void Dispose() => memory?.Dispose();
}

/// <summary>One node's answer.</summary>
/// <param name="From">The node's name for people.</param>
/// <param name="Bytes">That travelled; 0 when it is this node.</param>
public sealed record FragmentAnswer(string From, IReadOnlyList<PartitionId> Partitions, FragmentResults Results, long Bytes, TimeSpan Time) : IDisposable
{
    public void Dispose() => Results.Dispose();
}

/// <summary>The answers of all nodes; each series is in one of them.</summary>
public sealed class FragmentAnswers(IReadOnlyList<FragmentAnswer> answers) : IDisposable
{
    public IReadOnlyList<FragmentAnswer> Answers => answers;

    public void Dispose()
    {
        foreach (var answer in answers)
            answer.Dispose();
    }
}

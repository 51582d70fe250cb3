using ActorMon.PromQL.Planning;

namespace ActorMon.PromQL.Execution.Accounting;

/// <summary>
/// The samples that a query's parts gave, kept to tell what the peer's evaluator would have held in memory: it holds whole results where the operators here stream, and its
/// limit (--query.max-samples) and its <c>peakSamples</c> are promises to users. What is really held is bounded in bytes (<see cref="QueryMemory"/>).
/// A single part that alone exceeds the limit ends the query while it runs; the sum of parts is known when all have run.
/// </summary>
internal sealed class SampleLedger(long maxSamples)
{
    private readonly Dictionary<PlanNode, VectorTally> _vectors = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<PlanNode, RangeTally> _ranges = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(string Key, StepGrid Grid), PlanNode> _shared = [];

    /// <summary>Samples of a range selector that is the whole query.</summary>
    public long RawSamples { get; private set; }

    /// <summary>Most samples the peer would have held at once; known once settled.</summary>
    public long Peak { get; private set; }

    public SeriesOperator Tally(PlanNode node, SeriesOperator vector)
    {
        var tally = new VectorTally(vector.Grid.Count);
        _vectors[node] = tally;
        return new TalliedOperator(vector, tally, this);
    }

    public RangeTally Range(PlanNode call) => _ranges[call] = new RangeTally(this);

    /// <summary>Of equal parts one is evaluated; this is the one.</summary>
    public void Share(SharedNode node, StepGrid grid) => _shared.TryAdd((node.SharedKey, grid), node.Inner);

    public void AddRaw(long samples) => Check(RawSamples += samples);

    public VectorTally? Of(PlanNode node) => _vectors.GetValueOrDefault(node);

    public RangeTally? RangeOf(PlanNode call) => _ranges.GetValueOrDefault(call);

    public PlanNode EvaluatedOf(SharedNode node, StepGrid grid) => _shared.GetValueOrDefault((node.SharedKey, grid), node.Inner);

    /// <summary>Every part has run: the peak of the whole, held against the limit.</summary>
    public void Settle(PlanNode plan, StepGrid grid)
    {
        Peak = new PeakModel(this).Of(plan, grid);
        Check(Peak);
    }

    public void Check(long samples)
    {
        if (samples > maxSamples)
            QueryFailure.ThrowTooManySamples(maxSamples, "--query.max-samples");
    }
}

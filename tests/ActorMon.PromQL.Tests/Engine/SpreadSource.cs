using ActorMon.Model.Reading;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Fragments;
using ActorMon.Testing.Storage;

namespace ActorMon.PromQL.Tests.Engine;

/// <summary>Series on several nodes without a network: the first is the one that is asked.</summary>
internal sealed class SpreadSource(QueryEngine engine, IReadOnlyList<ISeriesSource> nodes) : IFragmentSource
{
    private readonly MergingSeriesSource _all = new(nodes);

    /// <summary>Fragments that were asked for, and those that every node computed.</summary>
    public int Asked { get; private set; }

    public int Computed { get; private set; }

    /// <summary>Selections read as samples.</summary>
    public int Read { get; private set; }

    /// <summary>What becomes of a request on its way to another node.</summary>
    public Func<FragmentRequest, FragmentRequest> OnTheWay { get; init; } = request => request;

    public bool IsSpread => true;

    public ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation)
    {
        Read++;
        return _all.SelectAsync(request, cancellation);
    }

    public async ValueTask<FragmentAnswers?> EvaluateAsync(
        FragmentRequest request, Func<ISeriesSource, CancellationToken, Task<FragmentResults>> here, IReadBudget budget, CancellationToken cancellation)
    {
        var answers = new List<FragmentAnswer>();
        for (var n = 0; n < nodes.Count; n++)
        {
            var results = n == 0 ? await here(nodes[n], cancellation) : await engine.ExecuteFragmentsAsync(OnTheWay(request), nodes[n], cancellation);
            answers.Add(new FragmentAnswer($"node{n}", [], results, 0, TimeSpan.Zero));
        }
        Asked += request.Fragments.Count;
        for (var i = 0; i < request.Fragments.Count; i++)
            Computed += answers.All(answer => answer.Results.Parts[i].Declined is null) ? 1 : 0;
        return new FragmentAnswers(answers);
    }
}

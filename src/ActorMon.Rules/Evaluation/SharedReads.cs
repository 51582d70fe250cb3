using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Fragments;

namespace ActorMon.Rules.Evaluation;

/// <summary>
/// Lets the queries of one batch share what they select: of equal requests only the first goes to the source. Disposed of after the batch; until then selections are
/// kept. What other nodes compute is each query's own. Any thread.
/// </summary>
public sealed class SharedReads(ISeriesSource source) : IFragmentSource, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(SeriesRequest Request, Task<ISeriesSelection> Selection)> _selected = [];

    public bool IsSpread => source is IFragmentSource { IsSpread: true };

    public ValueTask<FragmentAnswers?> EvaluateAsync(
        FragmentRequest request, Func<ISeriesSource, CancellationToken, Task<FragmentResults>> here, IReadBudget budget, CancellationToken cancellation) =>
        source is IFragmentSource spread ? spread.EvaluateAsync(request, here, budget, cancellation) : ValueTask.FromResult<FragmentAnswers?>(null);

    public async ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation)
    {
        Task<ISeriesSelection>? selection = null;
        lock (_lock)
        {
            foreach (var known in _selected)
                if (IsSame(known.Request, request))
                    selection = known.Selection;
            // What a selection holds is taken from the budget of the first that asks; it outlives that query, so none is passed on.
            if (selection is null)
                _selected.Add((request, selection = source.SelectAsync(request with { Budget = null }, cancellation).AsTask()));
        }
        return new Shared(await selection.ConfigureAwait(false));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, selection) in _selected)
        {
            await ((Task)selection).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (selection.IsCompletedSuccessfully)
                (await selection.ConfigureAwait(false)).Dispose();
        }
        _selected.Clear();
    }

    private static bool IsSame(SeriesRequest a, SeriesRequest b)
    {
        if (a.MinTime != b.MinTime || a.MaxTime != b.MaxTime || a.Matchers.Count != b.Matchers.Count)
            return false;
        for (var i = 0; i < a.Matchers.Count; i++)
            if (!Has(b.Matchers, a.Matchers[i]))
                return false;
        return true;
    }

    private static bool Has(IReadOnlyList<Matcher> matchers, Matcher matcher)
    {
        foreach (var other in matchers)
            if (other.Equals(matcher))
                return true;
        return false;
    }

    private sealed class Shared(ISeriesSelection selection) : ISeriesSelection
    {
        public int Count => selection.Count;

        public IReadOnlyList<string> Warnings => selection.Warnings;

        public LabelSet LabelsAt(int index) => selection.LabelsAt(index);

        public void Read(int index, SampleBuffer into) => selection.Read(index, into);

        public void Dispose()
        {
        }
    }
}

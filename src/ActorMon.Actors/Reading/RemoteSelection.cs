using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Execution;
using ActorMon.Protocol.Links.Reading;

namespace ActorMon.Actors.Reading;

/// <summary>Series that another node sent, whole in memory; the memory is the reader's budget's until it is disposed.</summary>
internal sealed class RemoteSelection(SeriesFrameReader received, IReadBudget? budget) : ISeriesSelection
{
    private long _held = received.Bytes;

    public int Count => received.Series.Count;

    public LabelSet LabelsAt(int index) => received.Series[index];

    public void Read(int index, SampleBuffer into)
    {
        into.Clear();
        foreach (ref readonly var run in received.RunsOf(index))
        {
            if (run.Histograms is null && run.StartTimes is null)
            {
                into.AddColumns(run.Count, out var times, out var values);
                run.Times.CopyTo(times);
                run.Values.AsSpan().CopyTo(values);
                continue;
            }
            for (var i = 0; i < run.Count; i++)
            {
                if (run.Histograms?[i] is { } histogram)
                    into.Add(run.Times[i], histogram);
                else
                    into.Add(run.Times[i], run.Values[i]);
                if (run.StartTimes is { } starts && starts[i] != 0)
                    into.SetStartTime(starts[i]);
            }
        }
    }

    public void Dispose() => GiveBack(budget, Interlocked.Exchange(ref _held, 0));

    /// <summary>A lease is the selection's own and ends with it; a query's budget goes on.</summary>
    public static void GiveBack(IReadBudget? budget, long bytes)
    {
        budget?.Free(bytes);
        (budget as ReadLease)?.Dispose();
    }
}

using ActorMon.Actors.Series;
using ActorMon.Model.Reading;
using ActorMon.Model.Sharding;
using ActorMon.PromQL.Fragments;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Reading;

namespace ActorMon.Actors.Reading;

/// <summary>
/// Asks for parts of queries where the series are: one request a node for all its partitions, this node's own part in place. Retries, siblings and what is complete are those of
/// every read. Any thread.
/// </summary>
internal sealed class ClusterFragments(PartitionReads reads, IReadOnlyList<PartitionId> all, ReadMetrics metrics, TimeProvider time)
{
    /// <returns>Null when some partition could not be asked, or a node does not know fragments.</returns>
    public async ValueTask<FragmentAnswers?> EvaluateAsync(
        FragmentRequest request, Func<ISeriesSource, CancellationToken, Task<FragmentResults>> here, IReadBudget budget, CancellationToken cancellation)
    {
        if (!reads.Know(ReadKind.Fragments))
            return null;
        metrics.Fragments.Add(request.Fragments.Count);
        var begun = time.GetTimestamp();
        var gathered = await reads.GatherAsync(
            new ReadRequest(ReadKind.Fragments, all) { Fragments = request },
            async own => new FragmentAnswer(
                "this node", own.Only ?? all, await here(own, cancellation).ConfigureAwait(false), 0, time.GetElapsedTime(begun)),
            async frames =>
            {
                var results = await ReceiveAsync(frames, request, budget).ConfigureAwait(false);
                metrics.Received.Add(frames.Bytes);
                return new FragmentAnswer(frames.Peer.ToString(), frames.Answered, results, frames.Bytes, time.GetElapsedTime(begun));
            },
            cancellation).ConfigureAwait(false);
        var answers = new FragmentAnswers(gathered.Parts);
        metrics.FragmentsDeclined.Add(gathered.Missing.Count > 0 ? request.Fragments.Count : Declined(answers, request.Fragments.Count));
        if (gathered.Missing.Count == 0)
            return answers;
        answers.Dispose();
        return null;
    }

    private static int Declined(FragmentAnswers answers, int fragments)
    {
        var declined = 0;
        for (var i = 0; i < fragments; i++)
            declined += answers.Answers.Any(answer => answer.Results.Parts[i].Declined is not null) ? 1 : 0;
        return declined;
    }

    private static async Task<FragmentResults> ReceiveAsync(AnswerFrames frames, FragmentRequest request, IReadBudget budget)
    {
        var received = new FragmentFrameReader(request, budget.Take);
        var held = new Held(received, budget);
        try
        {
            await frames.ReadAllAsync(ReadFrameKinds.Fragments, received.Read).ConfigureAwait(false);
            if (received.Parts.Count != request.Fragments.Count)
                throw new LinkBrokenException($"{frames.Peer} answered {received.Parts.Count} of {request.Fragments.Count} fragments");
        }
        catch
        {
            held.Dispose();
            throw;
        }
        return new FragmentResults(received.Parts, held);
    }

    /// <summary>What was received, counted in the query's memory.</summary>
    private sealed class Held(FragmentFrameReader received, IReadBudget budget) : IDisposable
    {
        private bool _disposed;

        public void Dispose()
        {
            if (!_disposed)
                budget.Free(received.Bytes);
            _disposed = true;
        }
    }
}

using ActorMon.Actors.Series;
using ActorMon.Api.Ports;
using ActorMon.Host.Node;
using ActorMon.Model.Ingest;
using Akka.Actor;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Host.Ports;

/// <summary>Splits a write into one batch per partition and hands them to the node's IngestLink.</summary>
public sealed class IngestPort(Func<ActorNode> actors, LooseBatches splitter) : IIngestPort
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private long _correlation;

    public async Task<(IngestStatus Status, string? Error)> WriteAsync(
        IReadOnlyList<LooseSample> samples, IReadOnlyList<SeriesExemplar> exemplars, IReadOnlyList<FamilyMetadata> metadata, CancellationToken cancellation)
    {
        var batches = splitter.Split(samples, exemplars, metadata);
        if (batches.Count == 0)
            return (IngestStatus.Stored, null);
        try
        {
            var node = actors();
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, node.Ended);
            var answer = await node.Ingest.Ask<Ingested>(new Ingest(Interlocked.Increment(ref _correlation), batches), Deadline, both.Token);
            foreach (var result in answer.Results)
                if (result.Outcome != BatchOutcome.Accepted)
                    return (result.Outcome == BatchOutcome.SetAside ? IngestStatus.Rejected : IngestStatus.Unavailable, result.Error ?? "a partition did not take the write");
            return (IngestStatus.Stored, null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (IngestStatus.Unavailable, "this node's membership of the cluster has ended; it joins again");
        }
        catch (AskTimeoutException)
        {
            return (IngestStatus.Unavailable, $"no acknowledgement within {Deadline.TotalSeconds:0} s");
        }
    }
}

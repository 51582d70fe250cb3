using System.Buffers;
using ActorMon.Actors.Control.Partitions;
using ActorMon.Api.Ports;
using ActorMon.Host.Node;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Sharding;
using Akka.Actor;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Host.Ports;

/// <summary>Splits a write into one batch per partition and hands them to the node's IngestLink.</summary>
public sealed class IngestPort(Func<ActorNode> actors, MapView view, int partitions) : IIngestPort
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private long _correlation;

    public async Task<(IngestStatus Status, string? Error)> WriteAsync(
        IReadOnlyList<LooseSample> samples, IReadOnlyList<SeriesExemplar> exemplars, IReadOnlyList<FamilyMetadata> metadata, CancellationToken cancellation)
    {
        var batches = Split(samples, exemplars, metadata);
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

    private List<SampleBatch> Split(IReadOnlyList<LooseSample> samples, IReadOnlyList<SeriesExemplar> exemplars, IReadOnlyList<FamilyMetadata> metadata)
    {
        var loose = Spread(samples);
        var rows = new List<SeriesExemplar>?[partitions];
        foreach (var exemplar in exemplars)
            (rows[Placement.Of(exemplar.Series, partitions).Value] ??= []).Add(exemplar);

        var batches = new List<SampleBatch>();
        for (var p = 0; p < partitions; p++)
        {
            // Metadata has no series to place it by: partition 0 keeps what remote write brings.
            var families = p == 0 ? metadata : [];
            if (loose[p] is null && rows[p] is null && families.Count == 0)
                continue;
            batches.Add(new SampleBatch
            {
                Writer = view.Self.Writer,
                Partition = new PartitionId(p),
                Loose = loose[p] ?? [],
                Exemplars = rows[p]?.ToArray() ?? [],
                Metadata = [.. families],
            });
        }
        return batches;
    }

    /// <summary>The samples of each partition, in arrays of their own that are made at their length: a request is mostly of one target, so of one partition.</summary>
    private LooseSample[]?[] Spread(IReadOnlyList<LooseSample> samples)
    {
        var places = ArrayPool<int>.Shared.Rent(samples.Count);
        var counts = new int[partitions];
        // Samples of one series follow each other, so the placement of the previous one usually holds.
        LabelSet? previous = null;
        var place = 0;
        for (var i = 0; i < samples.Count; i++)
        {
            var series = samples[i].Series;
            if (!ReferenceEquals(previous, series))
                place = Placement.Of(previous = series, partitions).Value;
            places[i] = place;
            counts[place]++;
        }
        var spread = new LooseSample[]?[partitions];
        for (var i = samples.Count - 1; i >= 0; i--)
        {
            place = places[i];
            (spread[place] ??= new LooseSample[counts[place]])[--counts[place]] = samples[i];
        }
        ArrayPool<int>.Shared.Return(places);
        return spread;
    }
}

using ActorMon.Api.Ports;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Sharding;
using Akka.Actor;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Host.Ports;

/// <summary>Splits a write into one batch per partition and hands them to the node's IngestLink.</summary>
public sealed class IngestPort(Func<IActorRef> link, WriterId writer, int partitions) : IIngestPort
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
            var answer = await link().Ask<Ingested>(new Ingest(Interlocked.Increment(ref _correlation), batches), Deadline, cancellation);
            foreach (var result in answer.Results)
                if (result.Outcome != BatchOutcome.Accepted)
                    return (IngestStatus.Unavailable, result.Error ?? "a partition did not take the write");
            return (IngestStatus.Stored, null);
        }
        catch (AskTimeoutException)
        {
            return (IngestStatus.Unavailable, $"no acknowledgement within {Deadline.TotalSeconds:0} s");
        }
    }

    private List<SampleBatch> Split(IReadOnlyList<LooseSample> samples, IReadOnlyList<SeriesExemplar> exemplars, IReadOnlyList<FamilyMetadata> metadata)
    {
        var loose = new List<LooseSample>?[partitions];
        var rows = new List<SeriesExemplar>?[partitions];
        // Samples of one series follow each other, so the placement of the previous one usually holds.
        LabelSet? previous = null;
        var place = 0;
        foreach (var sample in samples)
        {
            if (!ReferenceEquals(previous, sample.Series))
                place = Placement.Of(previous = sample.Series, partitions).Value;
            (loose[place] ??= []).Add(sample);
        }
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
                Writer = writer,
                Partition = new PartitionId(p),
                Loose = loose[p]?.ToArray() ?? [],
                Exemplars = rows[p]?.ToArray() ?? [],
                Metadata = [.. families],
            });
        }
        return batches;
    }
}

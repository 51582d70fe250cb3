using ActorMon.Model.Ingest;

namespace ActorMon.Api.Ports;

/// <summary>What became of a write. <see cref="Unavailable"/>: nothing or a part was stored and trying again is right.</summary>
public enum IngestStatus : byte
{
    Stored,
    Unavailable,

    /// <summary>A part was not stored and sending it again is of no use.</summary>
    Rejected,
}

/// <summary>Takes samples that were admitted already and returns when every replica has them.</summary>
public interface IIngestPort
{
    Task<(IngestStatus Status, string? Error)> WriteAsync(
        IReadOnlyList<LooseSample> samples, IReadOnlyList<SeriesExemplar> exemplars, IReadOnlyList<FamilyMetadata> metadata, CancellationToken cancellation);
}

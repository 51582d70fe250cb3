using ActorMon.Model.Ingest;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Copies;

namespace ActorMon.Protocol.Links.Batches;

/// <summary>A batch on its way to one copy of its partition.</summary>
/// <param name="Slot">r of the replica it is meant for.</param>
/// <param name="Sent">What the sender went by.</param>
public readonly record struct AddressedBatch(int Slot, BatchTerms Sent, SampleBatch Batch)
{
    public ReplicaId Replica => new(Batch.Partition, Slot);
}

/// <summary>What became of one batch of a request, in the request's order. The numbers travel; 0 to 5 are those of <see cref="SeriesProtocol.BatchOutcome"/>.</summary>
public enum BatchReply : byte
{
    Accepted = 0,
    UnknownLayout = 1,
    Failed = 2,
    Refused = 3,
    SetAside = 4,

    /// <summary>The copy takes no batch sent by such a map, or none at all now: send it again, by a newer map if need be.</summary>
    NotTaken = 5,

    /// <summary>The copy is not served there now, or did not answer in time: it may or may not have the batch. Send it again.</summary>
    Unanswered = 6,
}

/// <summary>Constants of the operation <see cref="LinkOperations.Batches"/>. Bodies are drawn in docs/formats/link.md.</summary>
public static class BatchFormat
{
    /// <summary>Kind of the request's frames: one batch each.</summary>
    public const byte BatchKind = 1;

    /// <summary>Kind of the answer's one frame: a reply for each batch.</summary>
    public const byte RepliesKind = 1;

    /// <summary>Of a batch's content. Later versions add behind it, or set a flag that an older reader refuses.</summary>
    public const byte Version = 2;

    /// <summary>The first one.</summary>
    public const byte OldestVersion = 1;

    /// <summary>As the longest record of the log that the batch becomes.</summary>
    public const int MaxFrameBytes = 256 << 20;

    /// <summary>A request gathers about a megabyte; a single batch may be as long as its frame.</summary>
    public const long MaxBodyBytes = MaxFrameBytes + (4 << 20);

    internal const byte HasColumns = 1;
    internal const byte HasLoose = 2;
    internal const byte HasExemplars = 4;
    internal const byte HasMetadata = 8;
    internal const byte KnownParts = HasColumns | HasLoose | HasExemplars | HasMetadata;

    /// <summary>Of a loose sample: labels follow; else it is of the series before.</summary>
    internal const byte OtherSeries = 1;

    /// <summary>Of a loose sample: a native histogram instead of a float.</summary>
    internal const byte IsHistogram = 2;
}

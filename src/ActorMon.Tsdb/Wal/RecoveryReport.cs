using ActorMon.Tsdb.Lifecycle;

namespace ActorMon.Tsdb.Wal;

/// <summary>Bytes of the log that could not be read: cut off at the end of the log (a write the crash interrupted) or set aside in the partition's quarantine folder.</summary>
/// <param name="SetAsideAs">The file that keeps the bytes; null: they were the torn end of the last segment and were never acknowledged.</param>
public sealed record WalDamage(string Segment, long Offset, long Bytes, string Reason, string? SetAsideAs)
{
    /// <summary>As logs tell it.</summary>
    public override string ToString() => SetAsideAs is not null
        ? $"{Bytes} bytes of {Segment} from {Offset} on cannot be used and are kept as quarantine/{SetAsideAs}: {Reason}"
        : Bytes > 0
            ? $"{Bytes} bytes at the end of {Segment}, from {Offset} on, were never acknowledged and are cut off: {Reason}"
            : Offset > 0 ? $"{Segment} at {Offset}: {Reason}" : $"{Segment}: {Reason}";
}

/// <summary>What opening a partition found.</summary>
public sealed record RecoveryReport
{
    public int Segments { get; init; }
    public long Bytes { get; init; }
    public long Batches { get; init; }
    public long Samples { get; init; }
    public TimeSpan Duration { get; init; }

    /// <summary>The last run ended in order.</summary>
    public bool CleanShutdown { get; init; }

    /// <summary>Empty when everything was readable.</summary>
    public IReadOnlyList<WalDamage> Damage { get; init; } = [];

    /// <summary>Parts in force.</summary>
    public int Parts { get; init; }

    /// <summary>Parts that could not be used.</summary>
    public IReadOnlyList<PartDamage> PartDamage { get; init; } = [];
}

namespace ActorMon.Tsdb;

public enum AppendStatus : byte
{
    /// <summary>In the WAL and visible.</summary>
    Accepted,
    /// <summary>The number was seen from this writer before: acknowledge it, nothing was done.</summary>
    Duplicate,
    /// <summary>The layout, or slots before FirstNewSlot, are not known here: send a fresh layout with all its labels.</summary>
    UnknownLayout,
    /// <summary>The layout's slots here are others than the batch means: send a fresh layout.</summary>
    HashMismatch,
    /// <summary>The batch contradicts itself, belongs to another partition or passes a limit; sending it again is useless.</summary>
    Refused,
    /// <summary>The log could not be written: nothing of the group is acknowledged, the store takes no more batches until it is opened again. Reads go on.</summary>
    WalFailed,
}

/// <summary>What became of one batch. <see cref="Text"/> explains Refused and WalFailed, else it is null.</summary>
public readonly record struct AppendResult(AppendStatus Status, string? Text = null);

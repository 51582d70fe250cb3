namespace ActorMon.Tsdb.Lifecycle;

/// <summary>A part that could not be used.</summary>
/// <param name="Part">File name.</param>
/// <param name="SetAsideAs">The file in the partition's quarantine folder that keeps it; null: it stays where it is (unreadable now, or damaged in places: the rest of it is served).</param>
public sealed record PartDamage(string Part, long Bytes, string Reason, string? SetAsideAs)
{
    /// <summary>As logs tell it.</summary>
    public override string ToString() => SetAsideAs is null
        ? $"part {Part} is damaged or cannot be read, what can be read of it is served: {Reason}"
        : $"part {Part} of {Bytes} bytes cannot be used and is kept as quarantine/{SetAsideAs}: {Reason}";
}

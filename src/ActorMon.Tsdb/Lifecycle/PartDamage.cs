namespace ActorMon.Tsdb.Lifecycle;

/// <summary>A part that could not be used.</summary>
/// <param name="Part">File name.</param>
/// <param name="SetAsideAs">The file in the partition's quarantine folder that keeps it; null: it stays where it is (unreadable now, or damaged in places: the rest of it is served).</param>
public sealed record PartDamage(string Part, long Bytes, string Reason, string? SetAsideAs);

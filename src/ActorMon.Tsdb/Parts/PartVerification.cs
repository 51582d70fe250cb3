namespace ActorMon.Tsdb.Parts;

/// <summary>What a full reading of a part found. <see cref="Problems"/> is empty when it is whole; at most 100 are listed.</summary>
public sealed record PartVerification(int Pages, int Series, long Samples, IReadOnlyList<string> Problems)
{
    public bool IsWhole => Problems.Count == 0;
}

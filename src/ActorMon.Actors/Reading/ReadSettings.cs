namespace ActorMon.Actors.Reading;

/// <summary>How long a read waits for another node before it asks the next holder.</summary>
/// <param name="FirstAnswer">Until it says that it reads at all (actormon.reads.first-answer).</param>
/// <param name="NextAnswer">Between pieces of its answer (actormon.reads.next-answer).</param>
public sealed record ReadSettings(TimeSpan FirstAnswer, TimeSpan NextAnswer)
{
    /// <summary>Of one whole request; the query's own deadline is mostly shorter.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
}

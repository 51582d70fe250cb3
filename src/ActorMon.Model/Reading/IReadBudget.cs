namespace ActorMon.Model.Reading;

/// <summary>The memory that one reader may hold. Any thread.</summary>
public interface IReadBudget
{
    /// <summary>Counts bytes in; an exception ends the read when there is no room for them.</summary>
    void Take(long bytes);

    void Free(long bytes);
}

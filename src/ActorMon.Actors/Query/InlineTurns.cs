namespace ActorMon.Actors.Query;

/// <summary>
/// How many queries may compute on the thread that brought them, at once. One that gets no turn goes to the query scheduler, so a burst of them never holds more
/// threads of the pool than turns and scheduler have together. Thread-safe.
/// </summary>
public sealed class InlineTurns(int turns)
{
    private int _free = turns;

    public bool TryTake()
    {
        if (Interlocked.Decrement(ref _free) >= 0)
            return true;
        Interlocked.Increment(ref _free);
        return false;
    }

    public void GiveBack() => Interlocked.Increment(ref _free);
}

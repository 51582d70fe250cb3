namespace ActorMon.Simulation.Tests.World;

/// <summary>Virtual time and what is to happen in it. Things of one time happen in the order in which they were planned.</summary>
public sealed class Schedule
{
    private readonly PriorityQueue<Action, (long At, long Order)> _queue = new();
    private long _order;

    /// <summary>Milliseconds since the run began.</summary>
    public long Now { get; private set; }

    public int Happened { get; private set; }

    public void After(long ms, Action action) => _queue.Enqueue(action, (Now + Math.Max(0, ms), _order++));

    /// <summary>Runs until the time, or until nothing is planned or <paramref name="isOver"/> says so.</summary>
    public void RunUntil(long time, Func<bool> isOver)
    {
        while (!isOver() && _queue.TryPeek(out _, out var next) && next.At <= time)
        {
            var action = _queue.Dequeue();
            Now = next.At;
            Happened++;
            action();
        }
        if (!isOver())
            Now = Math.Max(Now, time);
    }
}

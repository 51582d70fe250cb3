namespace ActorMon.Host.Web;

/// <summary>A token bucket: <paramref name="burst"/> requests at once, then one each <paramref name="interval"/>. Thread-safe.</summary>
public sealed class RequestRate(TimeSpan interval, int burst, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _tokens = burst;
    private long _last = time.GetTimestamp();

    public bool Take()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _tokens = Math.Min(burst, _tokens + time.GetElapsedTime(_last, now) / interval);
            _last = now;
            if (_tokens < 1)
                return false;
            _tokens--;
            return true;
        }
    }
}

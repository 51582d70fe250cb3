using System.Runtime.InteropServices;

namespace ActorMon.Tsdb.Cardinality;

/// <summary>Series of one job that came and went in an hour.</summary>
/// <param name="Created">New to the head.</param>
/// <param name="Ended">Their target stopped exposing them, or was removed. One that comes back and goes again counts again.</param>
/// <param name="Dropped">Ended long enough ago that their memory was given back.</param>
public readonly record struct ChurnCounts(long Created, long Ended, long Dropped)
{
    public static ChurnCounts operator +(ChurnCounts a, ChurnCounts b) => new(a.Created + b.Created, a.Ended + b.Ended, a.Dropped + b.Dropped);
}

/// <param name="Start">Begin of the hour, UTC.</param>
public sealed record ChurnHour(DateTimeOffset Start, IReadOnlyDictionary<string, ChurnCounts> Jobs)
{
    public ChurnCounts Total
    {
        get
        {
            var total = default(ChurnCounts);
            foreach (var counts in Jobs.Values)
                total += counts;
            return total;
        }
    }
}

/// <summary>
/// Series created and ended by hour and job, for the last 48 hours of this process. An hour knows <see cref="MaxJobs"/> jobs, further ones are counted together as "".
/// Thread-safe.
/// </summary>
public sealed class SeriesChurn(TimeProvider time)
{
    public const int Hours = 48;
    private const int MaxJobs = 2000;

    private readonly Lock _lock = new();
    private readonly Queue<(long Hour, Dictionary<string, ChurnCounts> Jobs)> _hours = new();
    private Dictionary<string, ChurnCounts> _current = new(StringComparer.Ordinal);
    private long _hour = long.MinValue;

    /// <summary>Series got stale markers because their target no longer has them.</summary>
    public void Ended(string job, long count)
    {
        if (count > 0)
            Add(job, new ChurnCounts(0, count, 0));
    }

    internal void Created(string job) => Add(job, new ChurnCounts(1, 0, 0));

    internal void Dropped(string job, long count) => Add(job, new ChurnCounts(0, 0, count));

    /// <summary>The newest hour first; hours in which nothing happened are left out.</summary>
    public IReadOnlyList<ChurnHour> List()
    {
        lock (_lock)
        {
            TurnTo(HourNow());
            var list = new List<ChurnHour>(_hours.Count);
            foreach (var (hour, jobs) in _hours)
                if (jobs.Count > 0)
                    list.Add(new ChurnHour(DateTimeOffset.FromUnixTimeSeconds(hour * 3600), new Dictionary<string, ChurnCounts>(jobs, StringComparer.Ordinal)));
            list.Reverse();
            return list;
        }
    }

    private void Add(string job, ChurnCounts counts)
    {
        lock (_lock)
        {
            TurnTo(HourNow());
            if (_current.Count >= MaxJobs && !_current.ContainsKey(job))
                job = "";
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_current, job, out _);
            sum += counts;
        }
    }

    private long HourNow() => time.GetUtcNow().ToUnixTimeSeconds() / 3600;

    private void TurnTo(long hour)
    {
        // A clock that was set back goes on filling the hour it was in.
        if (hour > _hour)
        {
            _current = new Dictionary<string, ChurnCounts>(StringComparer.Ordinal);
            _hour = hour;
            _hours.Enqueue((hour, _current));
        }
        while (_hours.Count > 0 && _hours.Peek().Hour <= _hour - Hours)
            _hours.Dequeue();
    }
}

using System.Collections.Concurrent;

namespace ActorMon.Model.Telemetry;

/// <summary>A number that only grows. Thread-safe, lock-free.</summary>
public sealed class Counter
{
    private double _value;

    public double Value => Volatile.Read(ref _value);

    public void Add(double amount = 1)
    {
        var seen = Volatile.Read(ref _value);
        while (true)
        {
            var was = Interlocked.CompareExchange(ref _value, seen + amount, seen);
            if (was.Equals(seen))
                return;
            seen = was;
        }
    }
}

/// <summary>A number that goes up and down. Thread-safe.</summary>
public sealed class Gauge
{
    private double _value;

    public double Value => Volatile.Read(ref _value);

    public void Set(double value) => Volatile.Write(ref _value, value);
}

/// <summary>Counts of observations by upper bound. <see cref="Read"/> is consistent. Thread-safe.</summary>
public sealed class BucketHistogram(params double[] bounds)
{
    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    public void Observe(double value)
    {
        var bucket = Array.BinarySearch(bounds, value);
        if (bucket < 0)
            bucket = ~bucket;
        lock (_lock)
        {
            _counts[bucket]++;
            _sum += value;
        }
    }

    public HistogramReading Read()
    {
        lock (_lock)
        {
            var cumulative = new long[_counts.Length];
            long total = 0;
            for (var i = 0; i < _counts.Length; i++)
                cumulative[i] = total += _counts[i];
            return new HistogramReading(bounds, cumulative, _sum);
        }
    }
}

/// <summary>
/// Sum, count and quantiles of recent observations: those of the last ten minutes, at most <see cref="Capacity"/> of them (the peers' summaries also forget after
/// ten minutes). Quantiles of no recent observation are NaN. Thread-safe.
/// </summary>
public sealed class QuantileSummary(TimeProvider time, params double[] quantiles)
{
    public const int Capacity = 512;
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);
    private readonly Lock _lock = new();
    private readonly (long At, double Value)[] _recent = new (long, double)[Capacity];
    private long _count;
    private double _sum;

    public void Observe(double value)
    {
        lock (_lock)
        {
            _recent[_count % Capacity] = (time.GetTimestamp(), value);
            _count++;
            _sum += value;
        }
    }

    public SummaryReading Read()
    {
        lock (_lock)
        {
            var kept = new List<double>(Capacity);
            for (var i = 0; i < Math.Min(_count, Capacity); i++)
                if (time.GetElapsedTime(_recent[i].At) <= MaxAge)
                    kept.Add(_recent[i].Value);
            kept.Sort();
            var values = new double[quantiles.Length];
            for (var i = 0; i < quantiles.Length; i++)
                values[i] = kept.Count == 0 ? double.NaN : kept[Math.Min(kept.Count - 1, (int)Math.Ceiling(quantiles[i] * kept.Count) is var rank && rank > 0 ? rank - 1 : 0)];
            return new SummaryReading(quantiles, values, _sum, _count);
        }
    }
}

/// <summary>
/// Instruments of one kind by label values ("job", "200" ...). At most <see cref="MaxSets"/> sets; further ones share the set "other", so a label that
/// a client controls cannot grow memory. Thread-safe.
/// </summary>
public sealed class Labelled<T>(Func<T> create, params string[] labelNames) where T : class
{
    public const int MaxSets = 10_000;
    private readonly ConcurrentDictionary<string, (string[] Values, T Instrument)> _sets = new(StringComparer.Ordinal);

    public IReadOnlyList<string> LabelNames => labelNames;

    public T With(params ReadOnlySpan<string> values)
    {
        var key = values.Length == 1 ? values[0] : string.Join('\u0001', values!);
        if (_sets.TryGetValue(key, out var known))
            return known.Instrument;
        if (_sets.Count >= MaxSets)
        {
            var other = labelNames.Select(_ => "other").ToArray();
            return _sets.GetOrAdd(string.Join('\u0001', other), _ => (other, create())).Instrument;
        }
        var owned = values.ToArray();
        return _sets.GetOrAdd(key, _ => (owned, create())).Instrument;
    }

    public void Remove(params ReadOnlySpan<string> values) => _sets.TryRemove(values.Length == 1 ? values[0] : string.Join('\u0001', values!), out _);

    public IEnumerable<(string[] Values, T Instrument)> All => _sets.Values;
}

using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Index;

namespace ActorMon.Tsdb.Cardinality;

/// <summary>
/// The node's book of active series: those in the heads of its partitions, and those taken at the entry that are on their way there. Holds new series against the limits.
/// <code>
/// active = series of all tables  +  pending        Admit: new -> pending        a table gets it: pending -> table
/// </code>
/// A sample costs nothing here, a new series two short turns under one lock. What was taken and never came (its batch was lost) is forgotten after
/// <see cref="PendingLife"/>. Counts go down when a partition's head is exchanged for one without ended series. Thread-safe; a partition's writer alone calls
/// <see cref="Use"/> for it.
/// </summary>
public sealed class SeriesAccounts : ISeriesAdmission
{
    /// <summary>Longer than a batch normally waits for its partition; one that comes later is counted when it comes.</summary>
    private static readonly TimeSpan PendingLife = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RefusalLife = TimeSpan.FromHours(6);
    private const int PendingBeforeSweep = 100_000;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly SeriesTable?[] _tables;
    private readonly SeriesTallies _tallies = new();
    private readonly Dictionary<ulong, (SeriesKey Key, long At)> _pending = [];
    private readonly RefusalLog _refusals = new();
    private long _swept;
    private bool _refusedSome;
    private uint _generation = 1;

    /// <param name="partitions">P.</param>
    public SeriesAccounts(int partitions, SeriesLimits limits, TimeProvider time)
    {
        (Limits, _time) = (limits, time);
        _tables = new SeriesTable?[partitions];
        _swept = time.GetTimestamp();
        Churn = new SeriesChurn(time);
    }

    public SeriesLimits Limits { get; }

    public SeriesChurn Churn { get; }

    /// <summary>Whether series that come and go in the partition count as churn here: of several copies one does, and one that is being filled does not.</summary>
    public Func<PartitionId, bool> CountsChurn { get; init; } = static _ => true;

    /// <summary>Active series of the node.</summary>
    public long Active
    {
        get
        {
            lock (_lock)
                return _tallies.Total;
        }
    }

    public uint Generation
    {
        get
        {
            lock (_lock)
            {
                // Whoever was refused for a batch that never came asks again only when told to.
                if (_refusedSome)
                    SweepIfDue();
                return _generation;
            }
        }
    }

    public SeriesRefusal? Admit(LabelSet series, ulong hash)
    {
        var partition = Placement.Of(series, _tables.Length).Value;
        if (Volatile.Read(ref _tables[partition])?.Find(series, hash) >= 0)
            return null;
        var key = SeriesKey.Of(series);
        lock (_lock)
        {
            // The table may have got it since; it tells us after it can be found there.
            if (_pending.ContainsKey(hash) || _tables[partition]?.Find(series, hash) >= 0)
                return null;
            if (_pending.Count > PendingBeforeSweep)
                SweepIfDue();
            if (Refusing(key) is { } scope && !(SweepIfDue() && Refusing(key) is null))
            {
                _refusedSome = true;
                return _refusals.Add(scope, key, series, _tallies.Of(scope, key), Limits[scope], _time.GetUtcNow());
            }
            _pending.Add(hash, (key, _time.GetTimestamp()));
            _tallies.Add(key, 1);
            return null;
        }
    }

    public void Withdraw(ReadOnlySpan<ulong> hashes)
    {
        if (hashes.IsEmpty)
            return;
        lock (_lock)
        {
            var any = false;
            foreach (var hash in hashes)
                any |= Forget(hash);
            if (any)
                Freed();
        }
    }

    /// <summary>Refused series since the start by the scope of the limit.</summary>
    public long Refused(LimitScope scope)
    {
        lock (_lock)
            return _refusals.Total(scope);
    }

    /// <summary>What the limits refused, the newest first.</summary>
    public IReadOnlyList<RefusedSeries> Refusals()
    {
        lock (_lock)
        {
            _refusals.Forget(_tallies, _time.GetUtcNow() - RefusalLife);
            var list = _refusals.List(_tallies);
            list.Sort(static (a, b) => b.Last.CompareTo(a.Last));
            return list;
        }
    }

    internal Dictionary<string, long> Jobs()
    {
        lock (_lock)
            return new Dictionary<string, long>(_tallies.Jobs, StringComparer.Ordinal);
    }

    internal Dictionary<TargetKey, long> Targets()
    {
        lock (_lock)
            return new Dictionary<TargetKey, long>(_tallies.Targets);
    }

    /// <summary>Distinct keys of a scope, and the greatest count among them.</summary>
    public (int Keys, long Most) Spread(LimitScope scope)
    {
        lock (_lock)
            return scope switch
            {
                LimitScope.Node => (1, _tallies.Total),
                LimitScope.Job => SpreadOf(_tallies.Jobs),
                LimitScope.Target => SpreadOf(_tallies.Targets),
                _ => SpreadOf(_tallies.Metrics),
            };
    }

    /// <summary>The partition is served elsewhere from now on.</summary>
    public void Leave(PartitionId partition) => Use(partition, null);

    /// <summary>
    /// The partition's series are those of this table from now on: it was opened, or its head was exchanged. Called by its writer before readers see the table.
    /// </summary>
    internal void Use(PartitionId partition, SeriesTable? table)
    {
        var old = _tables[partition.Value];
        if (ReferenceEquals(old, table))
            return;
        var before = TableCounts.Of(old);
        var after = TableCounts.Of(table);
        if (old is not null)
            old.Ledger = null;
        if (table is not null)
            table.Ledger = new TableLedger(this, partition, table);
        lock (_lock)
        {
            Volatile.Write(ref _tables[partition.Value], table);
            _tallies.Add(after, 1);
            _tallies.Add(before, -1);
            Freed();
        }
        if (table is null || !CountsChurn(partition))
            return;
        foreach (var (job, count) in before.Jobs)
            if (count - after.Jobs.GetValueOrDefault(job) is > 0 and var dropped)
                Churn.Dropped(job, dropped);
    }

    private void Added(PartitionId partition, in SeriesKey key, ulong hash)
    {
        lock (_lock)
        {
            if (_pending.Count == 0 || !_pending.Remove(hash))
                _tallies.Add(key, 1);
        }
        if (CountsChurn(partition))
            Churn.Created(key.Job);
    }

    /// <summary>The scope whose limit leaves no room for one more series of this key, the closest one first.</summary>
    private LimitScope? Refusing(in SeriesKey key)
    {
        if (IsFull(LimitScope.Target, key))
            return LimitScope.Target;
        if (IsFull(LimitScope.Job, key))
            return LimitScope.Job;
        if (IsFull(LimitScope.Metric, key))
            return LimitScope.Metric;
        return IsFull(LimitScope.Node, key) ? LimitScope.Node : null;
    }

    private bool IsFull(LimitScope scope, in SeriesKey key) => Limits[scope] is > 0 and var limit && _tallies.Of(scope, key) >= limit;

    private bool Forget(ulong hash)
    {
        if (!_pending.Remove(hash, out var pending))
            return false;
        _tallies.Add(pending.Key, -1);
        return true;
    }

    /// <summary>True when it made room.</summary>
    private bool SweepIfDue()
    {
        if (_time.GetElapsedTime(_swept) < SweepInterval)
            return false;
        _swept = _time.GetTimestamp();
        var any = false;
        foreach (var (hash, pending) in _pending)
            if (_time.GetElapsedTime(pending.At) > PendingLife)
                any |= Forget(hash);
        if (any)
            Freed();
        return any;
    }

    private void Freed()
    {
        if (!_refusedSome)
            return;
        _refusedSome = false;
        _generation++;
    }

    private static (int, long) SpreadOf<TKey>(Dictionary<TKey, long> counts) where TKey : notnull
    {
        long most = 0;
        foreach (var count in counts.Values)
            most = Math.Max(most, count);
        return (counts.Count, most);
    }

    private sealed class TableLedger(SeriesAccounts accounts, PartitionId partition, SeriesTable table) : ISeriesLedger
    {
        private SeriesKeyReader _reader = new(table);

        public void Added(int series) => accounts.Added(partition, _reader.Of(series), table.Row(series).Hash);
    }
}

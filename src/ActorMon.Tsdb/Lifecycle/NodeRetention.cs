namespace ActorMon.Tsdb.Lifecycle;

/// <summary>
/// What the retention of a node has to be decided from: its policy, the newest sample and the parts of all its partitions. Each partition asks it for its floors.
/// Any thread.
/// </summary>
/// <param name="diskBytes">Size of the file system of the data directory, asked for when the policy is a percentage.</param>
public sealed class NodeRetention(RetentionPolicy policy, Func<long>? diskBytes = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, (IReadOnlyList<PartInfo> Parts, long LogBytes)> _partitions = [];
    private RetentionPolicy _policy = policy;
    private long _newest = long.MinValue;
    private long _sizeFloor = long.MinValue;

    /// <summary>May be changed while the node runs.</summary>
    public RetentionPolicy Policy
    {
        get => Volatile.Read(ref _policy);
        set
        {
            lock (_lock)
            {
                if (_policy == value)
                    return;
                Volatile.Write(ref _policy, value);
                _sizeFloor = long.MinValue;
            }
        }
    }

    /// <summary>Bytes that parts and logs may take; null: no bound.</summary>
    public long? LimitBytes => Policy.Limit(Policy.Percentage > 0 ? diskBytes?.Invoke() ?? 0 : 0);

    /// <summary>What a partition holds now.</summary>
    /// <param name="newest">Its newest sample, Unix ms.</param>
    public void Report(int partition, IReadOnlyList<PartInfo> parts, long logBytes, long newest)
    {
        lock (_lock)
        {
            _partitions[partition] = (parts, logBytes);
            _newest = Math.Max(_newest, newest);
        }
    }

    /// <summary>Nothing before this time (Unix ms) is kept or shown.</summary>
    public long TimeFloor(long now)
    {
        lock (_lock)
            return RetentionPlanner.Floor(_policy.Time, now, _newest);
    }

    /// <summary>Parts that end before this time have no room. It does not fall while the policy stays, so all partitions give up the same times.</summary>
    public long SizeFloor()
    {
        if (LimitBytes is not { } limit)
            return long.MinValue;
        lock (_lock)
        {
            var parts = new List<PartInfo>();
            long logBytes = 0;
            foreach (var (infos, bytes) in _partitions.Values)
            {
                parts.AddRange(infos);
                logBytes += bytes;
            }
            return _sizeFloor = Math.Max(_sizeFloor, RetentionPlanner.FloorForSize(parts, logBytes, limit));
        }
    }
}

namespace ActorMon.Tsdb.Lifecycle;

/// <summary>
/// What the retention of a node has to be decided from: its policy, the newest sample and the parts of all its partitions. Each partition asks it what of its own has to go.
/// Any thread.
/// </summary>
/// <param name="diskBytes">Size of the file system of the data directory, asked for when the policy is a percentage.</param>
public sealed class NodeRetention(RetentionPolicy policy, Func<long>? diskBytes = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, (IReadOnlyList<PartInfo> Parts, long LogBytes)> _partitions = [];
    private RetentionPolicy _policy = policy;
    private HashSet<(int Partition, long Sequence)> _condemned = [];
    private long _newest = long.MinValue;

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
                _condemned = [];
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
            return RetentionPlanner.Floor(Policy.Time, now, _newest);
    }

    /// <summary>The numbers of a partition's parts that have no room, by what all partitions have reported.</summary>
    public IReadOnlySet<long> BeyondSize(int partition)
    {
        var beyond = new HashSet<long>();
        if (LimitBytes is not { } limit)
            return beyond;
        lock (_lock)
        {
            var parts = new List<(int Partition, PartInfo Part)>();
            long logBytes = 0;
            foreach (var (owner, (infos, bytes)) in _partitions)
            {
                foreach (var info in infos)
                    parts.Add((owner, info));
                logBytes += bytes;
            }
            _condemned = [.. RetentionPlanner.BeyondSize(parts, _condemned, logBytes, limit)];
            foreach (var (owner, sequence) in _condemned)
                if (owner == partition)
                    beyond.Add(sequence);
        }
        return beyond;
    }

    /// <summary>The partition is closed: nothing of it is decided here, and its bytes are no reason to drop others'.</summary>
    public void Forget(int partition)
    {
        lock (_lock)
        {
            _partitions.Remove(partition);
            _condemned = [];
        }
    }
}

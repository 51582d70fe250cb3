using System.Runtime.CompilerServices;
using ActorMon.Model.Telemetry;

namespace ActorMon.Actors.Series.Copies;

/// <summary>Metrics of copies that are made, compared and given up.</summary>
public sealed class CopyMetrics(MetricRegistry registry)
{
    public Counter BytesReceived { get; } = registry.Counter("actormon_copy_received_bytes_total", "Bytes of part files received from other copies.");

    public Counter WindowsCompared { get; } = registry.Counter("actormon_copy_digests_compared_total", "Digests of windows and buckets compared with another copy.");

    public Counter Compared { get; } = registry.Counter("actormon_copy_comparisons_total", "Stretches of time of copies in sync that were compared with a sibling.");

    public Counter WindowsRepaired { get; } = registry.Counter("actormon_copy_windows_repaired_total", "Windows in which a copy in sync lacked what its sibling had; it was brought.");

    public Counter Filled { get; } = registry.Counter("actormon_copies_filled_total", "Copies that were filled from another one.");

    public Counter Verified { get; } = registry.Counter("actormon_copies_verified_total", "Copies that were compared with one in sync and have what it has.");

    public Counter Dropped { get; } = registry.Counter("actormon_copies_dropped_total", "Copies whose files were deleted by a grant of the map.");

    public Counter Damaged { get; } = registry.Counter("actormon_copies_damaged_total", "Copies in sync that lost samples to damaged files and stepped out until a sibling had given them back.");

    public Counter Unwritable { get; } = registry.Counter("actormon_copies_unwritable_total", "Copies that could not write their log and stepped out until they could.");

    public Counter Failed { get; } = registry.Counter("actormon_copy_failures_total", "Attempts to fill, compare, merge or delete a copy that failed and are made again.");

    private readonly StrongBox<int> _comparisonsDue = ComparisonsDueOf(registry);

    /// <summary>Any thread reads what one writes.</summary>
    public void SetComparisonsDue(int count) => Volatile.Write(ref _comparisonsDue.Value, count);

    private static StrongBox<int> ComparisonsDueOf(MetricRegistry registry)
    {
        var due = new StrongBox<int>();
        registry.Gauge(
            "actormon_copy_comparisons_due", "Partitions whose newest samples are to be compared with a sibling, because a node went or a copy came back.", () => Volatile.Read(ref due.Value));
        return due;
    }
}

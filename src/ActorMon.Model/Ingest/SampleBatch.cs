using ActorMon.Model.Exemplars;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;

namespace ActorMon.Model.Ingest;

/// <summary>
/// The columns of one scrape: slot i of the layout has value <c>Values[i]</c> at the one <see cref="Timestamp"/>, unless bit i of <see cref="Missing"/> is set.
/// Slots from <see cref="FirstNewSlot"/> on are registered by this batch with the labels in <see cref="NewSeries"/>; slots before it the replica knows.
/// </summary>
public sealed class LayoutColumns
{
    public required LayoutId Layout { get; init; }

    /// <summary>Number of slots, registered ones included; the length of <see cref="Values"/>.</summary>
    public required int SlotCount { get; init; }

    /// <summary>Content hash of all slots: folded with <see cref="LayoutHash"/>; a replica with another hash refuses the batch.</summary>
    public required ulong ContentHash { get; init; }

    public required int FirstNewSlot { get; init; }

    /// <summary>Labels of slots FirstNewSlot .. SlotCount-1.</summary>
    public required LabelSet[] NewSeries { get; init; }

    public required TimestampMs Timestamp { get; init; }

    /// <summary>SlotCount values; owned by the batch, may come from a pool (see <see cref="SampleBatch.Release"/>).</summary>
    public required ReadOnlyMemory<double> Values { get; init; }

    /// <summary>Bit i (word i/64, bit i%64) set: slot i has no sample in this scrape. Empty: none is missing.</summary>
    public ReadOnlyMemory<ulong> Missing { get; init; }
}

/// <summary>One sample outside a layout: its own labels and time. <see cref="Histogram"/> not null: a native histogram, <see cref="Value"/> is meaningless.</summary>
public readonly record struct LooseSample(LabelSet Series, TimestampMs Timestamp, double Value, NativeHistogram? Histogram = null);

public readonly record struct SeriesExemplar(LabelSet Series, Exemplar Exemplar);

public readonly record struct FamilyMetadata(string Family, MetricMetadata Metadata);

/// <summary>
/// What a writer hands to one partition at once: one WAL record, visible whole or not at all. Has columns of at most one layout and any number of loose samples.
/// Owner: the sender until <see cref="Release"/>; the partition only reads it, on its own thread, before it acknowledges.
/// </summary>
public sealed class SampleBatch
{
    private Action<SampleBatch>? _onRelease;
    private int _owners = 1;

    public required WriterId Writer { get; init; }

    /// <summary>1, 2, 3 ... per (writer, partition), given once by the node's sender (0 before); resending keeps the number, so a replica drops what it has.</summary>
    public long Number { get; set; }

    public required PartitionId Partition { get; init; }

    public LayoutColumns? Columns { get; init; }

    public LooseSample[] Loose { get; init; } = [];

    public SeriesExemplar[] Exemplars { get; init; } = [];

    public FamilyMetadata[] Metadata { get; init; } = [];

    /// <summary>Called once, by the last <see cref="Release"/>, to give pooled columns back.</summary>
    public Action<SampleBatch>? OnRelease { init => _onRelease = value; }

    /// <summary>One more owner, who reads the columns until its own <see cref="Release"/>. An owner that never releases costs no more than a pool that is refilled.</summary>
    public void Retain() => Interlocked.Increment(ref _owners);

    /// <summary>Called once by each owner; the maker is one: it calls when the batch is settled or given up. The columns are invalid after the last call.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _owners) == 0)
            Interlocked.Exchange(ref _onRelease, null)?.Invoke(this);
    }
}

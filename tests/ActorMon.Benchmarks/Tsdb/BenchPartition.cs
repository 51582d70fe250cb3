using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Benchmarks.Tsdb;

/// <summary>One partition on disk that keeps everything: rows of scrapes and loose samples go in, queries read its view.</summary>
internal sealed class BenchPartition(string directory) : ISeriesSource, IDisposable
{
    private static readonly WriterId Writer = new(7);

    private readonly AppendResult[] _results = new AppendResult[1];
    private readonly Dictionary<uint, ulong> _hashes = [];
    private readonly PartitionStore _store = PartitionStore.Open(
        new PartitionOptions
        {
            Directory = directory,
            Partition = new PartitionId(0),
            Partitions = 1,
            ClusterId = Guid.Empty,
            NodeRetention = new NodeRetention(new RetentionPolicy(TimeSpan.FromDays(100_000))),
        },
        new NodeSymbols(), DiskFiles.Instance, TimeProvider.System);
    private long _number;

    /// <summary>Appends one scrape of a layout's series.</summary>
    /// <param name="isFirst">The layout's series are named with it.</param>
    public void AppendRow(uint layout, LabelSet[] labels, bool isFirst, long time, double[] values)
    {
        if (isFirst)
            _hashes[layout] = labels.Aggregate(0UL, static (h, set) => LayoutHash.Append(h, StableHash.Of(set)));
        Append(new SampleBatch
        {
            Writer = Writer,
            Partition = new PartitionId(0),
            Number = ++_number,
            Columns = new LayoutColumns
            {
                Layout = new LayoutId(Writer, layout),
                SlotCount = labels.Length,
                ContentHash = _hashes[layout],
                FirstNewSlot = isFirst ? 0 : labels.Length,
                NewSeries = isFirst ? labels : [],
                Timestamp = new TimestampMs(time),
                Values = values,
            },
        });
    }

    public void AppendLoose(LooseSample[] samples) => Append(new SampleBatch { Writer = Writer, Partition = new PartitionId(0), Number = ++_number, Loose = samples });

    public ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation) => ValueTask.FromResult(_store.View.Select(request));

    public void Dispose() => _store.Dispose();

    private void Append(SampleBatch batch)
    {
        _store.Append([batch], _results);
        if (_results[0].Status != AppendStatus.Accepted)
            throw new InvalidOperationException(_results[0].ToString());
    }
}

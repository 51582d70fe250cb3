using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Foreign.Chunks;
using ActorMon.Tsdb.Head;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Foreign.Blocks;

/// <summary>One chunk of the series a <see cref="ForeignBlock"/> stands on.</summary>
public readonly record struct ForeignChunkInfo(long MinTime, long MaxTime, byte Encoding, int Samples, int Bytes, int Buckets);

/// <summary>
/// One block of Prometheus' database, read series by series in the order of its index, which is that of labels. Nothing is ever written. Not thread-safe.
/// </summary>
public sealed class ForeignBlock : IDisposable
{
    private readonly IndexFile _index;
    private readonly ChunkFiles _chunks;
    private readonly Dictionary<ulong, DeletedTimes> _deleted;
    private readonly SampleBuffer _scratch = new();

    private ForeignBlock(string path, BlockMeta meta, IndexFile index, ChunkFiles chunks, Dictionary<ulong, DeletedTimes> deleted)
    {
        Path = path;
        Meta = meta;
        _index = index;
        _chunks = chunks;
        _deleted = deleted;
    }

    public string Path { get; }
    public BlockMeta Meta { get; }

    /// <summary>The version its index says it has, or has in truth.</summary>
    public int IndexVersion => _index.Version;

    /// <summary>The labels of the series that <see cref="Next"/> stands on.</summary>
    public LabelSet Labels => _index.Labels;

    public int ChunkCount => _index.Chunks.Count;

    /// <summary>Time of the first sample of the series before any deletion; <see cref="long.MaxValue"/> when it has no chunk.</summary>
    public long MinTime => _index.Chunks.Count == 0 ? long.MaxValue : _index.Chunks[0].MinTime;
    public long MaxTime => _index.Chunks.Count == 0 ? long.MinValue : _index.Chunks[^1].MaxTime;

    /// <summary>Ranges of time that are deleted, over all series.</summary>
    public int DeletedSeries => _deleted.Count;

    /// <exception cref="ForeignDataException">It cannot be read; the message begins with the file.</exception>
    public static ForeignBlock Open(IStorageFiles files, string path) => Open(files, path, BlockMeta.Read(files, path));

    public static ForeignBlock Open(IStorageFiles files, string path, BlockMeta meta)
    {
        var deleted = TombstoneFile.Read(files, path);
        var index = IndexFile.Open(files, path, meta.HasMislabelledIndex);
        return new ForeignBlock(path, meta, index, new ChunkFiles(files, path), deleted);
    }

    /// <summary>Moves to the next series; false behind the last.</summary>
    /// <exception cref="ForeignDataException">The index is damaged here.</exception>
    public bool Next() => _index.Next();

    /// <summary>Back to before the first series.</summary>
    public void Rewind() => _index.Rewind();

    /// <summary>
    /// Fills the buffer with the samples of the current series, both times included, in time order, without what tombstones cover.
    /// </summary>
    /// <param name="min">First time.</param>
    /// <param name="max">Last time.</param>
    /// <param name="into">Cleared first.</param>
    /// <param name="damaged">Takes what is wrong with a chunk, which is then left out; null: it is thrown.</param>
    /// <exception cref="ForeignDataException">A chunk is damaged.</exception>
    public void Read(long min, long max, SampleBuffer into, Action<string>? damaged = null)
    {
        into.Clear();
        var deleted = _deleted.GetValueOrDefault(_index.SeriesReference);
        foreach (var place in _index.Chunks)
        {
            if (place.MaxTime < min || place.MinTime > max)
                continue;
            _scratch.Clear();
            try
            {
                var data = _chunks.Read(place.Reference, out var encoding);
                ForeignChunk.Read(encoding, data, _scratch);
            }
            catch (ForeignDataException e) when (damaged is not null)
            {
                damaged($"{Labels}: {e.Message}");
                continue;
            }
            DeletedTimes.CopyKept(_scratch, deleted, min, max, into);
        }
        SampleMerge.Normalize(into);
    }

    /// <summary>The chunks of the current series as they are, each decoded: times, sizes, counts.</summary>
    /// <exception cref="ForeignDataException">A chunk is damaged, or does not hold what the index says.</exception>
    public void ReadChunks(List<ForeignChunkInfo> into)
    {
        into.Clear();
        foreach (var place in _index.Chunks)
        {
            _scratch.Clear();
            var data = _chunks.Read(place.Reference, out var encoding);
            ForeignChunk.Read(encoding, data, _scratch);
            var times = _scratch.Times;
            if (times.Length == 0 || times[0] != place.MinTime || times[^1] != place.MaxTime)
                throw new ForeignDataException($"{Labels}: a chunk does not hold the times {place.MinTime} to {place.MaxTime} that the index says");
            for (var i = 1; i < times.Length; i++)
                if (times[i] <= times[i - 1])
                    throw new ForeignDataException($"{Labels}: time {times[i]} follows {times[i - 1]} in a chunk");
            var buckets = 0;
            for (var i = 0; i < times.Length; i++)
                if (_scratch.HistogramAt(i) is { } histogram)
                    buckets += histogram.PositiveBuckets.Length + histogram.NegativeBuckets.Length;
            into.Add(new ForeignChunkInfo(place.MinTime, place.MaxTime, encoding, times.Length, data.Length, buckets));
        }
    }

    public void Dispose()
    {
        _index.Dispose();
        _chunks.Dispose();
    }
}

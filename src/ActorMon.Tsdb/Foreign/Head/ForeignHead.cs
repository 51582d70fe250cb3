using System.Globalization;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Foreign.Chunks;
using ActorMon.Tsdb.Head;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Foreign.Head;

/// <summary>
/// The newest hours of Prometheus' database, which are in no block yet: the write-ahead log with its checkpoint, the log of out-of-order samples (<c>wbl</c>) and the
/// finished chunks of the head. The first pass (<see cref="Scan"/>) learns series, deletions and counts; <see cref="Load"/> then brings the samples of chosen series
/// into memory, so that the caller decides how much that is. Nothing is ever written.
/// </summary>
public sealed class ForeignHead
{
    public const string WalDirectory = "wal";
    public const string OutOfOrderDirectory = "wbl";

    private const string CheckpointPrefix = "checkpoint.";

    private readonly IStorageFiles _files;
    private readonly string _directory;
    private readonly long _minValid;
    private readonly Dictionary<ulong, HeadSeries> _byReference = [];
    private readonly Dictionary<LabelSet, HeadSeries> _byLabels = [];
    private HeadSeries[] _sorted = [];

    private ForeignHead(IStorageFiles files, string directory, long minValid)
    {
        _files = files;
        _directory = directory;
        _minValid = minValid;
    }

    public int Count => _sorted.Length;

    /// <summary>Samples that the files hold, an upper bound of what is left of them.</summary>
    public long Samples { get; private set; }

    /// <summary>First and last time of any sample; MinTime &gt; MaxTime: there is none.</summary>
    public long MinTime { get; private set; } = long.MaxValue;
    public long MaxTime { get; private set; } = long.MinValue;

    /// <summary>Series in the order of their labels.</summary>
    public LabelSet LabelsAt(int index) => _sorted[index].Labels;

    /// <summary>Samples of the series, an upper bound.</summary>
    public int ExpectedAt(int index) => _sorted[index].Expected;

    /// <param name="files">Only asked for reading.</param>
    /// <param name="directory">The database's directory.</param>
    /// <param name="minValid">Samples that came in order and are older belong to the blocks, which may have deleted them since.</param>
    /// <param name="damaged">Told what cannot be read; what stands behind it in the same file is lost, other files are read.</param>
    public static ForeignHead Scan(IStorageFiles files, string directory, long minValid, Action<string> damaged)
    {
        var head = new ForeignHead(files, directory, minValid);
        var told = new HashSet<string>(StringComparer.Ordinal);
        head.Pass(new Scanner(head), problem =>
        {
            // The log is read twice, for series and for samples.
            if (told.Add(problem))
                damaged(problem);
        });
        head._sorted = [.. head._byLabels.Values.Where(s => s.Expected > 0).OrderBy(s => s.Labels)];
        return head;
    }

    /// <summary>Holds the samples of the series that are wanted, and of no other.</summary>
    public void Load(Func<LabelSet, bool> wanted)
    {
        var chosen = new HashSet<HeadSeries>(ReferenceEqualityComparer.Instance);
        foreach (var series in _sorted)
        {
            series.Forget();
            if (!wanted(series.Labels))
                continue;
            series.Begin();
            chosen.Add(series);
        }
        // The first pass has told of all damage.
        Pass(new Loader(this, chosen), static _ => { });
    }

    /// <summary>The first time at or after one at which a loaded series has a sample; null: there is none.</summary>
    public long? FirstTimeFrom(long time)
    {
        long? first = null;
        foreach (var series in _sorted)
            if (series.FirstTimeFrom(time) is { } own && !(own >= first))
                first = own;
        return first;
    }

    /// <summary>Fills the buffer with the loaded samples of a series, both times included, in time order.</summary>
    public void Read(int index, long min, long max, SampleBuffer into)
    {
        into.Clear();
        _sorted[index].CopyTo(min, max, into);
        SampleMerge.Normalize(into);
    }

    private void Pass(Reader reader, Action<string> damaged)
    {
        // Series first: the chunks name them by the log's numbers.
        if (reader.TakesSeries)
            ReadLog(WalSegments(), reader, samples: false, damaged);
        reader.TakesSeries = false;
        ReadChunks(reader, damaged);
        ReadLog(WalSegments(), reader, samples: true, damaged);
        reader.OutOfOrder = true;
        ReadLog(Segments(Path.Combine(_directory, OutOfOrderDirectory), OutOfOrderDirectory), reader, samples: true, damaged);
    }

    private void ReadLog(List<(string Path, string Name)> segments, Reader reader, bool samples, Action<string> damaged)
    {
        var record = new ForeignWalRecord(reader, samples);
        for (var i = 0; i < segments.Count; i++)
        {
            using var wal = new ForeignWalReader(_files, segments[i].Path, segments[i].Name);
            try
            {
                while (wal.TryNext(out var bytes))
                    record.Read(bytes);
            }
            catch (ForeignDataException e)
            {
                damaged($"{segments[i].Name}: {e.Message}");
                continue;
            }
            if (wal.Damage is not null)
                damaged(wal.Damage);
            else if (wal.EndsTorn && i < segments.Count - 1)
                damaged($"{segments[i].Name}: it ends in the middle of a record");
        }
    }

    private void ReadChunks(Reader reader, Action<string> damaged)
    {
        var directory = Path.Combine(_directory, HeadChunkFile.DirectoryName);
        var buffer = new SampleBuffer();
        foreach (var (path, name) in Segments(directory, HeadChunkFile.DirectoryName))
        {
            using var file = new HeadChunkFile(_files, path, name);
            while (file.TryNext(out var chunk, out var data))
            {
                if (!reader.Wants(chunk.Series))
                    continue;
                buffer.Clear();
                try
                {
                    ForeignChunk.Read(chunk.Encoding, data, buffer);
                }
                catch (ForeignDataException e)
                {
                    damaged($"{name}: {e.Message}");
                    continue;
                }
                reader.OutOfOrder = chunk.OutOfOrder;
                for (var i = 0; i < buffer.Count; i++)
                    reader.Add(chunk.Series, buffer.Times[i], buffer.Values[i], buffer.HistogramAt(i));
                reader.OutOfOrder = false;
            }
            if (file.Damage is not null)
                damaged(file.Damage);
        }
    }

    /// <summary>The newest checkpoint's segments, then those after it.</summary>
    private List<(string Path, string Name)> WalSegments()
    {
        var wal = Path.Combine(_directory, WalDirectory);
        var newest = (Number: -1L, Name: "");
        foreach (var name in _files.List(wal))
            if (name.StartsWith(CheckpointPrefix, StringComparison.Ordinal) && TryNumber(name[CheckpointPrefix.Length..], out var number) && number > newest.Number)
                newest = (number, name);
        var segments = new List<(string Path, string Name)>();
        if (newest.Number >= 0)
            segments.AddRange(Segments(Path.Combine(wal, newest.Name), $"{WalDirectory}/{newest.Name}"));
        foreach (var segment in Segments(wal, WalDirectory))
            if (TryNumber(Path.GetFileName(segment.Path), out var number) && number > newest.Number)
                segments.Add(segment);
        return segments;
    }

    private List<(string Path, string Name)> Segments(string directory, string shown)
    {
        var numbered = new List<(long Number, string Name)>();
        foreach (var name in _files.List(directory))
            if (TryNumber(name, out var number))
                numbered.Add((number, name));
        numbered.Sort();
        return numbered.ConvertAll(n => (Path.Combine(directory, n.Name), $"{shown}/{n.Name}"));
    }

    private static bool TryNumber(string name, out long number) => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>What both passes do with the files' content.</summary>
    private abstract class Reader(ForeignHead head) : IForeignWalHandler
    {
        protected ForeignHead Head { get; } = head;

        public bool TakesSeries { get; set; }
        public bool OutOfOrder { get; set; }

        public abstract void Series(ulong reference, LabelSet labels);

        public abstract void Deleted(ulong reference, long min, long max);

        public void Sample(ulong reference, long time, double value) => Add(reference, time, value, null);

        public void Sample(ulong reference, long time, NativeHistogram histogram) => Add(reference, time, 0, histogram);

        public abstract bool Wants(ulong reference);

        public void Add(ulong reference, long time, double value, NativeHistogram? histogram)
        {
            if ((!OutOfOrder && time < Head._minValid) || !Head._byReference.TryGetValue(reference, out var series))
                return;
            Take(series, time, value, histogram);
        }

        protected abstract void Take(HeadSeries series, long time, double value, NativeHistogram? histogram);
    }

    private sealed class Scanner : Reader
    {
        public Scanner(ForeignHead head) : base(head) => TakesSeries = true;

        public override void Series(ulong reference, LabelSet labels)
        {
            if (!TakesSeries)
                return;
            // A series that ended and came back has two numbers.
            if (!Head._byLabels.TryGetValue(labels, out var series))
                Head._byLabels[labels] = series = new HeadSeries(labels);
            Head._byReference[reference] = series;
        }

        public override void Deleted(ulong reference, long min, long max)
        {
            if (TakesSeries && Head._byReference.TryGetValue(reference, out var series))
                series.Delete(min, max);
        }

        public override bool Wants(ulong reference) => Head._byReference.ContainsKey(reference);

        protected override void Take(HeadSeries series, long time, double value, NativeHistogram? histogram)
        {
            if (!series.Expect(time, OutOfOrder))
                return;
            Head.Samples++;
            Head.MinTime = Math.Min(Head.MinTime, time);
            Head.MaxTime = Math.Max(Head.MaxTime, time);
        }
    }

    private sealed class Loader(ForeignHead head, HashSet<HeadSeries> chosen) : Reader(head)
    {
        public override void Series(ulong reference, LabelSet labels)
        {
        }

        public override void Deleted(ulong reference, long min, long max)
        {
        }

        public override bool Wants(ulong reference) => Head._byReference.TryGetValue(reference, out var series) && chosen.Contains(series);

        protected override void Take(HeadSeries series, long time, double value, NativeHistogram? histogram)
        {
            if (!chosen.Contains(series))
                return;
            if (OutOfOrder)
                series.Add(time, value, histogram);
            else
                series.AddInOrder(time, value, histogram);
        }
    }
}

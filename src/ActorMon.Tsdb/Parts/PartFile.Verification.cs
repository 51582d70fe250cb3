using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Model.Text;
using ActorMon.Tsdb.Copies;

namespace ActorMon.Tsdb.Parts;

/// <summary>Reads everything and compares.</summary>
public sealed partial class PartFile
{
    private const int MaxProblems = 100;

    /// <summary>
    /// Reads every page past the cache and checks all there is to check: checksums, order of symbols, series and times, samples inside the window, postings against
    /// labels, counts against the directory.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public PartVerification Verify()
    {
        var problems = new List<string>();
        for (var number = 0; number < _directory.Pages.Length; number++)
            if (ReadPage(number, _directory.Pages[number].Kind, out var damage) is null)
                Add(problems, Describe(number, damage!));
        var (series, samples) = (0, 0L);
        if (problems.Count == 0)
        {
            // An instance of its own on the same handle: what the check decodes does not push out what queries use.
            var own = new PartFile(_files, _file, Path, Header, _directory, new PartCache(4 << 20));
            try
            {
                own.CheckSymbols(problems);
                (series, samples) = own.CheckSeries(problems);
                own.CheckPostings(problems);
            }
            catch (PartDamagedException e)
            {
                Add(problems, e.Damage);
            }
            foreach (var damage in own.Damages)
                Add(problems, damage);
        }
        return new PartVerification(_directory.Pages.Length, series, samples, problems);
    }

    /// <summary>
    /// Reads the pages that may hold samples with min &lt;= t &lt;= max, and those of the index, past the cache and holds them against their checksums: a fraction of what reading
    /// the samples takes. What is damaged is noted as a reader's find.
    /// </summary>
    /// <returns>Damaged pages.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal int CheckPages(long min, long max, CancellationToken cancellation)
    {
        var damaged = 0;
        byte[] bytes = [];
        for (var number = 0; number < _directory.Pages.Length; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = _directory.Pages[number];
            if (page.Kind is PageKind.Values or PageKind.Times && !_directory.GroupOverlaps(page.Group, Header.WindowStart, min, max))
                continue;
            if (bytes.Length < page.Length)
                bytes = GC.AllocateUninitializedArray<byte>(Math.Max(page.Length, 2 * PartFormat.PageBytes));
            var read = _file.Read(page.Offset, bytes.AsSpan(0, page.Length));
            if (PartFormat.DamageOf(bytes.AsSpan(0, read), page.Kind, number) is not { } damage)
                continue;
            Note(number, damage);
            damaged++;
        }
        return damaged;
    }

    private void CheckSymbols(List<string> problems)
    {
        for (var i = 1; i < _directory.SymbolCount; i++)
            if (ByteText.Compare(Text(i - 1), Text(i)) >= 0)
                Add(problems, $"symbol {i} does not follow the one before it");
    }

    private (int Series, long Samples) CheckSeries(List<string> problems)
    {
        var buffer = new SampleBuffer();
        var samples = 0L;
        var sums = new DigestSums();
        long min = long.MaxValue, max = long.MinValue;
        for (var id = 0; id < SeriesCount; id++)
        {
            if (id > 0 && Labels(id - 1).CompareTo(Labels(id)) >= 0)
                Add(problems, $"series {id} does not follow the one before it");
            buffer.Clear();
            Read(id, long.MinValue, long.MaxValue, buffer);
            var times = buffer.Times;
            for (var i = 1; i < times.Length; i++)
                if (times[i] <= times[i - 1])
                    Add(problems, $"series {id}: times do not ascend at {times[i]}");
            if (times.IsEmpty)
            {
                Add(problems, $"series {id} has no samples");
                continue;
            }
            sums.Add(StableHash.Of(Labels(id)), buffer);
            samples += times.Length;
            min = Math.Min(min, times[0]);
            max = Math.Max(max, times[^1]);
        }
        if (samples != Samples || min != MinTime || max != MaxTime)
            Add(problems, $"{samples} samples from {min} to {max} were found, the directory says {Samples} from {MinTime} to {MaxTime}");
        if (min < Header.WindowStart || max >= Header.WindowEnd)
            Add(problems, $"samples from {min} to {max} lie outside the window [{Header.WindowStart}, {Header.WindowEnd})");
        if (_directory.Digests.Length > 0 && !PartDigests.Of(sums).AsSpan().SequenceEqual(_directory.Digests))
            Add(problems, "its content has other digests than the directory says");
        return (SeriesCount, samples);
    }

    private void CheckPostings(List<string> problems)
    {
        var labels = 0L;
        for (var id = 0; id < SeriesCount; id++)
            labels += SeriesOf(id).Labels(id % PartFormat.SeriesPerPage).Length;
        var ids = new List<int>();
        foreach (var name in _directory.Names)
        {
            var values = 0;
            foreach (var (value, place) in Postings(name.Symbol, 0))
            {
                values++;
                ids.Clear();
                AddIds(place, ids);
                labels -= ids.Count;
                foreach (var id in ids)
                {
                    if (ValueOf(id, name.Symbol) == value)
                        continue;
                    Add(problems, $"series {id} is listed under a value of {Text(name.Symbol)} that it does not have");
                    break;
                }
            }
            if (values != name.Values)
                Add(problems, $"label {Text(name.Symbol)} has {values} values, the directory says {name.Values}");
        }
        if (labels != 0)
            Add(problems, $"{Math.Abs(labels)} labels {(labels > 0 ? "are in no list" : "are listed too often")}");
    }

    private static void Add(List<string> problems, string problem)
    {
        if (problems.Count < MaxProblems)
            problems.Add(problem);
    }
}

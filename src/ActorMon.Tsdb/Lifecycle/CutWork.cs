using ActorMon.Model.Samples;
using ActorMon.Tsdb.Deletion;
using ActorMon.Tsdb.Head;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Reading;

namespace ActorMon.Tsdb.Lifecycle;

/// <summary>
/// Writes what of a head is older than the cut into parts. The head is a view that changes no more, so the work may fail and be taken up again: windows that were written
/// are not written twice, what is missing is still in the view and in the log.
/// </summary>
internal sealed class CutWork(CutSource cut, long cutTo, long cutSegment, long floor, DeletionLog deletions, PartFactory factory, IReadOnlyList<PartInfo> there, WindowRanges ranges) : StorageWork
{
    /// <summary>Windows further back than this many are looked for in the samples instead of one by one.</summary>
    private const int FewWindows = 16;

    private readonly List<PartFile> _parts = [];
    private SeriesRun _series;
    private IReadOnlyList<PlannedCut>? _plan;
    private int _done;

    public override StorageWorkKind Kind => StorageWorkKind.Cut;

    /// <summary>Those that the source hides: they are carried out in the parts.</summary>
    public DeletionLog Deletions => deletions;

    /// <summary>Parts written so far, in the order of their windows.</summary>
    public IReadOnlyList<PartFile> Parts => _parts;

    /// <summary>The same cut once more after a failure: what is written stays written.</summary>
    public CutWork Again() => new(cut, cutTo, cutSegment, floor, deletions, factory, there, ranges) { _plan = _plan, _series = _series, _done = _done };

    /// <summary>The same cut from the start, under other deletions.</summary>
    public CutWork Anew(CutSource source, DeletionLog log) => new(source, cutTo, cutSegment, floor, log, factory, there, ranges);

    private protected override async Task WriteAsync(WorkPacer pacer, CancellationToken cancellation)
    {
        var buffer = new SampleBuffer();
        if (_plan is null)
        {
            _series = cut.Select(ResolvedMatchers.Resolve([], cut.Head.Symbols), floor, cutTo - 1);
            _plan = CutPlanner.Plan(await FilledAsync(buffer, pacer, cancellation).ConfigureAwait(false), cutTo, there, ranges);
        }
        for (; _done < _plan.Count; _done++)
        {
            if (await WritePartAsync(_plan[_done], buffer, pacer, cancellation).ConfigureAwait(false) is not { } part)
                continue;
            _parts.Add(part);
            Samples += part.Samples;
            BytesWritten += part.Bytes;
        }
    }

    /// <summary>Shortest windows that hold samples. A few are taken as they are; of many, as a backfill of years has, only those that samples stand in.</summary>
    private async Task<List<TimeWindow>> FilledAsync(SampleBuffer buffer, WorkPacer pacer, CancellationToken cancellation)
    {
        var filled = new List<TimeWindow>();
        if (_series.Count == 0)
            return filled;
        var first = TimeWindow.Of(Math.Max(floor, cut.MinTime), ranges.Shortest);
        if (first.Start >= cutTo - FewWindows * ranges.Shortest)
        {
            for (var window = first; window.Start < cutTo; window = new TimeWindow(window.End, window.End + ranges.Shortest))
                filled.Add(window);
            return filled;
        }
        var starts = new SortedSet<long>();
        for (var i = 0; i < _series.Count; i++)
        {
            buffer.Clear();
            cut.Read(_series.Ids[i], floor, cutTo - 1, buffer);
            var end = long.MinValue;
            var start = long.MaxValue;
            foreach (var time in buffer.Times)
            {
                if (time >= start && time < end)
                    continue;
                (start, end) = TimeWindow.Of(time, ranges.Shortest);
                starts.Add(start);
            }
            await pacer.PaceAsync(cancellation).ConfigureAwait(false);
        }
        foreach (var start in starts)
            filled.Add(new TimeWindow(start, start + ranges.Shortest));
        return filled;
    }

    private async Task<PartFile?> WritePartAsync(PlannedCut planned, SampleBuffer buffer, WorkPacer pacer, CancellationToken cancellation)
    {
        using var writer = factory.Create(planned.Window, level: 0, replaces: [], cutTo, cutSegment, deletions.Version);
        for (var i = 0; i < _series.Count; i++)
        {
            buffer.Clear();
            foreach (var stretch in planned.Stretches)
                cut.Read(_series.Ids[i], Math.Max(floor, stretch.Start), stretch.End - 1, buffer);
            SampleMerge.Normalize(buffer);
            if (buffer.Count > 0)
                writer.Add(_series.Labels[i], buffer);
            await pacer.PaceAsync(cancellation).ConfigureAwait(false);
        }
        return writer.Finish(factory.Cache);
    }
}

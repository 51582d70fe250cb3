using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Deletion;
using ActorMon.Tsdb.Head;
using ActorMon.Tsdb.Parts;

namespace ActorMon.Tsdb.Lifecycle;

/// <summary>
/// Writes parts as one, series after series: memory is one series of each input and the pages around it. What retention or a deletion has taken is left out. The inputs
/// stay in force until the store takes the result; an input with damage ends the work and loses nothing.
/// </summary>
internal sealed class CompactionWork(StorageWorkKind kind, IReadOnlyList<PartFile> inputs, TimeWindow window, int level, bool isOverlap, IReadOnlyCollection<long> notYetDeleted, long floor, DeletionMask deleted, PartFactory factory) : StorageWork
{
    public override StorageWorkKind Kind => kind;

    public IReadOnlyList<PartFile> Inputs => inputs;

    public bool IsOverlap => isOverlap;

    /// <summary>Those that are carried out in the output.</summary>
    public DeletionLog Deletions => deleted.Log;

    /// <summary>Null when nothing was left to write, or the work failed.</summary>
    public PartFile? Output { get; private set; }

    /// <summary>The input that turned out to be damaged, and how.</summary>
    public (PartFile Part, string Damage)? Damaged { get; private set; }

    private protected override async Task WriteAsync(WorkPacer pacer, CancellationToken cancellation)
    {
        var reading = new List<Cursor>(inputs.Count);
        try
        {
            foreach (var input in inputs)
                reading.Add(new Cursor(input, factory.Reopen(input)));
            using var writer = factory.Create(window, level, Replaces(), CommonCutTo(), CommonCutSegment(), deleted.Version);
            await MergeAsync(reading, writer, pacer, cancellation).ConfigureAwait(false);
            Output = writer.Finish(factory.Cache);
            Samples = Output?.Samples ?? 0;
            BytesWritten = Output?.Bytes ?? 0;
        }
        catch (PartDamagedException e)
        {
            // Opened in order: when one could not be, it is the first without a cursor.
            var damaged = inputs[Math.Min(reading.Count, inputs.Count - 1)];
            foreach (var cursor in reading)
                if (cursor.Failed)
                    damaged = cursor.Input;
            Damaged = (damaged, e.Damage);
            Failure = e.Message;
        }
        finally
        {
            foreach (var cursor in reading)
                cursor.Dispose();
        }
    }

    private async Task MergeAsync(List<Cursor> reading, PartWriter writer, WorkPacer pacer, CancellationToken cancellation)
    {
        var buffer = new SampleBuffer();
        while (true)
        {
            // Inputs are few: looking at each costs less than a heap.
            LabelSet? next = null;
            foreach (var cursor in reading)
                if (cursor.Current is { } labels && (next is null || labels.CompareTo(next) < 0))
                    next = labels;
            if (next is null)
                return;
            buffer.Clear();
            foreach (var cursor in reading)
                if (cursor.Current is { } labels && labels.Equals(next))
                    cursor.Take(floor, deleted, buffer);
            SampleMerge.Normalize(buffer);
            if (buffer.Count > 0)
                writer.Add(next, buffer);
            await pacer.PaceAsync(cancellation).ConfigureAwait(false);
        }
    }

    private long[] Replaces() => [.. inputs.Select(input => input.Header.Sequence).Concat(notYetDeleted).Distinct().Order()];

    private long CommonCutTo() => CommonCutSegment() == 0 ? 0 : inputs.Min(input => input.Header.CutTo);

    private long CommonCutSegment() => inputs.Min(input => input.Header.CutSegment);

    /// <summary>One input, at a series.</summary>
    private sealed class Cursor : IDisposable
    {
        private readonly PartFile _file;
        private int _at;

        public Cursor(PartFile input, PartFile file)
        {
            Input = input;
            _file = file;
            Load();
        }

        public PartFile Input { get; }

        /// <summary>Null behind the last series.</summary>
        public LabelSet? Current { get; private set; }

        /// <summary>It was being read when the damage was met.</summary>
        public bool Failed { get; private set; }

        /// <summary>Appends the series' samples and goes on to the next.</summary>
        public void Take(long floor, DeletionMask deleted, SampleBuffer into)
        {
            Failed = true;
            if (!deleted.IsEmpty && _file.Header.DeletionVersion < deleted.Version && deleted.Of(Current!, _file.Header.DeletionVersion) is { } ranges)
            {
                foreach (var (min, max) in ranges.Gaps(floor, long.MaxValue))
                    _file.Read(_at, min, max, into);
            }
            else
            {
                _file.Read(_at, floor, long.MaxValue, into);
            }
            // Damaged pages give no samples; what is written here would lose them for good.
            if (_file.DamagedPages > 0)
                throw new PartDamagedException(_file.Path, _file.Damages[0]);
            _at++;
            Load();
            Failed = false;
        }

        public void Dispose() => _file.Dispose();

        private void Load()
        {
            Failed = true;
            Current = _at < _file.SeriesCount ? _file.Labels(_at) : null;
            Failed = false;
        }
    }
}

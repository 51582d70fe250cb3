using System.Runtime.ExceptionServices;

namespace ActorMon.PromQL.Execution;

/// <summary>Computes columns of single series, any of them in any order. Used by one thread, with a context of its own.</summary>
internal abstract class SeriesWorker
{
    /// <summary>Overwrites <paramref name="into"/> with the series' column.</summary>
    public abstract void Compute(int series, Column into);
}

/// <summary>
/// The columns of many series in order. When there is much to do and the heavy lane has an idle slot a helper thread computes blocks ahead of the reader, who
/// computes what nobody has begun; results, errors and their order are those of a single thread. At most <see cref="Ring"/> blocks are held.
/// </summary>
internal sealed class ParallelColumns
{
    private const int Ring = 4;
    private const int BlockSeries = 16;

    /// <summary>Samples and points from which on a thread pays for itself.</summary>
    private const long ParallelFrom = 1_000_000;

    private readonly QueryContext _context;
    private readonly Func<QueryContext, SeriesWorker> _create;
    private readonly SeriesWorker _own;
    private readonly int _count;
    private readonly int _steps;
    private readonly int _blocks;
    private readonly object _gate = new();
    private Block[]? _ring;
    private QueryContext? _fork;
    private Task _helper = Task.CompletedTask;
    private bool _stop;
    private int _claimed;
    private int _next;
    private Block? _current;

    /// <param name="work">Samples and points to look at, roughly.</param>
    public ParallelColumns(QueryContext context, int count, int steps, long work, Func<QueryContext, SeriesWorker> create)
    {
        _context = context;
        _create = create;
        _count = count;
        _steps = steps;
        _blocks = (count + BlockSeries - 1) / BlockSeries;
        _own = create(context);
        if (work >= ParallelFrom && _blocks >= 2 * Ring && context.Profile is null && context.HeavyLane is { } lane && lane.TryTakeIdle())
            StartHelper(lane);
    }

    public void Next(Column into)
    {
        if (_ring is null)
        {
            _own.Compute(_next++, into);
            return;
        }
        if (_next % BlockSeries == 0)
            _current = Arrive(_next / BlockSeries);
        if (_current is null)
            _own.Compute(_next, into);
        else
            _current.Take(_next % BlockSeries, into);
        if (++_next == _count)
            _context.Join(_fork!);
    }

    /// <summary>Ends the helper; nothing is read after that.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _stop = true;
            Monitor.PulseAll(_gate);
        }
        return _helper;
    }

    private void StartHelper(HeavyLane lane)
    {
        _context.Reservation.Take((long)Ring * BlockSeries * _steps * sizeof(double));
        _ring = new Block[Ring];
        for (var i = 0; i < Ring; i++)
            _ring[i] = new Block(_steps);
        _fork = _context.Fork();
        _context.Helpers.Add(this);
        _helper = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    Help(_create(_fork));
                }
                finally
                {
                    lane.GiveBack();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private void Help(SeriesWorker worker)
    {
        while (true)
        {
            int block;
            lock (_gate)
            {
                while (!_stop && _claimed < _blocks && _claimed >= (_next / BlockSeries) + Ring)
                    Monitor.Wait(_gate);
                if (_stop || _claimed >= _blocks)
                    return;
                block = _claimed++;
                _ring![block % Ring].Begin();
            }
            Fill(worker, block);
        }
    }

    /// <summary>Makes the reader's next block ready. Null: nobody had begun it, the reader computes it as it goes.</summary>
    private Block? Arrive(int block)
    {
        while (true)
        {
            int ahead;
            lock (_gate)
            {
                Monitor.PulseAll(_gate);
                if (block >= _claimed)
                {
                    _claimed = block + 1;
                    return null;
                }
                var arrived = _ring![block % Ring];
                if (arrived.IsDone)
                {
                    arrived.Failure?.Throw();
                    return arrived;
                }
                if (_claimed >= Math.Min(_blocks, block + Ring))
                {
                    Monitor.Wait(_gate);
                    continue;
                }
                ahead = _claimed++;
                _ring[ahead % Ring].Begin();
            }
            Fill(_own, ahead);
        }
    }

    private void Fill(SeriesWorker worker, int block)
    {
        var target = _ring![block % Ring];
        ExceptionDispatchInfo? failure = null;
        try
        {
            var first = block * BlockSeries;
            var limit = Math.Min(_count, first + BlockSeries);
            for (var series = first; series < limit; series++)
                worker.Compute(series, target.Columns[series - first]);
        }
        catch (Exception e)
        {
            // It belongs to the reader, when it comes to this block: blocks before it may hold an earlier failure.
            failure = ExceptionDispatchInfo.Capture(e);
        }
        lock (_gate)
        {
            target.Done(failure);
            Monitor.PulseAll(_gate);
        }
    }

    private sealed class Block
    {
        public Block(int steps)
        {
            Columns = new Column[BlockSeries];
            for (var i = 0; i < BlockSeries; i++)
                Columns[i] = new Column(steps);
        }

        public Column[] Columns { get; }
        public bool IsDone { get; private set; }
        public ExceptionDispatchInfo? Failure { get; private set; }

        public void Begin() => (IsDone, Failure) = (false, null);

        public void Done(ExceptionDispatchInfo? failure) => (IsDone, Failure) = (true, failure);

        /// <summary>Gives a column away; the place keeps the reader's.</summary>
        public void Take(int place, Column into) => into.CopyFrom(Columns[place]);
    }
}

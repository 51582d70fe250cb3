using System.Numerics;

namespace ActorMon.PromQL.Execution.Accounting;

/// <summary>
/// How many samples a vector has, in all and at each step. Series come and go a few times at most, so what is kept per step is the change to the step before: a column
/// costs a look at its presence words, however many steps it has.
/// </summary>
internal sealed class VectorTally(int steps)
{
    private readonly int[] _changes = new int[((steps + 63) & ~63) + 1];
    private long[]? _beyondOne;

    /// <summary>Samples of all steps; a histogram counts as its size.</summary>
    public long Size { get; private set; }

    public void Add(Column column)
    {
        var present = column.Present;
        var before = 0UL;
        for (var i = 0; i < present.Length; i++)
        {
            var word = present[i];
            var shifted = word << 1 | before;
            for (var begins = word & ~shifted; begins != 0; begins &= begins - 1)
                _changes[(i << 6) + BitOperations.TrailingZeroCount(begins)]++;
            for (var ends = shifted & ~word; ends != 0; ends &= ends - 1)
                _changes[(i << 6) + BitOperations.TrailingZeroCount(ends)]--;
            before = word >> 63;
            Size += BitOperations.PopCount(word);
        }
        if (column.HasHistograms)
            AddHistograms(column);
    }

    /// <summary>By step the elements more than at the step before; a few zeros beyond the last.</summary>
    public ReadOnlySpan<int> Changes => _changes;

    public bool HasHistograms => _beyondOne is not null;

    /// <summary>Counts what was tallied elsewhere.</summary>
    public void Add(ReadOnlySpan<int> changes, long size)
    {
        for (var i = 0; i < changes.Length; i++)
            _changes[i] += changes[i];
        Size += size;
    }

    public Cursor Steps => new(_changes, _beyondOne);

    /// <summary>Goes through the steps: how many series have a value, and what these values count for.</summary>
    public struct Cursor(int[] changes, long[]? beyondOne)
    {
        private int _step = -1;
        private long _elements;

        public (long Elements, long Size) Next()
        {
            _elements += changes[++_step];
            return (_elements, _elements + (beyondOne?[_step] ?? 0));
        }
    }

    private void AddHistograms(Column column)
    {
        _beyondOne ??= new long[steps];
        foreach (var step in Bits.Steps(column.Present))
        {
            if (column.HistogramAt(step) is not { } histogram)
                continue;
            var beyond = HistogramSize.Of(histogram) - 1;
            _beyondOne[step] += beyond;
            Size += beyond;
        }
    }
}

/// <summary>An operator whose samples are tallied as they pass.</summary>
internal sealed class TalliedOperator(SeriesOperator inner, VectorTally tally, SampleLedger ledger) : SeriesOperator(inner.Grid)
{
    public override IReadOnlyList<SeriesHeader> Open() => inner.Open();

    public override void Next(Column into)
    {
        inner.Next(into);
        tally.Add(into);
        ledger.Check(tally.Size);
    }
}

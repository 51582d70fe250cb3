using ActorMon.Model.Histograms;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Functions;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution.Aggregation;

/// <summary>One group's running value at every step; series are added in canonical order, which decides the last bits of sums.</summary>
internal abstract class Accumulator(int steps)
{
    protected int Steps { get; } = steps;

    /// <summary>Steps at which the group has been given something that counts.</summary>
    protected ulong[] Seen { get; } = new ulong[(steps + 63) >> 6];

    public abstract void Add(Column column);

    /// <summary>Fills a cleared column.</summary>
    public abstract void Finish(Column into);

    public static Accumulator Create(AggregateOp op, int steps, AggregationNotes notes) => op switch
    {
        AggregateOp.Sum => new SumAccumulator(steps, notes),
        AggregateOp.Avg => new AverageAccumulator(steps, notes),
        AggregateOp.Min => new ExtremeAccumulator(steps, notes, maximum: false),
        AggregateOp.Max => new ExtremeAccumulator(steps, notes, maximum: true),
        AggregateOp.Count => new CountAccumulator(steps, presence: false),
        AggregateOp.Group => new CountAccumulator(steps, presence: true),
        AggregateOp.Stddev => new VarianceAccumulator(steps, notes, standardDeviation: true),
        AggregateOp.Stdvar => new VarianceAccumulator(steps, notes, standardDeviation: false),
        _ => throw new InvalidOperationException($"{op} is not accumulated"),
    };
}

/// <summary>What an aggregation notices.</summary>
internal sealed class AggregationNotes(AnnotationSet annotations, AggregateOp op, TextRange place)
{
    public void HistogramIgnored() => annotations.Inform($"ignored histogram in {op.ToString().ToLowerInvariant()} aggregation", place);

    public void MixedTypes() => annotations.Warn("encountered a mix of histograms and floats for aggregation", place);
}

/// <summary>sum and avg share how histograms go: one alone passes, a mix with floats drops the step, more would have to be added up.</summary>
internal abstract class AdditiveAccumulator(int steps, AggregationNotes notes) : Accumulator(steps)
{
    private NativeHistogram?[]? _histograms;
    private ulong[]? _repeated;

    public override void Add(Column column)
    {
        if (column.HasHistograms)
            TakeHistograms(column);
        AddFloats(column);
    }

    protected abstract void AddFloats(Column column);

    protected abstract double FloatAt(int step);

    public override void Finish(Column into)
    {
        foreach (var step in Bits.Steps(Seen))
            if (_histograms?[step] is null)
                into.Set(step, FloatAt(step));
            else
                notes.MixedTypes();
        if (_histograms is null)
            return;
        for (var step = 0; step < Steps; step++)
        {
            if (_histograms[step] is not { } histogram || Bits.Has(Seen, step))
                continue;
            if (_repeated is not null && Bits.Has(_repeated, step))
                QueryFailure.ThrowHistogramArithmetic("aggregation");
            into.Set(step, histogram);
        }
    }

    private void TakeHistograms(Column column)
    {
        _histograms ??= new NativeHistogram?[Steps];
        foreach (var step in Bits.Steps(column.Present))
        {
            if (column.HistogramAt(step) is not { } histogram)
                continue;
            if (_histograms[step] is not null)
                Bits.Set(_repeated ??= new ulong[Seen.Length], step);
            _histograms[step] = histogram;
            column.Unset(step);
        }
    }
}

internal sealed class SumAccumulator(int steps, AggregationNotes notes) : AdditiveAccumulator(steps, notes)
{
    private readonly double[] _sums = new double[steps];
    private readonly double[] _compensations = new double[steps];

    /// <summary>Steps that have a sum.</summary>
    public ulong[] Present => Seen;

    public ReadOnlySpan<double> Sums => _sums;

    public ReadOnlySpan<double> Compensations => _compensations;

    protected override void AddFloats(Column column)
    {
        var values = column.Values;
        for (var word = 0; word < Seen.Length; word++)
        {
            var present = column.Present[word];
            if (present == 0)
                continue;
            var seen = Seen[word];
            var from = word << 6;
            var limit = Math.Min(from + 64, Steps);
            if ((present & seen) == ulong.MaxValue)
            {
                KahanSum.AddAll(values.AsSpan(from, 64), _sums.AsSpan(from, 64), _compensations.AsSpan(from, 64));
                continue;
            }
            if (present == seen)
            {
                // The common case: the same steps as before, mostly all of them.
                for (var step = from; step < limit; step++)
                    if ((present >> step & 1) != 0)
                        KahanSum.Add(values[step], ref _sums[step], ref _compensations[step]);
                continue;
            }
            for (var step = from; step < limit; step++)
            {
                if ((present >> step & 1) == 0)
                    continue;
                if ((seen >> step & 1) != 0)
                    KahanSum.Add(values[step], ref _sums[step], ref _compensations[step]);
                else
                    _sums[step] = values[step];
            }
            Seen[word] = seen | present;
        }
    }

    protected override double FloatAt(int step) => _sums[step] + _compensations[step];
}

internal sealed class AverageAccumulator(int steps, AggregationNotes notes) : AdditiveAccumulator(steps, notes)
{
    private readonly CompensatedMean[] _means = new CompensatedMean[steps];

    protected override void AddFloats(Column column)
    {
        foreach (var step in Bits.Steps(column.Present))
            _means[step].Add(column.Values[step]);
        Bits.Or(Seen, column.Present);
    }

    protected override double FloatAt(int step) => _means[step].Mean;
}

/// <summary>NaN only if all are NaN.</summary>
internal sealed class ExtremeAccumulator(int steps, AggregationNotes notes, bool maximum) : Accumulator(steps)
{
    private readonly double[] _values = new double[steps];

    public override void Add(Column column)
    {
        foreach (var step in Bits.Steps(column.Present))
        {
            if (column.HistogramAt(step) is not null)
            {
                notes.HistogramIgnored();
                continue;
            }
            var value = column.Values[step];
            if (!Bits.Has(Seen, step))
                Bits.Set(Seen, step);
            else if (!double.IsNaN(_values[step]) && !(maximum ? _values[step] < value : _values[step] > value))
                continue;
            _values[step] = value;
        }
    }

    public override void Finish(Column into)
    {
        foreach (var step in Bits.Steps(Seen))
            into.Set(step, _values[step]);
    }
}

/// <summary>count and group: histograms count as well.</summary>
internal sealed class CountAccumulator(int steps, bool presence) : Accumulator(steps)
{
    private readonly int[] _counts = new int[presence ? 0 : steps];

    public override void Add(Column column)
    {
        Bits.Or(Seen, column.Present);
        if (presence)
            return;
        foreach (var step in Bits.Steps(column.Present))
            _counts[step]++;
    }

    public override void Finish(Column into)
    {
        foreach (var step in Bits.Steps(Seen))
            into.Set(step, presence ? 1 : _counts[step]);
    }
}

/// <summary>Population variance by Welford's method.</summary>
internal sealed class VarianceAccumulator(int steps, AggregationNotes notes, bool standardDeviation) : Accumulator(steps)
{
    private readonly double[] _counts = new double[steps];
    private readonly double[] _means = new double[steps];
    private readonly double[] _squares = new double[steps];

    public override void Add(Column column)
    {
        foreach (var step in Bits.Steps(column.Present))
        {
            if (column.HistogramAt(step) is not null)
            {
                notes.HistogramIgnored();
                continue;
            }
            var value = column.Values[step];
            if (!Bits.Has(Seen, step))
            {
                Bits.Set(Seen, step);
                _counts[step] = 1;
                _means[step] = value;
                _squares[step] = double.IsFinite(value) ? 0 : double.NaN;
                continue;
            }
            var count = ++_counts[step];
            var delta = value - _means[step];
            _means[step] += delta / count;
            _squares[step] += delta * (value - _means[step]);
        }
    }

    public override void Finish(Column into)
    {
        foreach (var step in Bits.Steps(Seen))
        {
            var variance = _squares[step] / _counts[step];
            into.Set(step, standardDeviation ? Math.Sqrt(variance) : variance);
        }
    }
}

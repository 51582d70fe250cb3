using ActorMon.Model.Labels;

namespace ActorMon.PromQL.Execution;

/// <summary>A series' labels; DropName: the metric name (with type and unit) goes when the query ends (delayed name removal).</summary>
internal readonly record struct SeriesHeader(LabelSet Labels, bool DropName = false)
{
    /// <summary>The header after an operation that makes the name meaningless: dropped now, or marked.</summary>
    public SeriesHeader WithoutName(bool delayed) => delayed ? this with { DropName = true } : new SeriesHeader(Metadata.Drop(Labels));
}

/// <summary>The labels that describe the metric itself: name, type and unit.</summary>
internal static class Metadata
{
    public static LabelSet Drop(LabelSet labels) => labels.Without(LabelNames.MetricName, LabelNames.Type, LabelNames.Unit);
}

/// <summary>
/// A vector over all steps of a grid, one series after the other. <see cref="Open"/> once, then <see cref="Next"/> once per header, in order.
/// Labels are known before values, so consumers group and match on them first and then fold columns as they come.
/// </summary>
internal abstract class SeriesOperator(StepGrid grid)
{
    public StepGrid Grid { get; } = grid;

    /// <summary>The series in order; some may turn out to have no value at any step.</summary>
    public abstract IReadOnlyList<SeriesHeader> Open();

    /// <summary>Overwrites <paramref name="into"/> with the next series' column.</summary>
    public abstract void Next(Column into);
}

/// <summary>A scalar at every step of a grid.</summary>
internal abstract class ScalarOperator
{
    /// <summary>One value per step; the caller may keep but not change it.</summary>
    public abstract double[] Evaluate();
}

/// <summary>All columns of a vector, held in memory until released.</summary>
internal sealed class MaterializedVector
{
    private readonly long _size;
    private readonly long _bytes;

    private MaterializedVector(IReadOnlyList<SeriesHeader> headers, List<Column> columns, long size, long bytes)
    {
        Headers = headers;
        Columns = columns;
        _size = size;
        _bytes = bytes;
    }

    public IReadOnlyList<SeriesHeader> Headers { get; }
    public List<Column> Columns { get; }

    /// <summary>Called by the owner when it has done with the columns.</summary>
    public void Release(QueryContext context)
    {
        context.Release(_size);
        context.Reservation.Free(_bytes);
    }

    /// <summary>Runs an operator to its end; series without values are left out.</summary>
    public static MaterializedVector From(SeriesOperator source, QueryContext context)
    {
        var opened = source.Open();
        var headers = new List<SeriesHeader>(opened.Count);
        var columns = new List<Column>(opened.Count);
        long total = 0, bytes = 0;
        // A column has room for every step, also for those without a sample.
        var columnBytes = (long)source.Grid.Count * sizeof(double);
        Column? column = null;
        foreach (var header in opened)
        {
            context.CheckCancellation();
            column ??= new Column(source.Grid.Count);
            source.Next(column);
            if (column.IsEmpty)
                continue;
            var size = column.Size;
            context.Hold(size);
            total += size;
            context.Reservation.Take(columnBytes);
            bytes += columnBytes;
            headers.Add(header);
            columns.Add(column);
            column = null;
        }
        return new MaterializedVector(headers, columns, total, bytes);
    }
}

/// <summary>A subplan's columns for several users: the first that opens computes them.</summary>
internal sealed class SharedColumns(SeriesOperator source, QueryContext context)
{
    private MaterializedVector? _columns;
    private int _opened;

    /// <summary>Each further user sees the same samples again and counts them as the peer would.</summary>
    public MaterializedVector Open()
    {
        if (_opened++ > 0)
        {
            context.TotalSamples += _cost.Total;
            context.SamplesRead += _cost.Read;
            context.PerStep?.Add(_stepCost);
            return _columns!;
        }
        var (totalBefore, readBefore, perStep) = (context.TotalSamples, context.SamplesRead, context.PerStep);
        // Counted apart, to be counted again.
        context.PerStep = _stepCost = perStep is null ? null : new StepCounts(perStep.Steps);
        _columns = MaterializedVector.From(source, context);
        context.PerStep = perStep;
        perStep?.Add(_stepCost);
        _cost = (context.TotalSamples - totalBefore, context.SamplesRead - readBefore);
        return _columns;
    }

    private (long Total, long Read) _cost;
    private StepCounts? _stepCost;
}

using ActorMon.Model.Labels;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Execution.Operators;
using ActorMon.PromQL.Functions;
using ActorMon.PromQL.Planning;

namespace ActorMon.PromQL.Execution;

internal sealed partial class OperatorBuilder
{
    private SeriesOperator Call(CallNode call, StepGrid grid)
    {
        if (call.RangeArgument >= 0)
            return RangeFunction(call, grid);
        if (MathFunctions.ByName.TryGetValue(call.Function, out var math))
            return Renamed(new MapOperator(Argument(call, 0, grid), context, math));
        if (DateFunctions.ByName.TryGetValue(call.Function, out var date))
            return Renamed(new MapOperator(call.Arguments.Count == 0 ? new ScalarToVector(grid, new TimeScalar(grid)) : Argument(call, 0, grid), context, date));
        return call.Function switch
        {
            "vector" => new ScalarToVector(grid, Scalar(call.Arguments[0], grid)),
            "absent" => new AbsentOperator(Argument(call, 0, grid), AbsentLabels(call.Arguments[0]), dropName: false),
            "timestamp" => Renamed(Timestamp(call, grid)),
            "round" => Renamed(Mapped(call, grid, (value, scalars) => MathFunctions.Round(value, scalars.Length > 0 ? scalars[0] : 1))),
            "clamp" => Renamed(Mapped(call, grid, (value, scalars) => MathFunctions.Clamp(value, scalars[0], scalars[1]), scalars => !(scalars[1] < scalars[0]))),
            "clamp_min" => Renamed(Mapped(
                call, grid, (value, scalars) => MathFunctions.Clamp(value, scalars[0], double.PositiveInfinity), scalars => !(double.PositiveInfinity < scalars[0]))),
            "clamp_max" => Renamed(Mapped(
                call, grid, (value, scalars) => MathFunctions.Clamp(value, double.NegativeInfinity, scalars[0]), scalars => !(scalars[0] < double.NegativeInfinity))),
            "label_replace" => new MergeDuplicates(
                RelabelOperator.Replace(Argument(call, 0, grid), Text(call, 1), Text(call, 2), Text(call, 3), Text(call, 4)), context),
            "label_join" => new MergeDuplicates(
                RelabelOperator.Join(Argument(call, 0, grid), Text(call, 1), Text(call, 2), [.. Enumerable.Range(3, call.Arguments.Count - 3).Select(i => Text(call, i))]),
                context),
            "sort" or "sort_desc" or "sort_by_label" or "sort_by_label_desc" => Sort(call, grid),
            "histogram_quantile" => Renamed(Classic(call, grid, 1, [new QuantileRequest(Scalar(call.Arguments[0], grid), call.Arguments[0].Place, label: null)])),
            "histogram_quantiles" => Renamed(Classic(
                call,
                grid,
                0,
                [.. Enumerable.Range(2, call.Arguments.Count - 2).Select(i => new QuantileRequest(Scalar(call.Arguments[i], grid), call.Arguments[i].Place, Text(call, 1)))])),
            "histogram_fraction" => Renamed(Classic(call, grid, 2, [new FractionRequest(Scalar(call.Arguments[0], grid), Scalar(call.Arguments[1], grid))])),
            "histogram_count" => Renamed(new HistogramMapOperator(Argument(call, 0, grid), context, histogram => histogram.Count)),
            "histogram_sum" => Renamed(new HistogramMapOperator(Argument(call, 0, grid), context, histogram => histogram.Sum)),
            "histogram_avg" => Renamed(new HistogramMapOperator(Argument(call, 0, grid), context, histogram => histogram.Sum / histogram.Count)),
            "histogram_stddev" or "histogram_stdvar" => Renamed(new HistogramMapOperator(Argument(call, 0, grid), context, _ => HistogramOnly(call.Function))),
            "start_timestamp" => Renamed(StartTime(call, grid)),
            "info" => Info(call, grid),
            _ => throw new InvalidOperationException($"no operator for function {call.Function}"),
        };
    }

    private SeriesOperator RangeFunction(CallNode call, StepGrid grid)
    {
        SeriesOperator operation = PushedOf(call, grid) is { } pushed
            ? new PushedLeaf(pushed, call, grid, context, context.Ledger.Range(call), RangeFunctions.Create(call.Function))
            : RangeOperation(call, grid);
        if (call.Function == "absent_over_time")
            return new AbsentOperator(operation, AbsentLabels(call.Arguments[call.RangeArgument]), dropName: true);
        return Delayed ? operation : new MergeDuplicates(operation, context, strict: true);
    }

    private RangeCall RangeOperation(CallNode call, StepGrid grid)
    {
        var rangeNode = call.Arguments[call.RangeArgument];
        CheckExtension(call.Function, rangeNode);
        var scalars = call.Arguments.Where(argument => argument.Kind == ValueKind.Scalar).Select(argument => Scalar(argument, grid)).ToArray();
        var (source, window) = Range(rangeNode, grid);
        return new RangeCall(grid, context, source, window, call.Function, scalars, call.Arguments[0].Place, context.Ledger.Range(call), _reads);
    }

    private static void CheckExtension(string function, PlanNode range)
    {
        if (range is not RangeSelectNode { Selector.Extension: not RangeExtension.None and var extension })
            return;
        var (name, allowed) = extension == RangeExtension.Anchored ? ("anchored", RangeFunctions.Anchored) : ("smoothed", RangeFunctions.Smoothed);
        if (!allowed.Contains(function))
            QueryFailure.Throw($"{name} modifier can only be used with: {string.Join(", ", allowed)} - not with {function}");
    }

    private SeriesOperator Timestamp(CallNode call, StepGrid grid) => call.Arguments[0] switch
    {
        SelectNode { Selector.Extension: RangeExtension.None } select => new DropNameOperator(Select(select, grid, SelectedValue.Time), context),
        // The argument alone was hoisted (when the call is, it is above): a bare selector still gives its samples' own times.
        RepeatNode { Inner: SelectNode { Selector.Extension: RangeExtension.None } select } =>
            new DropNameOperator(Select(select, grid, SelectedValue.Time), context),
        var other => new StepTimeOperator(Vector(other, grid), context),
    };

    /// <summary>Only a bare selector carries start timestamps, and only when they are switched on.</summary>
    private SeriesOperator StartTime(CallNode call, StepGrid grid) => call.Arguments[0] switch
    {
        SelectNode { Selector.Extension: RangeExtension.None } select when context.Features.StartTimestamps =>
            new DropNameOperator(Select(select, grid, SelectedValue.StartTime), context),
        RepeatNode { Inner: SelectNode { Selector.Extension: RangeExtension.None } select } when context.Features.StartTimestamps =>
            new DropNameOperator(Select(select, grid, SelectedValue.StartTime), context),
        var other => new StartTimeOperator(Vector(other, grid), context),
    };

    private MapWithScalarsOperator Mapped(CallNode call, StepGrid grid, Func<double, double[], double> function, Func<double[], bool>? keep = null) =>
        new(Argument(call, 0, grid), context, [.. call.Arguments.Skip(1).Select(argument => Scalar(argument, grid))], function, keep);

    private SeriesOperator Sort(CallNode call, StepGrid grid)
    {
        var input = Argument(call, 0, grid);
        var byValue = call.Function is "sort" or "sort_desc";
        if (grid.Start != grid.End)
        {
            context.Annotations.Warn("sort is ineffective for range queries since results are always ordered by labels", call.Place);
            return byValue ? new FloatsOnlyOperator(input, context) : input;
        }
        var descending = call.Function.EndsWith("_desc", StringComparison.Ordinal);
        if (byValue)
            return new SortOperator(input, context, (a, b) => SortOperator.ByValue(a, b, descending), floatsOnly: true);
        string[] names = [.. Enumerable.Range(1, call.Arguments.Count - 1).Select(i => Text(call, i))];
        var sign = descending ? -1 : 1;
        return new SortOperator(input, context, (a, b) => sign * SortOperator.ByLabels(a.Header.Labels, b.Header.Labels, names), floatsOnly: false);
    }

    private ClassicHistogramOperator Classic(CallNode call, StepGrid grid, int vectorArgument, IReadOnlyList<HistogramRequest> requests) =>
        new(Argument(call, vectorArgument, grid), context, call.Arguments[vectorArgument].Place, requests);

    /// <summary>The info series follow the time of the first selector in the first argument.</summary>
    private InfoOperator Info(CallNode call, StepGrid grid)
    {
        var selector = new InfoSelector(call.Arguments.Count > 1 ? ((SelectNode)call.Arguments[1]).Selector.Matchers : null);
        var shift = FirstSelectorTime(call.Arguments[0], default) ?? default;
        var spec = new SelectorSpec(selector.SelectionMatchers, shift.OffsetMs, shift.AtMs, RangeExtension.None);
        var infos = new InstantSelector(grid, context, Register(spec, shift, grid), shift, SelectedValue.InfoTime);
        return new InfoOperator(Argument(call, 0, grid), infos, selector, context);
    }

    /// <summary>Offsets add up from the selector outwards until an @ anchors them.</summary>
    private static TimeShiftMs? FirstSelectorTime(PlanNode node, TimeShiftMs outer)
    {
        if (node is SelectNode or RangeSelectNode)
        {
            var own = node is SelectNode select ? select.Selector : ((RangeSelectNode)node).Selector;
            return own.AtMs is { } at ? new TimeShiftMs(own.OffsetMs, at) : new TimeShiftMs(own.OffsetMs + outer.OffsetMs, outer.AtMs);
        }
        if (node is SubqueryNode subquery)
            outer = subquery.AtMs is { } at ? new TimeShiftMs(subquery.OffsetMs, at) : new TimeShiftMs(subquery.OffsetMs + outer.OffsetMs, outer.AtMs);
        foreach (var child in node.Children)
            if (FirstSelectorTime(child, outer) is { } found)
                return found;
        return null;
    }

    private static LabelSet AbsentLabels(PlanNode argument) => argument switch
    {
        SelectNode select => AbsentOperator.LabelsOf(select.Selector.Matchers),
        RangeSelectNode range => AbsentOperator.LabelsOf(range.Selector.Matchers),
        RepeatNode repeat => AbsentLabels(repeat.Inner),
        _ => LabelSet.Empty,
    };

    private static double HistogramOnly(string function)
    {
        QueryFailure.ThrowHistogramArithmetic(function);
        return 0;
    }

    private SeriesOperator Argument(CallNode call, int index, StepGrid grid) => Vector(call.Arguments[index], grid);

    private static string Text(CallNode call, int index) => ((StringNode)call.Arguments[index]).Value;
}

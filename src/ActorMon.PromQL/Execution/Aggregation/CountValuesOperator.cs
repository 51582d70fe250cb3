using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Model.Text;
using ActorMon.PromQL.Execution.Operators;
using ActorMon.PromQL.Planning;
using ActorMon.PromQL.Printing;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution.Aggregation;

/// <summary>count_values("label", v): one output per group and distinct value, the value written into the label.</summary>
internal sealed class CountValuesOperator(SeriesOperator input, string label, AggregateNode node, QueryContext context) : SeriesOperator(input.Grid)
{
    private readonly OutputTable _outputs = new(input.Grid.Count, context);
    private int _next;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        if (!NameValidator.IsValidLabelName(label, NameValidation.Utf8))
            QueryFailure.Throw($"invalid label name {GoQuote.Quote(label)}");
        string[] names = node.Without ? [LabelNames.MetricName, .. node.Grouping] : [label, .. node.Grouping];
        var headers = input.Open();
        var column = new Column(Grid.Count);
        var builder = new LabelSetBuilder();
        var byText = new Dictionary<string, Column>(StringComparer.Ordinal);
        foreach (var header in headers)
        {
            context.CheckCancellation();
            input.Next(column);
            byText.Clear();
            foreach (var step in Bits.Steps(column.Present))
            {
                var text = column.HistogramAt(step) is { } histogram ? histogram.ToString() : GoFloat.FormatF(column.Values[step]);
                if (!byText.TryGetValue(text, out var output))
                {
                    builder.Reset(header.Labels);
                    builder.Set(label, text);
                    var labels = builder.Build();
                    output = _outputs.ColumnOf(new SeriesHeader(node.Without ? labels.Without(names) : labels.Keep(names)));
                    byText.Add(text, output);
                }
                if (!output.Has(step))
                {
                    context.Hold(1);
                    output.Set(step, 0);
                }
                output.Values[step]++;
            }
        }
        return _outputs.Headers;
    }

    public override void Next(Column into) => into.CopyFrom(_outputs.Columns[_next++]);
}

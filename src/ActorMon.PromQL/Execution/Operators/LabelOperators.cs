using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Names;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>label_replace and label_join: new labels, the same columns. Stands below a MergeDuplicates.</summary>
internal sealed class RelabelOperator(SeriesOperator input, Func<SeriesHeader, SeriesHeader> change) : SeriesOperator(input.Grid)
{
    public override IReadOnlyList<SeriesHeader> Open()
    {
        var headers = input.Open();
        var changed = new SeriesHeader[headers.Count];
        for (var i = 0; i < changed.Length; i++)
            changed[i] = change(headers[i]);
        return changed;
    }

    public override void Next(Column into) => input.Next(into);

    public static RelabelOperator Replace(SeriesOperator input, string target, string replacement, string source, string pattern)
    {
        var regex = ParseRegex(pattern);
        if (!NameValidator.IsValidLabelName(target, NameValidation.Utf8))
            QueryFailure.Throw($"invalid destination label name in label_replace(): {target}");
        var builder = new LabelSetBuilder();
        return new RelabelOperator(input, header =>
        {
            if (!regex.TryExpand(header.Labels.Get(source), replacement, out var value))
                return header;
            builder.Reset(header.Labels);
            builder.Set(target, value);
            return new SeriesHeader(builder.Build(), target != LabelNames.MetricName && header.DropName);
        });
    }

    public static RelabelOperator Join(SeriesOperator input, string target, string separator, string[] sources)
    {
        foreach (var source in sources)
            if (!NameValidator.IsValidLabelName(source, NameValidation.Utf8))
                QueryFailure.Throw($"invalid source label name in label_join(): {source}");
        if (!NameValidator.IsValidLabelName(target, NameValidation.Utf8))
            QueryFailure.Throw($"invalid destination label name in label_join(): {target}");
        var builder = new LabelSetBuilder();
        return new RelabelOperator(input, header =>
        {
            builder.Reset(header.Labels);
            builder.Set(target, string.Join(separator, sources.Select(header.Labels.Get)));
            return new SeriesHeader(builder.Build(), target != LabelNames.MetricName && header.DropName);
        });
    }

    private static AnchoredRegex ParseRegex(string pattern)
    {
        try
        {
            return AnchoredRegex.Parse(pattern);
        }
        catch (FormatException)
        {
            throw new QueryFailure(new QueryError(QueryErrorKind.Execution, $"invalid regular expression in label_replace(): {pattern}"));
        }
    }
}

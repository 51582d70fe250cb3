using ActorMon.Model.Labels;
using ActorMon.PromQL.Lexing;

namespace ActorMon.PromQL.Parsing;

/// <summary>Metrics: a name and a set of labels.</summary>
internal sealed partial class QueryParser
{
    public LabelSet? ParseMetricOnly()
    {
        var labels = ParseMetric();
        FinishInput(labels is not null);
        return labels;
    }

    /// <summary>Null: given up.</summary>
    private LabelSet? ParseMetric()
    {
        var labels = new LabelSetBuilder();
        Token? name = Look().CanNameMetric() ? Take() : null;
        if (Look() == TokenKind.LeftBrace && !ParseLabelSet(labels))
            return null;
        if (name is { } outside)
            labels.Set(LabelNames.MetricName, outside.Text);
        return labels.Build();
    }

    /// <summary>"{" labels "}". Reports its own errors; false: given up.</summary>
    private bool ParseLabelSet(LabelSetBuilder labels) => ParseBraceList("label set", () => ParseLabel(labels));

    private void ParseLabel(LabelSetBuilder labels)
    {
        const string context = "label set";
        var kind = Look();
        if (kind is not (TokenKind.Identifier or TokenKind.String))
        {
            AddUnexpected(context, "identifier or \"}\"");
            return;
        }
        var token = Take();
        var name = kind == TokenKind.String ? StringText.Unquote(token.Text) : token.Text;
        if (Look() != TokenKind.Eql)
        {
            if (kind == TokenKind.String)
                labels.Set(LabelNames.MetricName, name);
            else
                AddUnexpected(context, "\"=\"");
            return;
        }
        Take();
        if (Look() == TokenKind.String)
            labels.Set(name, StringText.Unquote(Take().Text));
        else
            AddUnexpected(context, "string");
    }
}

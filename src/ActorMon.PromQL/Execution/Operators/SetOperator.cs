using ActorMon.Model.Labels;
using ActorMon.PromQL.Ast;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>and, unless: left elements whose signature has (has not) an element on the right at the same step. Of the right side only presence is kept.</summary>
internal sealed class FilterBySignature(SeriesOperator left, SeriesOperator right, VectorMatching matching, bool keepMatched) : SeriesOperator(left.Grid)
{
    private readonly MatchSignature _signature = new(matching);
    private readonly Dictionary<LabelSet, ulong[]> _presence = [];
    private IReadOnlyList<SeriesHeader> _headers = [];
    private int _next;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        SignaturePresence.Collect(right, _signature, _presence);
        return _headers = left.Open();
    }

    public override void Next(Column into)
    {
        left.Next(into);
        var found = _presence.TryGetValue(_signature.Of(_headers[_next++].Labels), out var presence);
        foreach (var step in Bits.Steps(into.Present))
            if ((found && Bits.Has(presence, step)) != keepMatched)
                into.Unset(step);
    }
}

/// <summary>or: everything from the left, then what the right has under signatures the left lacks at the step. Stands below a MergeDuplicates.</summary>
internal sealed class UnionBySignature(SeriesOperator left, SeriesOperator right, VectorMatching matching) : SeriesOperator(left.Grid)
{
    private readonly MatchSignature _signature = new(matching);
    private readonly Dictionary<LabelSet, ulong[]> _presence = [];
    private IReadOnlyList<SeriesHeader> _left = [];
    private IReadOnlyList<SeriesHeader> _right = [];
    private int _next;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        _left = left.Open();
        _right = right.Open();
        return [.. _left, .. _right];
    }

    public override void Next(Column into)
    {
        if (_next < _left.Count)
        {
            left.Next(into);
            SignaturePresence.Add(_presence, _signature.Of(_left[_next++].Labels), into);
            return;
        }
        right.Next(into);
        if (!_presence.TryGetValue(_signature.Of(_right[_next++ - _left.Count].Labels), out var presence))
            return;
        foreach (var step in Bits.Steps(into.Present))
            if (Bits.Has(presence, step))
                into.Unset(step);
    }
}

internal static class SignaturePresence
{
    public static void Collect(SeriesOperator source, MatchSignature signature, Dictionary<LabelSet, ulong[]> presence)
    {
        var column = new Column(source.Grid.Count);
        foreach (var header in source.Open())
        {
            source.Next(column);
            Add(presence, signature.Of(header.Labels), column);
        }
    }

    public static void Add(Dictionary<LabelSet, ulong[]> presence, LabelSet signature, Column column)
    {
        if (column.IsEmpty)
            return;
        if (!presence.TryGetValue(signature, out var bits))
            presence.Add(signature, bits = new ulong[column.Present.Length]);
        Bits.Or(bits, column.Present);
    }
}

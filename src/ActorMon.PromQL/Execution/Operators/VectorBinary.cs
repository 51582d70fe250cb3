using ActorMon.Model.Labels;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Planning;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>
/// Arithmetic and comparison of two vectors. The "one" side is held in memory, grouped by signature; the "many" side (one-to-one: the left) streams past it when
/// every result stems from one pair alone and nothing is filled in; otherwise results are collected first.
/// </summary>
internal sealed class VectorBinary : SeriesOperator
{
    private readonly BinaryNode _node;
    private readonly QueryContext _context;
    private readonly SeriesOperator _many;
    private readonly SeriesOperator _one;
    private readonly bool _swapped;
    private readonly double? _fillOne;
    private readonly double? _fillMany;
    private readonly MatchSignature _signature;
    private readonly PairLabels _labels;
    private readonly BinaryKernel _kernel;
    private readonly Dictionary<LabelSet, MatchGroup> _groups = [];
    private readonly ulong[] _anyMany;
    private readonly Column _input;
    private MaterializedVector? _ones;
    private IReadOnlyList<SeriesHeader> _manyHeaders = [];
    private List<(int Many, MatchGroup Group, int Slot)> _pairs = [];
    private List<Column>? _collected;
    private int _nextOutput;
    private int _nextMany;
    private int _inputIs = -1;
    private (string Text, string Hint)? _conflict;

    public VectorBinary(SeriesOperator left, SeriesOperator right, BinaryNode node, QueryContext context)
        : base(left.Grid)
    {
        var matching = node.Matching!;
        _node = node;
        _context = context;
        _swapped = matching.Cardinality == MatchCardinality.OneToMany;
        (_many, _one) = _swapped ? (right, left) : (left, right);
        // The peer does not swap the fills with the sides: fill_right always stands in for the "one" side, group_right or not.
        (_fillMany, _fillOne) = (matching.FillLeft, matching.FillRight);
        _signature = new MatchSignature(matching);
        _labels = new PairLabels(node, context.Features.DelayedNameRemoval);
        _kernel = new BinaryKernel(node.Op, node.ReturnBool, context.Annotations, node.Place);
        _anyMany = new ulong[(Grid.Count + 63) >> 6];
        _input = new Column(Grid.Count);
    }

    private bool Fills => _fillOne is not null || _fillMany is not null;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        _ones = MaterializedVector.From(_one, _context);
        GroupOnes(_ones);
        _manyHeaders = _many.Open();
        var headers = new List<SeriesHeader>(_manyHeaders.Count);
        var distinct = new HashSet<LabelSet>(_manyHeaders.Count);
        var streams = !Fills;
        for (var i = 0; streams && i < _manyHeaders.Count; i++)
        {
            if (!_groups.TryGetValue(_signature.Of(_manyHeaders[i].Labels), out var group))
                continue;
            for (var slot = 0; slot < group.Slots.Count; slot++)
            {
                var header = _labels.Of(_manyHeaders[i].Labels, group.Slots[slot].Labels);
                streams &= distinct.Add(header.Labels);
                headers.Add(header);
                _pairs.Add((i, group, slot));
            }
        }
        if (!streams)
            return Collect();
        if (_pairs.Count == 0)
            DrainMany();
        return headers;
    }

    public override void Next(Column into)
    {
        if (_collected is not null)
        {
            into.CopyFrom(_collected[_nextOutput++]);
            return;
        }
        var (many, group, slot) = _pairs[_nextOutput++];
        while (_inputIs < many)
            ReadMany();
        Combine(_input, group.Slots[slot].Column, into, group, _labels.Of(_manyHeaders[many].Labels, group.Slots[slot].Labels).Labels, _manyHeaders[many].Labels);
        if (_nextOutput == _pairs.Count)
            DrainMany();
    }

    private void GroupOnes(MaterializedVector ones)
    {
        for (var i = 0; i < ones.Columns.Count; i++)
        {
            var (labels, column) = (ones.Headers[i].Labels, ones.Columns[i]);
            var signature = _signature.Of(labels);
            if (!_groups.TryGetValue(signature, out var group))
                _groups.Add(signature, group = new MatchGroup(_anyMany.Length));
            group.Members.Add(i);
            if (Bits.FirstCommon(group.Present, column.Present) >= 0)
                AddDuplicates(group, column);
            Bits.Or(group.Present, column.Present);
            var part = _labels.IncludedPart(labels);
            var slot = group.Slots.FindIndex(known => known.Part.Equals(part));
            if (slot < 0)
                group.Slots.Add((part, labels, column));
            else
                group.Slots[slot] = (part, labels, Merged(group.Slots[slot].Column, column));
        }
    }

    private static void AddDuplicates(MatchGroup group, Column column)
    {
        var common = (ulong[])group.Present.Clone();
        Bits.And(common, column.Present);
        group.Duplicates ??= new ulong[common.Length];
        Bits.Or(group.Duplicates, common);
    }

    private static Column Merged(Column a, Column b)
    {
        var merged = new Column(a.Steps);
        merged.CopyFrom(a);
        foreach (var step in Bits.Steps(b.Present))
            merged.SetFrom(b, step, step);
        return merged;
    }

    private void ReadMany()
    {
        _many.Next(_input);
        _inputIs = _nextMany++;
        Bits.Or(_anyMany, _input.Present);
    }

    /// <summary>Reads on to the end, because only then it is known at which steps duplicates on the "one" side matter.</summary>
    private void DrainMany()
    {
        if (!HasDuplicates())
        {
            _ones!.Release(_context);
            return;
        }
        while (_nextMany < _manyHeaders.Count)
            ReadMany();
        CheckDuplicates();
    }

    private bool HasDuplicates()
    {
        foreach (var group in _groups.Values)
            if (group.Duplicates is not null)
                return true;
        return false;
    }

    private void CheckDuplicates()
    {
        var everywhere = Fills ? Bits.Full(Grid.Count) : _anyMany;
        foreach (var (signature, group) in _groups)
            if (group.Duplicates is { } duplicates && Bits.FirstCommon(duplicates, everywhere) is var step and >= 0)
                ThrowDuplicates(signature, group, step);
        if (_conflict is { } conflict)
            QueryFailure.Throw(conflict.Text, conflict.Hint);
    }

    private void ThrowDuplicates(LabelSet signature, MatchGroup group, int step)
    {
        var clashing = group.Members.Where(i => _ones!.Columns[i].Has(step)).Select(i => _ones!.Headers[i].Labels).ToArray();
        var present = clashing.Take(2).Select(labels => labels.ToString()).Order(StringComparer.Ordinal).ToArray();
        QueryFailure.Throw(
            $"found duplicate series for the match group {signature} on the {(_swapped ? "left" : "right")} hand-side of the operation: "
            + $"[{present[0]}, {present[1]}];many-to-many matching not allowed: matching labels must be unique on one side",
            ClashText.Of(clashing));
    }

    /// <summary>One pair of columns; the steps it was matched at are taken by it alone.</summary>
    private void Combine(Column many, Column one, Column into, MatchGroup? group, LabelSet result, LabelSet manyLabels)
    {
        var matched = new ulong[_anyMany.Length];
        if (_swapped)
            _kernel.Apply(one, many, into, matched);
        else
            _kernel.Apply(many, one, into, matched);
        if (group is null)
            return;
        if (_node.Matching!.Cardinality == MatchCardinality.OneToOne)
        {
            if (Bits.FirstCommon(group.Matched, matched) >= 0)
                Conflict(group, "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)", manyLabels);
        }
        else
        {
            if (!group.Taken.TryGetValue(result, out var taken))
                group.Taken.Add(result, taken = new ulong[matched.Length]);
            if (Bits.FirstCommon(taken, matched) >= 0)
                Conflict(group, "multiple matches for labels: grouping labels must ensure unique matches", manyLabels);
            Bits.Or(taken, matched);
        }
        Bits.Or(group.Matched, matched);
        if (matched.AsSpan().ContainsAnyExcept(0UL))
            group.LastMany = manyLabels;
    }

    /// <summary>Duplicates on the "one" side are the better explanation; whether they count is known at the end.</summary>
    private void Conflict(MatchGroup group, string text, LabelSet many)
    {
        var hint = group.LastMany is { } before && !before.Equals(many) ? ClashText.Of([before, many]) : "";
        if (group.Duplicates is null)
            QueryFailure.Throw(text, hint);
        _conflict ??= (text, hint);
    }

    private List<SeriesHeader> Collect()
    {
        _pairs = [];
        var outputs = new OutputTable(Grid.Count, _context);
        var result = new Column(Grid.Count);
        var fill = new Column(Grid.Count);
        // After a conflict the query fails whatever follows; which text it fails with is known only at the end.
        // Elements of the many side without partner share their fill matches by signature.
        var unmatched = new Dictionary<LabelSet, MatchGroup>();
        for (var i = 0; i < _manyHeaders.Count; i++)
        {
            _context.CheckCancellation();
            ReadMany();
            if (_input.IsEmpty)
                continue;
            var labels = _manyHeaders[i].Labels;
            var signature = _signature.Of(labels);
            if (!_groups.TryGetValue(signature, out var group) && _fillOne is not null && !unmatched.TryGetValue(signature, out group))
                unmatched.Add(signature, group = new MatchGroup(_anyMany.Length));
            if (group is null)
                continue;
            foreach (var slot in group.Slots)
            {
                var header = _labels.Of(labels, slot.Labels);
                Combine(_input, slot.Column, result, group, header.Labels, labels);
                if (_conflict is null)
                    outputs.Add(header, result);
            }
            if (_fillOne is { } value && FillColumn(fill, value, _input, group.Present))
            {
                var header = _labels.Of(labels, _labels.OfFill(labels));
                Combine(_input, fill, result, group, header.Labels, labels);
                if (_conflict is null)
                    outputs.Add(header, result);
            }
        }
        CheckDuplicates();
        if (_fillMany is { } missing)
            FillUnmatchedOnes(missing, outputs, result, fill);
        _ones!.Release(_context);
        _collected = outputs.Columns;
        return outputs.Headers;
    }

    private void FillUnmatchedOnes(double value, OutputTable outputs, Column result, Column fill)
    {
        for (var i = 0; i < _ones!.Columns.Count; i++)
        {
            var labels = _ones.Headers[i].Labels;
            var group = _groups[_signature.Of(labels)];
            if (!FillColumn(fill, value, _ones.Columns[i], group.Matched))
                continue;
            var header = _labels.Of(_labels.OfFill(labels), labels);
            Combine(fill, _ones.Columns[i], result, group: null, header.Labels, labels);
            outputs.Add(header, result);
        }
    }

    /// <summary>A constant at the steps <paramref name="other"/> has but <paramref name="except"/> does not; false when there are none.</summary>
    private static bool FillColumn(Column fill, double value, Column other, ulong[] except)
    {
        fill.Clear();
        Array.Fill(fill.Values, value);
        other.Present.CopyTo(fill.Present, 0);
        Bits.AndNot(fill.Present, except);
        return !fill.IsEmpty;
    }
}

/// <summary>Result columns by labels; two results with equal labels at one step fail the query.</summary>
internal sealed class OutputTable(int steps, QueryContext context)
{
    private readonly Dictionary<LabelSet, int> _places = [];

    public List<SeriesHeader> Headers { get; } = [];
    public List<Column> Columns { get; } = [];

    public void Add(SeriesHeader header, Column column)
    {
        if (column.IsEmpty)
            return;
        var target = ColumnOf(header);
        if (Bits.FirstCommon(target.Present, column.Present) >= 0)
            QueryFailure.ThrowSameLabelSet();
        foreach (var step in Bits.Steps(column.Present))
            target.SetFrom(column, step, step);
    }

    public Column ColumnOf(SeriesHeader header)
    {
        if (_places.TryGetValue(header.Labels, out var place))
            return Columns[place];
        _places.Add(header.Labels, Columns.Count);
        Headers.Add(header);
        context.Reservation.Take((long)steps * sizeof(double));
        Columns.Add(new Column(steps));
        return Columns[^1];
    }
}

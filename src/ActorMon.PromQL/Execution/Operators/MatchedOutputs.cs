using ActorMon.Model.Labels;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Functions;
using ActorMon.PromQL.Planning;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>The labels of a matched pair's result: the "many" side's, cut to the matching labels one-to-one, plus those included from the "one" side.</summary>
internal sealed class PairLabels(BinaryNode node, bool delayedNameRemoval)
{
    private readonly VectorMatching _matching = node.Matching!;
    private readonly bool _dropsName = ScalarMath.DropsName(node.Op) || (node.ReturnBool && !delayedNameRemoval);
    private readonly string[] _names = [.. node.Matching!.MatchingLabels];
    private readonly LabelSetBuilder _builder = new();

    public SeriesHeader Of(LabelSet many, LabelSet one)
    {
        var labels = _dropsName ? Metadata.Drop(many) : many;
        if (_matching.Cardinality == MatchCardinality.OneToOne)
            labels = _matching.On ? labels.Keep(_names) : labels.Without(_names);
        if (_matching.Include.Count > 0)
        {
            _builder.Reset(labels);
            foreach (var name in _matching.Include)
                _builder.Set(name, one.Get(name));
            labels = _builder.Build();
        }
        return new SeriesHeader(labels, node.ReturnBool);
    }

    /// <summary>What of the "one" side's labels decides the result's labels.</summary>
    public LabelSet IncludedPart(LabelSet one) => _matching.Include.Count == 0 ? LabelSet.Empty : one.Keep([.. _matching.Include]);

    /// <summary>The labels a filled-in element gets: those it was missed by.</summary>
    public LabelSet OfFill(LabelSet other) => _matching.On ? other.Keep(_names) : other.Without([LabelNames.MetricName, .. _names]);
}

/// <summary>All elements of the "one" side under one signature.</summary>
internal sealed class MatchGroup(int words)
{
    /// <summary>The group's series merged, apart for each set of included labels (the result's labels depend on those).</summary>
    public List<(LabelSet Part, LabelSet Labels, Column Column)> Slots { get; } = [];

    /// <summary>Indices of the series, in order.</summary>
    public List<int> Members { get; } = [];

    /// <summary>Steps at which some series has a value.</summary>
    public ulong[] Present { get; } = new ulong[words];

    /// <summary>Steps at which several have one: an error where the other side has any value.</summary>
    public ulong[]? Duplicates { get; set; }

    /// <summary>Steps that were part of an operation.</summary>
    public ulong[] Matched { get; } = new ulong[words];

    /// <summary>The series of the many side that was matched last; errors name it.</summary>
    public LabelSet? LastMany { get; set; }

    /// <summary>Many-to-one: steps taken per result.</summary>
    public Dictionary<LabelSet, ulong[]> Taken { get; } = [];
}

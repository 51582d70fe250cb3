using ActorMon.Model.Labels;

namespace ActorMon.Rules.Evaluation;

/// <summary>
/// The series a rule wrote last, to end those it writes no more with a stale marker. One pass: <see cref="Begin"/>, <see cref="Track"/> each series,
/// <see cref="Vanished"/>, then <see cref="Commit"/>; a pass that is not committed changes nothing. Not thread-safe.
/// </summary>
public sealed class SeriesTracker
{
    private HashSet<LabelSet> _written = [];
    private HashSet<LabelSet> _now = [];

    /// <summary>Those of the last committed pass.</summary>
    public IReadOnlyCollection<LabelSet> Written => _written;

    public void Begin() => _now.Clear();

    /// <summary>False: this pass has the series already.</summary>
    public bool Track(LabelSet series) => _now.Add(series);

    /// <summary>Adds the series of the last committed pass that this one does not have.</summary>
    public void Vanished(List<LabelSet> to)
    {
        foreach (var series in _written)
            if (!_now.Contains(series))
                to.Add(series);
    }

    /// <summary>A series of this pass was not written after all.</summary>
    public void Refused(LabelSet series) => _now.Remove(series);

    /// <summary>What this pass tracked was written.</summary>
    public void Commit() => (_written, _now) = (_now, _written);

    /// <summary>Adds every series and forgets them.</summary>
    public void Release(List<LabelSet> to)
    {
        to.AddRange(_written);
        _written.Clear();
    }
}

using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Protocol.Links;

namespace ActorMon.Actors.Reading;

/// <summary>Newest samples that were asked for, series by series; one that nobody knows is not in it.</summary>
internal sealed class NewestOfSeries : INewestSamples
{
    private readonly Dictionary<LabelSet, (long Time, double Value)> _known = [];

    public (long Time, double Value)? Newest(LabelSet series) => _known.TryGetValue(series, out var found) ? found : null;

    /// <summary>What one node says of some series, in their order.</summary>
    /// <exception cref="LinkBrokenException">It does not say of each.</exception>
    public static NewestOfSeries Of(IReadOnlyList<LabelSet> asked, IReadOnlyList<(long Time, double Value)?> answers)
    {
        if (answers.Count != asked.Count)
            throw new LinkBrokenException($"newest samples of {asked.Count} series were asked for, {answers.Count} came");
        var found = new NewestOfSeries();
        for (var i = 0; i < answers.Count; i++)
            if (answers[i] is { } newest)
                found._known[asked[i]] = newest;
        return found;
    }

    public void Add(NewestOfSeries part)
    {
        foreach (var (series, newest) in part._known)
            _known[series] = newest;
    }
}

using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Silences;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using Wire = ActorMon.Protocol.Serialization.AlertingWire;

namespace ActorMon.Protocol.Alerting;

/// <summary>Matchers of silences as protobuf.</summary>
internal static class MatcherWire
{
    public static IEnumerable<Wire.Matchers> Of(IEnumerable<MatcherSet> sets) =>
        Of(sets.Select(set => set.Matchers.Select(m => new ProposedMatcher(m.Name, m.Operator, m.Value))));

    public static IEnumerable<Wire.Matchers> Of(IEnumerable<IEnumerable<ProposedMatcher>> sets)
    {
        foreach (var set in sets)
        {
            var matchers = new Wire.Matchers();
            foreach (var matcher in set)
                matchers.Matchers_.Add(new Wire.Matcher { Op = (int)matcher.Operator, Name = matcher.Name, Value = matcher.Value });
            yield return matchers;
        }
    }

    public static IReadOnlyList<MatcherSet> SetsFrom(IEnumerable<Wire.Matchers> sets) =>
        [.. sets.Select(set => new MatcherSet(set.Matchers_.Select(m => new AlertMatcher((MatchOperator)m.Op, m.Name, m.Value))))];

    public static IReadOnlyList<IReadOnlyList<ProposedMatcher>> ProposedFrom(IEnumerable<Wire.Matchers> sets) =>
        [.. sets.Select(set => (IReadOnlyList<ProposedMatcher>)[.. set.Matchers_.Select(m => new ProposedMatcher(m.Name, (MatchOperator)m.Op, m.Value))])];
}

/// <summary>Labels as names and values in turn, sorted by name.</summary>
internal static class PairsWire
{
    public static void Add(ICollection<string> wire, LabelSet labels)
    {
        foreach (var label in labels)
        {
            wire.Add(label.Name);
            wire.Add(label.Value);
        }
    }

    // A value may be empty, so the pairs are taken as they were written.
    public static LabelSet From(IList<string> wire)
    {
        var labels = new Label[wire.Count / 2];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = new Label(wire[2 * i], wire[(2 * i) + 1]);
        return LabelSet.FromSortedUnchecked(labels);
    }
}

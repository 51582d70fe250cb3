using ActorMon.Model.Labels;
using ActorMon.PromQL.Planning;

namespace ActorMon.PromQL.Execution.Aggregation;

/// <summary>Which output group each input series belongs to; groups in order of first appearance.</summary>
internal sealed class Grouping
{
    private Grouping(List<SeriesHeader> groups, int[] groupOf)
    {
        Groups = groups;
        GroupOf = groupOf;
    }

    public List<SeriesHeader> Groups { get; }

    public int[] GroupOf { get; }

    public static Grouping Of(IReadOnlyList<SeriesHeader> series, AggregateNode node)
    {
        string[] names = node.Without ? [LabelNames.MetricName, .. node.Grouping] : [.. node.Grouping];
        var places = new Dictionary<LabelSet, int>();
        var groups = new List<SeriesHeader>();
        var groupOf = new int[series.Count];
        for (var i = 0; i < groupOf.Length; i++)
        {
            var header = series[i];
            var labels = node.Without ? header.Labels.Without(names) : names.Length == 0 ? LabelSet.Empty : header.Labels.Keep(names);
            if (!places.TryGetValue(labels, out var place))
            {
                places.Add(labels, place = groups.Count);
                groups.Add(new SeriesHeader(labels));
            }
            if (header.DropName)
                groups[place] = groups[place] with { DropName = true };
            groupOf[i] = place;
        }
        return new Grouping(groups, groupOf);
    }
}

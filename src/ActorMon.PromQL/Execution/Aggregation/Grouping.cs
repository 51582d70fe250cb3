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
        var values = new string[names.Length];
        var byValues = new Dictionary<string[], int>(TextsComparer.Instance).GetAlternateLookup<ReadOnlySpan<string>>();
        var byLabels = new Dictionary<LabelSet, int>();
        var groups = new List<SeriesHeader>();
        var groupOf = new int[series.Count];
        for (var i = 0; i < groupOf.Length; i++)
        {
            var header = series[i];
            int place;
            if (node.Without)
            {
                var labels = header.Labels.Without(names);
                if (!byLabels.TryGetValue(labels, out place))
                    byLabels.Add(labels, place = Add(groups, labels));
            }
            else
            {
                // The values alone tell a group: labels are made once for each.
                for (var n = 0; n < names.Length; n++)
                    values[n] = header.Labels.Get(names[n]);
                if (!byValues.TryGetValue(values, out place))
                    byValues[values] = place = Add(groups, names.Length == 0 ? LabelSet.Empty : header.Labels.Keep(names));
            }
            if (header.DropName)
                groups[place] = groups[place] with { DropName = true };
            groupOf[i] = place;
        }
        return new Grouping(groups, groupOf);
    }

    private static int Add(List<SeriesHeader> groups, LabelSet labels)
    {
        groups.Add(new SeriesHeader(labels));
        return groups.Count - 1;
    }

    /// <summary>Lists of texts by content; looked up by spans, so that only a new group makes an array.</summary>
    private sealed class TextsComparer : IEqualityComparer<string[]>, IAlternateEqualityComparer<ReadOnlySpan<string>, string[]>
    {
        public static readonly TextsComparer Instance = new();

        public bool Equals(string[]? a, string[]? b) => a.AsSpan().SequenceEqual(b);

        public bool Equals(ReadOnlySpan<string> alternate, string[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(string[] texts) => GetHashCode(texts.AsSpan());

        public int GetHashCode(ReadOnlySpan<string> alternate)
        {
            var hash = 0;
            foreach (var text in alternate)
                hash = (hash * 31) + text.GetHashCode(StringComparison.Ordinal);
            return hash;
        }

        public string[] Create(ReadOnlySpan<string> alternate) => alternate.ToArray();
    }
}

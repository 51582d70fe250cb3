using ActorMon.Model.Labels;
using ActorMon.Model.Text;

namespace ActorMon.Alerting.Alerts;

/// <summary>The order of alerts in a notification: by job, then instance (those without last), then all labels.</summary>
public sealed class AlertOrder : IComparer<Alert>
{
    public static readonly AlertOrder Instance = new();

    public int Compare(Alert? x, Alert? y)
    {
        var (one, other) = (x!.Labels, y!.Labels);
        var order = ByLabel(one, other, LabelNames.Job);
        if (order == 0)
            order = ByLabel(one, other, LabelNames.Instance);
        return order != 0 ? order : ByLabels(one, other);
    }

    private static int ByLabel(LabelSet one, LabelSet other, string name)
    {
        var (has, otherHas) = (one.Has(name), other.Has(name));
        return has != otherHas ? (has ? -1 : 1) : ByteText.Compare(one.Get(name), other.Get(name));
    }

    /// <summary>Fewer labels first; then the first name that only one has puts that one last; then values.</summary>
    public static int ByLabels(LabelSet one, LabelSet other)
    {
        if (one.Count != other.Count)
            return one.Count.CompareTo(other.Count);
        for (var i = 0; i < one.Count; i++)
        {
            var names = ByteText.Compare(other[i].Name, one[i].Name);
            if (names != 0)
                return names;
            var values = ByteText.Compare(one[i].Value, other[i].Value);
            if (values != 0)
                return values;
        }
        return 0;
    }
}

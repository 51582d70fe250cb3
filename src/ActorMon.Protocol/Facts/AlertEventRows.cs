using ActorMon.Alerting.History;
using ActorMon.Protocol.Alerting;

namespace ActorMon.Protocol.Facts;

/// <summary>Events of alerts as they travel between nodes and lie in files.</summary>
public static class AlertEventRows
{
    public static AlertEventRow Of(AlertEvent happened)
    {
        var row = new AlertEventRow
        {
            At = WireTime.Of(happened.At),
            Kind = (int)happened.Kind,
            Labels = happened.Labels.ToWire(),
            Group = FactTexts.Bytes(happened.Group),
            Receiver = FactTexts.Bytes(happened.Receiver),
            Integration = FactTexts.Bytes(happened.Integration),
            Detail = FactTexts.Bytes(happened.Detail),
            Node = FactTexts.Bytes(happened.Node),
        };
        foreach (var by in happened.By)
            row.By.Add(FactTexts.Bytes(by));
        return row;
    }

    /// <exception cref="FormatException">A label has no value.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A time beyond the calendar.</exception>
    public static AlertEvent Event(AlertEventRow row) => new(WireTime.From(row.At), (AlertEventKind)row.Kind, row.Labels.FromWire())
    {
        Group = row.Group.Text(),
        Receiver = row.Receiver.Text(),
        Integration = row.Integration.Text(),
        By = [.. row.By.Select(by => by.Text())],
        Detail = row.Detail.Text(),
        Node = row.Node.Text(),
    };
}

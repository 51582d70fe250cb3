using ActorMon.Alerting.Acknowledgements;
using ActorMon.Model.Labels;
using Wire = ActorMon.Protocol.Serialization.AlertingWire;

namespace ActorMon.Protocol.Alerting;

/// <summary>Acknowledgements as protobuf.</summary>
internal static class AcknowledgementWire
{
    public static Wire.Acknowledgement Of(Acknowledgement acknowledgement)
    {
        var wire = new Wire.Acknowledgement
        {
            Labels = Of(acknowledgement.Labels),
            Owner = acknowledgement.Owner,
            Comment = acknowledgement.Comment,
            At = WireTime.Of(acknowledgement.At),
        };
        if (acknowledgement.Until is { } until)
            wire.Until = WireTime.Of(until);
        return wire;
    }

    public static Acknowledgement From(Wire.Acknowledgement wire) =>
        new(LabelsFrom(wire.Labels), wire.Owner, wire.Comment, WireTime.From(wire.At)) { Until = wire.HasUntil ? WireTime.From(wire.Until) : null };

    public static Wire.Pairs Of(LabelSet labels)
    {
        var wire = new Wire.Pairs();
        PairsWire.Add(wire.Text, labels);
        return wire;
    }

    public static LabelSet LabelsFrom(Wire.Pairs? wire) => PairsWire.From(wire?.Text ?? []);
}

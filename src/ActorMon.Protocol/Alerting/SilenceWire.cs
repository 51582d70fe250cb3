using ActorMon.Alerting.Silences;
using ActorMon.Model.Labels;
using Wire = ActorMon.Protocol.Serialization.AlertingWire;

namespace ActorMon.Protocol.Alerting;

/// <summary>Silences as protobuf.</summary>
internal static class SilenceWire
{
    public static Wire.SilenceRecord Of(SilenceChange change)
    {
        var wire = new Wire.SilenceRecord();
        wire.Silences.Add(change.Stored.Select(Of));
        wire.Removed.Add(change.Removed);
        wire.Recurring.Add(change.Recurring.Select(RecurringWire.Of));
        wire.RecurringRemoved.Add(change.RecurringRemoved);
        wire.Acknowledged.Add(change.Acknowledged.Select(AcknowledgementWire.Of));
        wire.Released.Add(change.Released.Select(AcknowledgementWire.Of));
        return wire;
    }

    public static SilenceChange From(Wire.SilenceRecord? wire) => wire is null
        ? SilenceChange.None
        : new([.. wire.Silences.Select(From)], [.. wire.Removed])
        {
            Recurring = [.. wire.Recurring.Select(RecurringWire.From)],
            RecurringRemoved = [.. wire.RecurringRemoved],
            Acknowledged = [.. wire.Acknowledged.Select(AcknowledgementWire.From)],
            Released = [.. wire.Released.Select(AcknowledgementWire.LabelsFrom)],
        };

    public static Wire.Silence Of(Silence silence)
    {
        var wire = Of(silence.Id, silence.StartsAt, silence.EndsAt, silence.CreatedBy, silence.Comment, silence.Annotations);
        wire.Sets.Add(MatcherWire.Of(silence.MatcherSets));
        (wire.UpdatedAt, wire.UntilResolved, wire.HasMatched) = (WireTime.Of(silence.UpdatedAt), silence.UntilResolved, silence.HasMatched);
        return wire;
    }

    public static Wire.Silence Of(SilenceProposal proposal)
    {
        var wire = Of(proposal.Id, proposal.StartsAt, proposal.EndsAt, proposal.CreatedBy, proposal.Comment, proposal.Annotations);
        wire.Sets.Add(MatcherWire.Of(proposal.MatcherSets));
        wire.UntilResolved = proposal.UntilResolved;
        return wire;
    }

    public static Silence From(Wire.Silence wire) => new()
    {
        Id = wire.Id,
        MatcherSets = MatcherWire.SetsFrom(wire.Sets),
        StartsAt = WireTime.From(wire.StartsAt),
        EndsAt = WireTime.From(wire.EndsAt),
        UpdatedAt = WireTime.From(wire.UpdatedAt),
        CreatedBy = wire.CreatedBy,
        Comment = wire.Comment,
        Annotations = PairsWire.From(wire.Annotations),
        UntilResolved = wire.UntilResolved,
        HasMatched = wire.HasMatched,
    };

    public static SilenceProposal ProposalFrom(Wire.Silence wire) => new()
    {
        Id = wire.Id,
        MatcherSets = MatcherWire.ProposedFrom(wire.Sets),
        StartsAt = wire.HasStartsAt ? WireTime.From(wire.StartsAt) : null,
        EndsAt = wire.HasEndsAt ? WireTime.From(wire.EndsAt) : null,
        CreatedBy = wire.CreatedBy,
        Comment = wire.Comment,
        Annotations = PairsWire.From(wire.Annotations),
        UntilResolved = wire.UntilResolved,
    };

    private static Wire.Silence Of(string id, DateTimeOffset? startsAt, DateTimeOffset? endsAt, string createdBy, string comment, LabelSet annotations)
    {
        var wire = new Wire.Silence { Id = id, CreatedBy = createdBy, Comment = comment };
        if (startsAt is { } start)
            wire.StartsAt = WireTime.Of(start);
        if (endsAt is { } end)
            wire.EndsAt = WireTime.Of(end);
        PairsWire.Add(wire.Annotations, annotations);
        return wire;
    }
}

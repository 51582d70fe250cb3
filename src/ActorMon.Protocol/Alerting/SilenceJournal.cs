using System.Runtime.Serialization;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Silences;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Protocol.Journal;
using Google.Protobuf;
using Wire = ActorMon.Protocol.Serialization.AlertingWire;

namespace ActorMon.Protocol.Alerting;

/// <summary>Silences that were stored, and ids of those that are forgotten.</summary>
public sealed record SilenceChange(IReadOnlyList<Silence> Stored, IReadOnlyList<string> Removed)
{
    public void ApplyTo(SilenceBook book)
    {
        foreach (var silence in Stored)
            book.Apply(silence);
        foreach (var id in Removed)
            book.Remove(id);
    }
}

/// <summary>The silences of a cluster in their journal.</summary>
public static class SilenceJournal
{
    private const string Change = "sich";
    private const string State = "sist";

    public static string PersistenceId(Guid cluster) => $"silences-{cluster}";

    public static JournalRecord RecordOf(SilenceChange change) => new(Change, SilenceWire.Of(change).ToByteArray());

    /// <param name="all">In place of all that was written before.</param>
    public static JournalRecord StateOf(IReadOnlyCollection<Silence> all) => new(State, SilenceWire.Of(new SilenceChange([.. all], [])).ToByteArray());

    /// <exception cref="SerializationException">Of a newer version, or damaged.</exception>
    public static SilenceChange ChangeOf(JournalRecord record)
    {
        if (record.Manifest is not (Change or State))
            throw new SerializationException($"the journal of silences has a record \"{record.Manifest}\" of a newer version");
        try
        {
            return SilenceWire.From(Wire.SilenceRecord.Parser.ParseFrom(record.Payload));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or FormatException)
        {
            throw new SerializationException($"the journal of silences has a damaged record \"{record.Manifest}\": {e.Message}", e);
        }
    }
}

/// <summary>Silences as protobuf.</summary>
internal static class SilenceWire
{
    public static Wire.SilenceRecord Of(SilenceChange change)
    {
        var wire = new Wire.SilenceRecord();
        wire.Silences.Add(change.Stored.Select(Of));
        wire.Removed.Add(change.Removed);
        return wire;
    }

    public static SilenceChange From(Wire.SilenceRecord? wire) => new([.. (wire?.Silences ?? []).Select(From)], [.. wire?.Removed ?? []]);

    public static Wire.Silence Of(Silence silence)
    {
        var wire = Of(
            silence.Id, silence.MatcherSets.Select(set => set.Matchers.Select(m => new ProposedMatcher(m.Name, m.Operator, m.Value))), silence.StartsAt, silence.EndsAt, silence.CreatedBy,
            silence.Comment, silence.Annotations);
        wire.UpdatedAt = WireTime.Of(silence.UpdatedAt);
        return wire;
    }

    public static Wire.Silence Of(SilenceProposal proposal) =>
        Of(proposal.Id, proposal.MatcherSets, proposal.StartsAt, proposal.EndsAt, proposal.CreatedBy, proposal.Comment, proposal.Annotations);

    public static Silence From(Wire.Silence wire) => new()
    {
        Id = wire.Id,
        MatcherSets = [.. wire.Sets.Select(set => new MatcherSet(set.Matchers_.Select(m => new AlertMatcher((MatchOperator)m.Op, m.Name, m.Value))))],
        StartsAt = WireTime.From(wire.StartsAt),
        EndsAt = WireTime.From(wire.EndsAt),
        UpdatedAt = WireTime.From(wire.UpdatedAt),
        CreatedBy = wire.CreatedBy,
        Comment = wire.Comment,
        Annotations = Annotations(wire),
    };

    public static SilenceProposal ProposalFrom(Wire.Silence wire) => new()
    {
        Id = wire.Id,
        MatcherSets = [.. wire.Sets.Select(set => (IReadOnlyList<ProposedMatcher>)[.. set.Matchers_.Select(m => new ProposedMatcher(m.Name, (MatchOperator)m.Op, m.Value))])],
        StartsAt = wire.HasStartsAt ? WireTime.From(wire.StartsAt) : null,
        EndsAt = wire.HasEndsAt ? WireTime.From(wire.EndsAt) : null,
        CreatedBy = wire.CreatedBy,
        Comment = wire.Comment,
        Annotations = Annotations(wire),
    };

    private static Wire.Silence Of(
        string id, IEnumerable<IEnumerable<ProposedMatcher>> sets, DateTimeOffset? startsAt, DateTimeOffset? endsAt, string createdBy, string comment, LabelSet annotations)
    {
        var wire = new Wire.Silence { Id = id, CreatedBy = createdBy, Comment = comment };
        foreach (var set in sets)
        {
            var matchers = new Wire.Matchers();
            foreach (var matcher in set)
                matchers.Matchers_.Add(new Wire.Matcher { Op = (int)matcher.Operator, Name = matcher.Name, Value = matcher.Value });
            wire.Sets.Add(matchers);
        }
        if (startsAt is { } start)
            wire.StartsAt = WireTime.Of(start);
        if (endsAt is { } end)
            wire.EndsAt = WireTime.Of(end);
        foreach (var label in annotations)
            wire.Annotations.Add([label.Name, label.Value]);
        return wire;
    }

    private static LabelSet Annotations(Wire.Silence wire)
    {
        var labels = new Label[wire.Annotations.Count / 2];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = new Label(wire.Annotations[2 * i], wire.Annotations[(2 * i) + 1]);
        return LabelSet.FromSortedUnchecked(labels);
    }
}

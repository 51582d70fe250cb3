using System.Runtime.Serialization;
using ActorMon.Alerting.Silences.Recurring;
using ActorMon.Alerting.Times;
using Wire = ActorMon.Protocol.Serialization.AlertingWire;

namespace ActorMon.Protocol.Alerting;

/// <summary>Recurring silences as protobuf.</summary>
internal static class RecurringWire
{
    public static Wire.RecurringSilence Of(RecurringSilence silence)
    {
        var schedule = silence.Schedule;
        var wire = Of(silence.Id, schedule.Rule.Text, schedule.Start, schedule.Duration, silence.TimeZone, schedule.Except, silence.CreatedBy, silence.Comment);
        wire.Sets.Add(MatcherWire.Of(silence.MatcherSets));
        wire.UpdatedAt = WireTime.Of(silence.UpdatedAt);
        return wire;
    }

    public static Wire.RecurringSilence Of(RecurringProposal proposal)
    {
        var wire = Of(proposal.Id, proposal.Rule, proposal.Start, proposal.Duration, proposal.TimeZone, proposal.Except, proposal.CreatedBy, proposal.Comment);
        wire.Sets.Add(MatcherWire.Of(proposal.MatcherSets));
        return wire;
    }

    /// <exception cref="SerializationException">The machine does not know its time zone, or the rule is of a newer version.</exception>
    public static RecurringSilence From(Wire.RecurringSilence wire)
    {
        var (rule, error) = RecurrenceRuleParser.Parse(wire.Rule);
        var (zone, unknown) = TimeIntervalParser.Location(wire.Zone);
        if (rule is null || zone is null)
            throw new SerializationException($"recurring silence {wire.Id} cannot be read here: {error ?? unknown}");
        return new RecurringSilence
        {
            Id = wire.Id,
            MatcherSets = MatcherWire.SetsFrom(wire.Sets),
            Schedule = new RecurringSchedule(Start(wire), TimeSpan.FromTicks(wire.Duration), zone, rule, wire.Except.Select(DateOnly.FromDayNumber).ToHashSet()),
            TimeZone = wire.Zone,
            UpdatedAt = WireTime.From(wire.UpdatedAt),
            CreatedBy = wire.CreatedBy,
            Comment = wire.Comment,
        };
    }

    public static RecurringProposal ProposalFrom(Wire.RecurringSilence wire) => new()
    {
        Id = wire.Id,
        MatcherSets = MatcherWire.ProposedFrom(wire.Sets),
        Rule = wire.Rule,
        Start = Start(wire),
        Duration = TimeSpan.FromTicks(wire.Duration),
        TimeZone = wire.Zone,
        Except = [.. wire.Except.Select(DateOnly.FromDayNumber)],
        CreatedBy = wire.CreatedBy,
        Comment = wire.Comment,
    };

    private static DateTime Start(Wire.RecurringSilence wire) => DateTime.SpecifyKind(DateTime.UnixEpoch.AddTicks(wire.Start), DateTimeKind.Unspecified);

    private static Wire.RecurringSilence Of(
        string id, string rule, DateTime start, TimeSpan duration, string zone, IEnumerable<DateOnly> except, string createdBy, string comment)
    {
        var wire = new Wire.RecurringSilence
        {
            Id = id,
            Rule = rule,
            Start = start.Ticks - DateTime.UnixEpoch.Ticks,
            Duration = duration.Ticks,
            Zone = zone,
            CreatedBy = createdBy,
            Comment = comment,
        };
        wire.Except.Add(except.Select(day => day.DayNumber).Order());
        return wire;
    }
}

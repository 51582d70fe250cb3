using System.Runtime.Serialization;
using ActorMon.Alerting.Acknowledgements;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Silences.Recurring;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Protocol.Alerting;
using ActorMon.Protocol.Serialization;
using static ActorMon.Protocol.Alerting.AlertingProtocol;

namespace ActorMon.Protocol.Tests.Alerting;

/// <summary>Silences, those that recur and acknowledgements as they are written and told.</summary>
public sealed class SilenceJournalTests
{
    private static readonly DateTimeOffset At = new(2024, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private static readonly SilenceProposal Posted = new()
    {
        MatcherSets = [[new ProposedMatcher("a", MatchOperator.Equal, "b")]],
        StartsAt = At,
        EndsAt = At.AddHours(1),
        CreatedBy = "me",
        Comment = "why",
        UntilResolved = true,
    };

    private static readonly RecurringProposal Recurring = new()
    {
        Id = "r",
        MatcherSets = Posted.MatcherSets,
        Rule = "FREQ=WEEKLY;BYDAY=SA",
        Start = new DateTime(2024, 5, 4, 22, 0, 0),
        Duration = TimeSpan.FromHours(2),
        TimeZone = "Europe/Berlin",
        Except = [new DateOnly(2024, 12, 28)],
        CreatedBy = "me",
        Comment = "night",
    };

    private static readonly Acknowledgement Acknowledged = new(LabelSet.Of("alertname", "A"), "ann", "on it", At) { Until = At.AddHours(2) };

    private static readonly Silence Silence =
        new SilenceBook(new SilenceLimits(), MatcherSyntax.Fallback).DecideSet(Posted, At, "s").Store[0] with { HasMatched = true };

    private static readonly SilenceChange Change = new([Silence], [])
    {
        Recurring = [Recurring.Check("r", MatcherSyntax.Fallback, At).Silence!],
        RecurringRemoved = ["q"],
        Acknowledged = [Acknowledged],
        Released = [LabelSet.Of("alertname", "B")],
    };

    private static readonly object[] Messages =
    [
        new ChangeSilence(1, SilenceAction.SetRecurring, new SilenceProposal { Id = "r", MatcherSets = [] }) { Recurring = Recurring },
        new ChangeSilence(2, SilenceAction.Acknowledge, new SilenceProposal { MatcherSets = [] }) { Acknowledgement = Acknowledged },
        new FindMatches(3, 4, [Silence], [Acknowledged]), new MatchesFound(3, 4, ["s"], [0]), new SilencesChanged(6, 8, true, Change),
    ];

    /// <summary>Extend only: these bytes never change.</summary>
    [Fact]
    public void What_is_written_and_told_has_its_bytes()
    {
        var serializer = new AlertingSerializer(null!);
        var record = SilenceJournal.RecordOf(Change);
        string[] bytesOfAll = [record.Manifest + " " + Convert.ToHexString(record.Payload), .. Messages.Select(m => serializer.Manifest(m) + " " + Convert.ToHexString(serializer.ToBinary(m)))];
        Assert.Equal(SilenceGolden.Bytes, bytesOfAll);
        foreach (var message in Messages)
        {
            var bytes = serializer.ToBinary(message);
            Assert.Equal(bytes, serializer.ToBinary(serializer.FromBinary(bytes, serializer.Manifest(message))));
        }
    }

    [Fact]
    public void A_state_brings_back_the_whole_register_with_the_versions_of_its_silences()
    {
        var (register, back) = (new SilenceRegister(new SilenceLimits(), MatcherSyntax.Fallback), new SilenceRegister(new SilenceLimits(), MatcherSyntax.Fallback));
        Change.ApplyTo(register);
        new SilenceChange([Silence with { Comment = "other", UpdatedAt = At.AddMinutes(1) }], []).ApplyTo(register);
        SilenceJournal.ChangeOf(SilenceJournal.StateOf(register)).ApplyTo(back);
        Assert.Equal(["why", "other"], back.Silences.Versions("s").Select(silence => silence.Comment));
        Assert.True(back.Silences.Get("s") is { UntilResolved: true, HasMatched: true });
        Assert.Equal(Acknowledged, Assert.Single(back.Acknowledged.All));
        var recurring = Assert.Single(back.Recurring.All);
        Assert.Equal(Change.Recurring[0].Next(At), recurring.Next(At));
        Assert.Equal(("Europe/Berlin", "night", new DateOnly(2024, 12, 28)), (recurring.TimeZone, recurring.Comment, Assert.Single(recurring.Schedule.Except)));
        new SilenceChange([], []) { RecurringRemoved = ["r"], Released = [Acknowledged.Labels] }.ApplyTo(back);
        Assert.Empty(back.Recurring.All);
        Assert.Empty(back.Acknowledged.All);
    }

    [Fact]
    public void A_time_zone_that_the_machine_does_not_know_is_not_taken_for_another()
    {
        var known = Change.Recurring[0];
        var record = SilenceJournal.RecordOf(SilenceChange.None with { Recurring = [known with { TimeZone = "Mars/Olympus" }] });
        Assert.Contains("unknown time zone Mars/Olympus", Assert.Throws<SerializationException>(() => SilenceJournal.ChangeOf(record)).Message, StringComparison.Ordinal);
    }
}

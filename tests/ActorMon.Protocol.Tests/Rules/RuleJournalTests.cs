using System.Runtime.Serialization;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Protocol.Journal;
using ActorMon.Protocol.Rules;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Memory;

namespace ActorMon.Protocol.Tests.Rules;

/// <summary>What rule groups keep in their journals.</summary>
public sealed class RuleJournalTests
{
    private static readonly RuleKey Rule = new("R", LabelSet.Of("sev", "x"), 0);
    private static readonly LabelSet Labels = LabelSet.Of("alertname", "R");
    private static readonly LabelSet Annotations = LabelSet.FromSortedUnchecked([new Label("t", "")]);
    private static readonly AlertEvent Fired = new(AlertChange.Firing, Labels, new TimestampMs(1000), 1.5) { ActiveAt = new TimestampMs(500), Annotations = Annotations };

    private static readonly GroupTransitions Transitions = new(new TimestampMs(1000), "n", [new RuleTransition(Rule, Fired)]);

    private static readonly GroupSnapshot Snapshot = new(
        new TimestampMs(1000),
        [
            new RuleAlerts(Rule, [new Alert(Labels, AlertState.Firing, new TimestampMs(500))
            {
                Annotations = Annotations,
                Value = 1.5,
                FiredAt = new TimestampMs(1000),
                KeepFiringSince = new TimestampMs(2000),
            }]),
        ],
        [new HistoryEntry(Fired, "R", "n")]);

    /// <summary>Extend only: these bytes never change.</summary>
    [Fact]
    public void Records_have_their_bytes()
    {
        Assert.Equal("08D00F12016E1A1B0A01520A037365760A01780A09616C6572746E616D650A01740A00220612040A0201022A1D10021A040A02030020D00F29000000000000F83F30E8073A040A020405", Convert.ToHexString(RuleJournal.RecordOf(Transitions).Payload));
        Assert.Equal("08D00F121E0A01520A037365760A01780A09616C6572746E616D650A01740A000A016E1A0612040A020102222012040A020300180320E8072A040A02040531000000000000F83F38D00F48A01F2A2110061A1D10021A040A02030020D00F29000000000000F83F30E8073A040A020405", Convert.ToHexString(RuleJournal.RecordOf(Snapshot).Payload));
    }

    [Fact]
    public void A_state_comes_back_whole_and_what_follows_it_is_applied()
    {
        var memory = new GroupMemory(new HistorySettings(TimeSpan.FromDays(1), 10));
        RuleJournal.Apply(memory, RuleJournal.RecordOf(Snapshot));
        RuleJournal.Apply(memory, RuleJournal.RecordOf(new GroupTransitions(
            new TimestampMs(3000), "m", [new RuleTransition(Rule, new AlertEvent(AlertChange.Resolved, Labels, new TimestampMs(3000), 1.5) { ActiveAt = new TimestampMs(500) })])));
        Assert.Equal(new TimestampMs(3000), memory.At);
        Assert.Equal([("n", AlertChange.Firing), ("m", AlertChange.Resolved)], memory.History.Snapshot().Select(e => (e.Node, e.Event.Change)));
        Assert.Equal(Annotations.ToArray(), memory.History.Snapshot()[0].Event.Annotations.ToArray());
    }

    [Fact]
    public void What_a_newer_version_wrote_or_is_damaged_is_refused()
    {
        var memory = new GroupMemory(new HistorySettings(TimeSpan.FromDays(1), 10));
        Assert.Throws<SerializationException>(() => RuleJournal.Apply(memory, new JournalRecord("rlxx", [])));
        Assert.Throws<SerializationException>(() => RuleJournal.Apply(memory, new JournalRecord("rltr", [0x2a, 0x02, 0x08, 0x07])));
    }
}

using System.Runtime.Serialization;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Groups;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Shards;
using ActorMon.Alerting.Silences;
using ActorMon.Model.Labels;
using ActorMon.Protocol.Alerting;
using ActorMon.Protocol.Journal;
using ActorMon.Protocol.Serialization;
using Akka.Actor;
using static ActorMon.Protocol.Alerting.AlertingProtocol;

namespace ActorMon.Protocol.Tests.Alerting;

/// <summary>What the Alertmanager keeps in its journals and tells between nodes.</summary>
public sealed class ShardJournalTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch.AddSeconds(1000);
    private static readonly LabelSet Labels = LabelSet.Of("alertname", "A");

    private static readonly Alert Alert = new()
    {
        Labels = Labels,
        Annotations = LabelSet.FromSortedUnchecked([new Label("t", "")]),
        StartsAt = At,
        EndsAt = At.AddSeconds(5),
        UpdatedAt = At,
        EndsByTimeout = true,
        GeneratorUrl = "g",
    };

    private static readonly SendKey Key = new("{}:{}", "team", "webhook", 1);
    private static readonly NotificationLogEntry Entry = new(At, new HashSet<ulong> { 2, 1 }, new HashSet<ulong> { 3 }) { ReceiverData = "d" };

    private static readonly SendIntent Intent = new()
    {
        Key = Key,
        RouteId = "{}",
        GroupLabels = Labels,
        Reason = NotificationReason.RepeatInterval,
        Entry = Entry,
        SendResolved = true,
        Expires = At.AddHours(1),
        IdempotencyKey = "k",
    };

    private static readonly Silence Silence = new()
    {
        Id = "s",
        MatcherSets = [new MatcherSet(MatcherParser.ParseList("a=\"b\",c=~\"d|e\"").Matchers), new MatcherSet(MatcherParser.ParseList("x!=y").Matchers)],
        StartsAt = At,
        EndsAt = At.AddHours(1),
        UpdatedAt = At.AddSeconds(1),
        CreatedBy = "me",
        Comment = "why",
        Annotations = LabelSet.Of("a", "b"),
    };

    private static readonly SilenceProposal Proposal = new() { MatcherSets = [[new ProposedMatcher("a", Model.Matchers.MatchOperator.Equal, "b")]], EndsAt = At, Comment = "c" };

    private static readonly ShardEvent[] Events =
    [
        new AlertsTaken(At, [Alert]), new SendBegun(At, Intent), new SendLogged(At, Key, new LoggedSend(Entry, At.AddHours(1))), new SendFailed(At, Key, "e"),
        new AlertsLeft(At, new GroupKey("{}", Labels), [Labels]), new ShardSnapshot(At, [Alert], [KeyValuePair.Create(Key, new LoggedSend(Entry, At.AddHours(1)))], [Intent]),
    ];

    private static readonly object[] Messages =
    [
        new TakeAlerts(3, 4, 5, [Alert]), new AlertsAccepted(3, 5), new WatchShard(3, 4, 6, 7), new ShardSources(3, 4, 6, 8, true, [Alert]), new WatchSilences(6, 7),
        new SilencesChanged(6, 8, false, new SilenceChange([Silence], ["r"])), new ChangeSilence(5, SilenceAction.Set, Proposal),
        new SilenceChanged(5, new SilenceDecision("s", [Silence])), new SilenceChanged(5, new SilenceDecision("", [], SilenceRefusal.NotFound, "no")),
    ];

    /// <summary>Extend only: these bytes never change.</summary>
    [Fact]
    public void Records_have_their_bytes()
    {
        string[] bytes = [.. Events.Select(ShardJournal.RecordOf).Append(SilenceJournal.RecordOf(new SilenceChange([Silence], ["r"]))).Select(r => r.Manifest + " " + Convert.ToHexString(r.Payload))];
        Assert.Equal(Golden.Records, bytes);
    }

    /// <summary>Old and new nodes are in one cluster while it is updated.</summary>
    [Fact]
    public void Messages_have_their_bytes()
    {
        var serializer = new AlertingSerializer(null!);
        Assert.Equal(Golden.Messages, Messages.Select(m => serializer.Manifest(m) + " " + Convert.ToHexString(serializer.ToBinary(m))));
    }

    [Fact]
    public void Every_record_and_message_comes_back_as_it_was()
    {
        foreach (var happened in Events)
        {
            var record = ShardJournal.RecordOf(happened);
            Assert.Equal(Convert.ToHexString(record.Payload), Convert.ToHexString(ShardJournal.RecordOf(ShardJournal.EventOf(record)).Payload));
        }
        Assert.Equal(Alert, Assert.Single(((AlertsTaken)ShardJournal.EventOf(ShardJournal.RecordOf(Events[0]))).Alerts));
        var book = new SilenceBook(new SilenceLimits(), MatcherSyntax.Fallback);
        foreach (var silence in SilenceJournal.ChangeOf(SilenceJournal.RecordOf(new SilenceChange([Silence], []))).Stored)
            book.Apply(silence);
        Assert.Equal(Silence.MatcherSets, Assert.Single(book.All).MatcherSets);
        Assert.Equal(Silence with { MatcherSets = [] }, Assert.Single(book.All) with { MatcherSets = [] });
        var serializer = new AlertingSerializer(null!);
        foreach (var message in Messages)
        {
            var bytes = serializer.ToBinary(message);
            Assert.Equal(bytes, serializer.ToBinary(serializer.FromBinary(bytes, serializer.Manifest(message))));
        }
    }

    [Fact]
    public void What_a_newer_version_wrote_or_is_damaged_is_refused()
    {
        Assert.Throws<SerializationException>(() => ShardJournal.EventOf(new JournalRecord("alxx", [])));
        Assert.Throws<SerializationException>(() => ShardJournal.EventOf(new JournalRecord("alta", [0x1a, 0x04, 0x0a, 0x02, 0x0a, 0x00])));
        Assert.Throws<SerializationException>(() => ShardJournal.EventOf(new JournalRecord("albe", [])));
        Assert.Throws<SerializationException>(() => SilenceJournal.ChangeOf(new JournalRecord("sixx", [])));
        Assert.Throws<SerializationException>(() => new AlertingSerializer(null!).FromBinary([], "zz"));
    }
}
